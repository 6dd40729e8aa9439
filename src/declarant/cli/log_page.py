"""What `declarant log` shows: pieces, totals, closed form, utilisation and findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from rich.console import Console

from declarant.cli import output
from declarant.compute.architecture import Estimate
from declarant.compute.ledger import Purpose
from declarant.compute.readers import Given
from declarant.compute.recorded import Utilisation, closed_form, training, utilisations
from declarant.compute.recording import Piece, Recording, added
from declarant.problems import Finding
from declarant.quantities import Interval, show_interval, show_operations, show_rate

Column = Callable[[Piece], Interval | None]
_COLUMNS: tuple[tuple[str, Column], ...] = (
    ("model_operations", lambda piece: piece.model_operations),
    ("executed_operations", lambda piece: piece.executed_operations),
    ("tokens", lambda piece: piece.tokens),
    ("samples", lambda piece: piece.samples),
    ("device_seconds", lambda piece: piece.device_seconds),
    ("capacity", lambda piece: piece.capacity),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A recording with what follows from it."""

    recording: Recording
    totals: dict[str, dict[str, Interval | None]]
    closed: Estimate | None
    utilisation: tuple[Utilisation, ...]
    utilisation_of: str
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, recording: Recording, given: Given) -> Shown:
        """Work out what a recording comes to."""
        kept = training(recording)
        lost = tuple(piece for piece in recording.pieces if piece.is_lost)
        apart = tuple(p for p in recording.pieces if p.purpose is Purpose.EVALUATION)
        groups = {"kept": kept, "lost": lost, "kept_and_lost": (*kept, *lost), "evaluation": apart}
        totals = {
            name: {column: added(map(amount, pieces)) for column, amount in _COLUMNS}
            for name, pieces in groups.items()
            if pieces and (name != "kept_and_lost" or lost)
        }
        closed, noted = closed_form(recording, given)
        operations, source = totals.get("kept", {}).get("model_operations"), "the log's figure"
        if closed is not None:
            operations, source = closed.model_operations, "the closed form"
        used, checked = utilisations(recording, given, operations)
        findings = dict.fromkeys((*checked, *recording.all_findings, *noted))
        return cls(recording, totals, closed, used, source, tuple(findings))

    def as_json(self) -> dict[str, Any]:
        """Return the document for machines; amounts as whole numbers in text."""
        recording = self.recording
        return {
            "format": recording.format,
            "version": recording.version,
            "method": recording.method.value,
            "number_format": recording.number_format,
            "pieces": [_piece_json(piece) for piece in recording.pieces],
            "totals": {
                name: {column: _amount(amount) for column, amount in columns.items()}
                for name, columns in self.totals.items()
            },
            "closed_form": None if self.closed is None else _closed_json(self.closed),
            "utilisation": [
                {
                    "number_format": item.number_format,
                    "in_use": item.in_use,
                    "of": self.utilisation_of,
                    "low": _share(item.ratio.low),
                    "best": _share(item.ratio.best),
                    "high": _share(item.ratio.high),
                    "capacity": item.capacity.as_json(),
                }
                for item in self.utilisation
            ],
            "facts": dict(recording.facts),
            "evidence": [{"path": item.path, "sha256": item.sha256} for item in recording.evidence],
            "findings": [finding.as_json() for finding in self.findings],
        }


def show(shown: Shown) -> None:
    """Print what a log recorded, for people."""
    page = output.console()
    recording = shown.recording
    format = recording.number_format
    page.print(
        f"[bold]{output.plain(recording.format)}[/], {len(recording.evidence)} "
        f"{'file' if len(recording.evidence) == 1 else 'files'}; number format "
        f"{output.plain(format or 'not known')}\n"
    )
    _show_pieces(page, recording)
    _show_totals(page, shown)
    if shown.closed is not None:
        _show_closed(page, shown.closed)
    if shown.utilisation:
        _show_utilisation(page, shown)
    output.show_findings(shown.findings)


def _show_pieces(page: Console, recording: Recording) -> None:
    """Print the table of pieces, without columns of which the log knows nothing."""
    pieces = recording.pieces
    columns: dict[str, list[str]] = {
        "piece": [output.plain(_named(piece)) for piece in pieces],
        "run": [output.plain(piece.run) for piece in pieces],
        "steps": ["" if piece.steps is None else f"{piece.steps:,}" for piece in pieces],
        "samples": [_count(piece.samples, "") for piece in pieces],
        "tokens": [_count(piece.tokens, "") for piece in pieces],
        "from": [_moment(piece.start) for piece in pieces],
        "to": [_moment(piece.end) for piece in pieces],
        "devices": ["" if piece.devices is None else f"{piece.devices:,}" for piece in pieces],
        "device hours": [_hours(piece.device_seconds, "") for piece in pieces],
        "model operations": [_operations(piece.model_operations, "") for piece in pieces],
        "executed": [_operations(piece.executed_operations, "") for piece in pieces],
    }
    known = [name for name, cells in columns.items() if any(cells)]
    right = [name for name in known if name in ("steps", "samples", "tokens", "devices")]
    rows = zip(*(columns[name] for name in known), strict=True)
    output.show_table(page, "Recorded", known, rows, right=[*right, "device hours"])


_TITLES = {
    "kept": "without lost steps",
    "lost": "lost steps",
    "kept_and_lost": "with lost steps",
    "evaluation": "evaluation",
}


def _show_totals(page: Console, shown: Shown) -> None:
    output.show_table(
        page,
        "Totals",
        ["", "model operations", "executed operations", "tokens", "device hours", "at dense peak"],
        [
            (
                _TITLES[name],
                _operations(amounts["model_operations"]),
                _operations(amounts["executed_operations"]),
                _count(amounts["tokens"]),
                _hours(amounts["device_seconds"]),
                _operations(amounts["capacity"]),
            )
            for name, amounts in shown.totals.items()
        ],
        right=["tokens", "device hours"],
    )


def _show_closed(page: Console, closed: Estimate) -> None:
    output.show_table(
        page,
        "Closed form over the kept tokens",
        ["model operations", "executed operations", "short form, 6 N D"],
        [
            (
                show_interval(closed.model_operations, 4),
                show_interval(closed.executed_operations, 4),
                show_operations(closed.short_form, 4),
            )
        ],
    )


def _show_utilisation(page: Console, shown: Shown) -> None:
    seconds = shown.totals["kept"]["device_seconds"]
    output.show_table(
        page,
        f"Model utilisation, by {shown.utilisation_of}",
        ["number format", "dense peak of a device", "utilisation", ""],
        [
            (
                item.number_format,
                _rate(item.capacity, seconds),
                _percent(item.ratio),
                {True: "in use", False: "for comparison", None: "format not known"}[item.in_use],
            )
            for item in shown.utilisation
        ],
    )


def _rate(capacity: Interval, seconds: Interval | None) -> str:
    if seconds is None or not seconds.low or capacity.best is None:
        return "between several"
    return show_rate(capacity.best / seconds.low, 4)


def _named(piece: Piece) -> str:
    if piece.purpose is None or piece.purpose.value.startswith(piece.id.partition("-")[0]):
        return piece.id
    return f"{piece.id} ({piece.purpose.value.replace('_', ' ')})"


def _percent(ratio: Interval) -> str:
    bounds = f"{float(ratio.low):.1%}"
    if ratio.high is not None and f"{float(ratio.high):.1%}" == bounds:
        return bounds
    bounds += " or more" if ratio.high is None else f" to {float(ratio.high):.1%}"
    return bounds if ratio.best is None else f"{float(ratio.best):.1%} ({bounds})"


def _operations(amount: Interval | None, unknown: str = "not known") -> str:
    return unknown if amount is None else _shown(amount)


def _shown(amount: Interval) -> str:
    """Show an interval; its best value alone, where no bound is further off than 0.1 %."""
    best, high = amount.best, amount.high
    if best and high is not None and max(high - best, best - amount.low) * 1000 <= best:
        return show_operations(best, 4)
    return show_interval(amount, 4)


def _count(amount: Interval | None, unknown: str = "not known") -> str:
    if amount is None:
        return unknown
    if amount.is_exact and amount.low < 10**12:
        return f"{round(amount.low):,}"
    return _shown(amount)


def _hours(seconds: Interval | None, unknown: str = "not known") -> str:
    if seconds is None:
        return unknown
    hours = f"{float(seconds.low if seconds.best is None else seconds.best) / 3600:,.1f}"
    return f"at least {hours}" if seconds.high is None else hours


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def _share(ratio: Fraction | None) -> str | None:
    return None if ratio is None else f"{float(ratio):.6f}"


def _amount(amount: Interval | None) -> dict[str, str | None] | None:
    return None if amount is None else amount.as_json()


def _closed_json(closed: Estimate) -> dict[str, Any]:
    return {
        "model_operations": closed.model_operations.as_json(),
        "executed_operations": closed.executed_operations.as_json(),
        "short_form": str(closed.short_form),
        "sequence_length": closed.sequence_length,
        "formula": closed.formula,
        "formula_version": closed.formula_version,
    }


def _piece_json(piece: Piece) -> dict[str, Any]:
    return {
        "id": piece.id,
        "purpose": piece.purpose.value if piece.purpose else None,
        "is_lost": piece.is_lost,
        "run": piece.run,
        "start": piece.start.isoformat() if piece.start else None,
        "end": piece.end.isoformat() if piece.end else None,
        "steps": piece.steps,
        "samples": _amount(piece.samples),
        "tokens": _amount(piece.tokens),
        "model_operations": _amount(piece.model_operations),
        "executed_operations": _amount(piece.executed_operations),
        "device": piece.device,
        "devices": piece.devices,
        "device_seconds": _amount(piece.device_seconds),
        "capacity": _amount(piece.capacity),
        "formula": piece.formula,
        "includes": piece.includes,
    }
