"""`declarant law`."""

import typer

app = typer.Typer(help="What the law says, with citations and status.", no_args_is_help=True)


@app.command("list")
def list_regimes() -> None:
    """List the regimes."""
