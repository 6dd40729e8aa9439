"""Parts of a run counted from what machines recorded: tokens of logs, counters, chip time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from declarant.compute.chip_time import FORMULA_VERSION as CHIP_TIME_VERSION
from declarant.compute.ledger import Purpose
from declarant.compute.recording import Piece, Recording, added
from declarant.hardware import match_device
from declarant.problems import Finding, Severity, bad_input
from declarant.quantities import Interval, show_interval, show_rate
from declarant.register.methods import Counted, peak_in_format

FORWARD_ONLY = Fraction(1, 3)
"""Of training's operations: an evaluation takes no gradients."""
_MOST_FORMULAS = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces of one purpose: None is the part's own work, else what the files tell apart."""

    purpose: Purpose | None
    pieces: tuple[Piece, ...]

    @property
    def suffix(self) -> str:
        """What the id of the piece of work ends with; the part's own work has none."""
        return "" if self.purpose is None else f"+{self.purpose.value}"


def stretches(recording: Recording) -> Iterator[Stretch]:
    """Yield the pieces of a recording by purpose, the part's own work first."""
    purposes = dict.fromkeys((None, *(piece.purpose for piece in recording.pieces)))
    for purpose in purposes:
        pieces = tuple(piece for piece in recording.pieces if piece.purpose is purpose)
        if pieces:
            yield Stretch(purpose, pieces)


def from_tokens(stretch: Stretch, count: Callable[[int], Counted]) -> Counted | None:
    """Count the tokens a stretch recorded by a method that takes tokens; None when not known.

    Tokens within bounds give operations within bounds. Evaluation takes one forward pass.
    """
    tokens = added(piece.tokens for piece in stretch.pieces)
    if tokens is None or tokens.high is None or tokens.high < 1:
        return None
    low, high = count(max(1, int(tokens.low))), count(int(tokens.high))
    best = None if tokens.best is None else count(max(1, int(tokens.best)))
    middle = best or high
    share = FORWARD_ONLY if stretch.purpose is Purpose.EVALUATION else Fraction(1)
    return replace(
        middle,
        model=_spanned(low.model, best.model if best else None, high.model, share),
        executed=_spanned(low.executed, best.executed if best else None, high.executed, share),
        formula=f"{middle.formula} Tokens as recorded: {show_interval(tokens, 6)}.",
    )


def as_recorded(stretch: Stretch, recording: Recording) -> Counted:
    """Take the figures that the files themselves give for a stretch."""
    formulas = list(dict.fromkeys(piece.formula for piece in stretch.pieces if piece.formula))
    more = len(formulas) - _MOST_FORMULAS
    shown = "; ".join(formulas[:_MOST_FORMULAS]) + (
        f"; and {more} more like these" if more > 0 else ""
    )
    includes = dict.fromkeys(piece.includes for piece in stretch.pieces if piece.includes)
    return Counted(
        added(piece.model_operations for piece in stretch.pieces),
        added(piece.executed_operations for piece in stretch.pieces),
        shown or f"as recorded in {recording.format}",
        recording.version,
        includes="; ".join(includes),
    )


def by_jobs(
    stretch: Stretch, device: str | None, number_format: str | None, utilisation: Interval
) -> Counted:
    """Count a scheduler's jobs as chip time: device seconds x dense peak x utilisation.

    Raises:
        BadInput: when the jobs do not tell their device seconds, or no device is named.
    """
    capacities: list[Interval] = []
    said: list[str] = []
    findings: list[Finding] = []
    for name, pieces in _by_device(stretch.pieces, device):
        seconds = added(piece.device_seconds for piece in pieces)
        if seconds is None:
            raise bad_input(
                "count.device_seconds",
                "the records do not tell how many devices were in use for how long.",
                mend="Give `devices` and `hours`, or records that name the devices.",
            )
        peak, noted = peak_in_format(match_device(name, "slurm"), number_format)
        capacities.append(peak * seconds)
        findings += noted
        best = "unknown" if peak.best is None else show_rate(peak.best, 5)
        said.append(f"{show_interval(seconds, 5)} device seconds of {name or 'no name'} x {best}")
    capacity = Interval.total(capacities)
    model = capacity * utilisation
    if capacity.high is None:
        findings.append(
            Finding(
                "count.capacity",
                "what the devices could do at the most is not known.",
                mend="Name the device of the jobs, and the run's `number_format`.",
                severity=Severity.WARNING,
                effect="the figure has no upper bound",
            )
        )
    return Counted(
        model,
        Interval(model.low, None, capacity.high, "at least the model's, at most all"),
        f"({' + '.join(said)}) x utilisation ({utilisation.reason or 'as stated'})",
        CHIP_TIME_VERSION,
        tuple(dict.fromkeys(findings)),
        capacity,
        includes="; ".join(dict.fromkeys(piece.includes for piece in stretch.pieces)),
    )


def _by_device(
    pieces: Iterable[Piece], device: str | None
) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    held = tuple(pieces)
    names = dict.fromkeys(device or piece.device for piece in held)
    for name in names:
        yield name, tuple(piece for piece in held if (device or piece.device) == name)


def _spanned(
    low: Interval | None, best: Interval | None, high: Interval | None, share: Fraction
) -> Interval | None:
    if low is None or high is None:
        return None
    middle = best.best if best is not None else None
    return Interval(low.low, middle, high.high, high.reason) * share
