"""How verdicts look on a screen: by word first, colour beside it."""

SHOWN = {
    "reportable": "[bold red]REPORTABLE[/]",
    "not_reportable": "[green]not reportable[/]",
    "undetermined": "[yellow]UNDETERMINED[/]",
}
