"""`declarant assess`: what must be reported, under which reading, why, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from declarant.cli.arguments import (
    OUTSIDE_THE_LAW,
    REPORTING_RULE,
    AsOfOption,
    JsonOption,
    LawAsOfOption,
    RegimeOption,
    RegisterArgument,
    given_to,
    read_day,
    today,
)
from declarant.cli.verdicts import SHOWN

if TYPE_CHECKING:
    from rich.console import Console

    from declarant.determination import ActivityVerdict, Determination, Reason

_COVERED = {
    True: "{} is covered",
    False: "{} is not covered",
    None: "It is not known whether {} is covered",
}


def assess(
    register: RegisterArgument,
    regime: RegimeOption = REPORTING_RULE,
    as_of: AsOfOption = None,
    law_as_of: LawAsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide which activities are reportable, under every reading, and work out every clock."""
    from declarant.cli import output
    from declarant.determination import determine
    from declarant.law import load_regime
    from declarant.register import load_register

    with given_to("--regime"):
        law = load_regime(regime)
    day = read_day(as_of, "--as-of") or today()
    law_day = read_day(law_as_of, "--law-as-of")
    with output.progress("Reading evidence") as advance:
        facts = load_register(register, advance=advance)
    asked = "--law-as-of" if law_day else "--as-of"
    with given_to(asked, OUTSIDE_THE_LAW), output.progress("Assessing") as advance:
        determination = determine(facts, law, day, law_as_of=law_day, advance=advance)
    if as_json:
        output.print_json(determination.as_json())
        return
    page = output.console()
    state, _, history = determination.status.partition(": ")
    page.print(f"[bold]{output.plain(law.short_title.en)}[/]: [bold yellow]{state}[/]")
    page.print(f"[dim]{output.plain(history)}[/]\n")
    person = output.plain(facts.person.name)
    page.print(
        f"{_COVERED[determination.coverage.covered].format(person)}; "
        f"as of {determination.as_of}, with the law of {determination.law_as_of}."
    )
    for reason in determination.coverage.why:
        _show_reason(page, reason)
    page.print()
    _show_overview(page, determination)
    for activity in determination.activities:
        _show_activity(page, activity, determination.coverage.why)
    _show_clocks(page, determination)
    output.show_findings(determination.findings)
    page.print("[dim]Computed readings of the text; not legal advice.[/]")


def _show_overview(page: Console, determination: Determination) -> None:
    from declarant.cli import output
    from declarant.quantities import show_interval, show_operations

    unit = {"training_run": "", "cluster": "/s"}
    page.print(
        output.table(
            "Activities, under the cautious default reading",
            ["activity", "when", "amount", "limit", "verdict"],
            [
                (
                    f"{output.plain(item.name)} ({item.activity.replace('_', ' ')})",
                    item.when,
                    show_interval(item.amount) + unit[item.kind],
                    f"> {show_operations(item.limit)}{unit[item.kind]}",
                    SHOWN[item.verdict.value],
                )
                for item in determination.activities
            ],
            whole=["verdict", "when", "limit"],
        )
    )


def _show_activity(page: Console, activity: ActivityVerdict, told: tuple[Reason, ...]) -> None:
    """Show an activity with its reasons, but for those about the person that were told before."""
    from declarant.cli import output

    page.print(f"\n[bold]{output.plain(activity.name)}[/]: {SHOWN[activity.verdict.value]}")
    for reason in activity.why:
        if reason not in told:
            _show_reason(page, reason)
    if activity.flips:
        page.print("  What would change the verdict:")
        for flip in activity.flips:
            shown = output.plain(flip.text or flip.what)
            page.print(f"  - {shown} -> {SHOWN[flip.to.value]}")
    elif len(activity.readings) > 1:
        page.print("  No reading, and no combination of readings, changes the verdict.")
    output.show_findings(activity.findings)


def _show_reason(page: Console, reason: Reason) -> None:
    from declarant.cli import output

    cited = f" [dim]{output.plain(reason.citation)}[/]" if reason.citation else ""
    page.print(f"  - {output.plain(reason.text)}{cited}")


def _show_clocks(page: Console, determination: Determination) -> None:
    from declarant.cli import output

    if not determination.clocks:
        page.print("\nNo clock is running.")
        return
    page.print()
    page.print(
        output.table(
            "Clocks",
            ["due", "duty", "about", "with roll-over"],
            [
                (
                    f"[bold red]{clock.due} OVERDUE[/]" if clock.overdue else clock.due,
                    output.plain(clock.duty),
                    output.plain(clock.about),
                    ", ".join(day for _, day in clock.under_other_readings),
                )
                for clock in determination.clocks
            ],
        )
    )
    for clock in determination.clocks:
        if clock.duty == "affirmation":  # worked out like the notification of its quarter
            continue
        page.print(f"  {clock.due} {output.plain(clock.duty)}, worked out:")
        for step in clock.worked_out:
            page.print(f"    - {output.plain(step)}")
