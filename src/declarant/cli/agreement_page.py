"""The methods for each part of a run, side by side, for `declarant count`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from declarant.cli import output

if TYPE_CHECKING:
    from rich.console import Console

    from declarant.compute.reconcile import Agreement, Comparison, Figure
    from declarant.quantities import Interval

_STANDING = {
    True: "[green]agree[/]",
    False: "[bold red]disagree[/]",
    None: "nothing to compare",
}
_MOST_REASONS = 6


def show_agreements(page: Console, agreements: Sequence[Agreement]) -> None:
    """Show every part that more than one method counts; the rest has nothing to set against."""
    several = [item for item in agreements if len(item.figures) > 1]
    if not several:
        return
    output.show_table(
        page,
        "Methods side by side",
        ["part", "method", "model operations", "executed operations", "includes"],
        [row for item in several for row in _rows(item)],
        prose=["includes"],
    )
    for item in several:
        part = output.plain(item.part)
        used = item.choice.method.value.replace("_", " ")
        page.print(f"{part}: {_STANDING[item.agree]}; totals use {used}: {item.choice.why}.")
        for apart in item.disagreements:
            page.print(f"  - {_disagreement(apart)}")
        if item.reasons:
            page.print("  It may be because:")
        for reason in item.reasons[:_MOST_REASONS]:
            page.print(f"  - {output.plain(reason)}")
        if len(item.reasons) > _MOST_REASONS:
            page.print(f"  - and {len(item.reasons) - _MOST_REASONS} more, with --json")
    page.print()


def _rows(agreement: Agreement) -> list[tuple[str, ...]]:
    return [
        (
            output.plain(agreement.part) if number == 0 else "",
            _named(figure),
            _shown(figure.model),
            _shown(figure.executed),
            output.plain(figure.includes),
        )
        for number, figure in enumerate(agreement.figures)
    ]


def _named(figure: Figure) -> str:
    return figure.method.value.replace("_", " ") + (" *" if figure.segment.preferred else "")


def _shown(amount: Interval | None) -> str:
    from declarant.quantities import show_interval

    return "not known" if amount is None else show_interval(amount)


def _disagreement(item: Comparison) -> str:
    one, other = (method.value.replace("_", " ") for method in (item.one, item.other))
    times = "" if item.ratio is None else f", {float(item.ratio):.2f} times"
    return (
        f"{item.column} operations: {one} {_shown(item.left)}, {other} {_shown(item.right)}{times}"
    )
