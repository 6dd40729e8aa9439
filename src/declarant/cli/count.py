"""`declarant count`: the ledger, its totals by regime, and what is implausible in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from declarant.cli.arguments import (
    AsOfOption,
    JsonOption,
    PlotOption,
    RegisterArgument,
    given_to,
    read_day,
    today,
)

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from declarant.compute.ledger import Ledger, Segment
    from declarant.compute.reconcile import Agreement
    from declarant.determination.totals import RegimeTotal
    from declarant.register.facts import Facts

DISAGREEMENT = "plausibility.methods_disagree"


def count(
    register: RegisterArgument,
    run: Annotated[str | None, typer.Option("--run", help="Only this training run.")] = None,
    as_of: AsOfOption = None,
    plot: PlotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count the operations of every training run, with method, formula and evidence.

    Several methods for one part are set side by side: whether they agree, why they may not, and
    which figure the totals use.

    Exit status 1 when a figure cannot be true (a plausibility check of severity error).
    """
    from declarant.cli import output
    from declarant.compute.reconcile import reconcile
    from declarant.problems import Severity, bad_input
    from declarant.register import load_register, plausibility_of

    with output.progress("Reading evidence") as advance:
        facts = load_register(register, advance=advance)
    known = [item.id for item in facts.runs]
    if run is not None and run not in known:
        raise bad_input(
            "count.unknown_run",
            f"there is no training run {run!r}.",
            mend=f"Known: {', '.join(known) or 'none'}.",
            field="--run",
        )
    day = read_day(as_of, "--as-of") or today()
    ledger = facts.ledger if run is None else facts.ledger.of_run(run)
    agreements = reconcile(ledger)
    totals = _totals(facts, [run] if run else known, day)
    checks = tuple(
        finding for finding in plausibility_of(facts, day) if run is None or run in str(finding)
    )
    findings = (*facts.findings, *checks)
    if plot is not None:
        _draw(agreements, plot)
    if as_json:
        output.print_json(
            {
                "as_of": day.isoformat(),
                "segments": [segment.as_json() for segment in ledger.segments],
                "agreements": [item.as_json() for item in agreements],
                "totals": [total.as_json() for total in totals],
                "findings": [finding.as_json() for finding in findings],
            }
        )
    else:
        _show(ledger, agreements, totals)
        # the methods side by side have shown these, part by part, with the reasons
        output.show_findings(item for item in findings if item.code != DISAGREEMENT)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)


def _show(ledger: Ledger, agreements: tuple[Agreement, ...], totals: list[RegimeTotal]) -> None:
    from declarant.cli import output
    from declarant.cli.agreement_page import show_agreements

    page = output.console()
    if not totals:
        page.print("The register holds no training runs.")
        return
    _show_ledger(page, ledger)
    page.print("* is the method that totals use; the others count the same work as a check.\n")
    show_agreements(page, agreements)
    _show_totals(page, totals)


def _draw(agreements: tuple[Agreement, ...], file: Path) -> None:
    from declarant.cli.files import write_public
    from declarant.plots.agreement_chart import agreement_chart
    from declarant.plots.render import render
    from declarant.problems import bad_input

    if not agreements:
        raise bad_input(
            "count.nothing_to_draw",
            "the ledger holds no figure to draw.",
            mend="Leave --plot out, or name a register whose runs have parts.",
            field="--plot",
        )
    with given_to("--plot"):
        write_public(file, render(agreement_chart(agreements), file.suffix))


def _totals(facts: Facts, runs: list[str], day: date) -> list[RegimeTotal]:
    from declarant.determination.totals import totals_by_regime
    from declarant.law import load_regime, regime_ids

    regimes = [load_regime(regime) for regime in regime_ids()]
    return [total for total in totals_by_regime(facts, regimes, day) if total.run in runs]


def _show_ledger(page: Console, ledger: Ledger) -> None:
    from declarant.cli import output
    from declarant.quantities import show_interval

    def shown(segment: Segment, column: str) -> str:
        interval = getattr(segment, column)
        return show_interval(interval) if interval else "not known"

    output.show_table(
        page,
        "Ledger",
        ["part", "purpose", "state", "method", "model operations", "executed operations"],
        [
            (
                output.plain(segment.work),
                segment.purpose.value.replace("_", " "),
                segment.share.value,
                segment.method.value.replace("_", " ") + (" *" if segment.preferred else ""),
                shown(segment, "model_operations"),
                shown(segment, "executed_operations"),
            )
            for segment in ledger.segments
        ],
    )


def _show_totals(page: Console, totals: list[RegimeTotal]) -> None:
    from declarant.cli import output
    from declarant.quantities import show_interval, show_operations

    output.show_table(
        page,
        "Totals by regime, under the cautious reading",
        ["run", "law", "counted operations", "limit", "compared", "status of the law"],
        [
            (
                output.plain(total.run),
                f"{total.regime} ({total.activity.replace('_', ' ')})",
                show_interval(total.amount),
                f"> {show_operations(total.limit)}",
                total.comparison.value,
                total.status,
            )
            for total in totals
        ],
        prose=["law", "status of the law"],
    )
