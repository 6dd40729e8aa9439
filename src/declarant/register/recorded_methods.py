"""Parts of a run counted from what machines recorded: tokens of logs, counters, chip time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from declarant.compute.chip_time import FORMULA_VERSION as CHIP_TIME_VERSION
from declarant.compute.ledger import Method, Purpose
from declarant.compute.recording import FORWARD_ONLY, Piece, Recording, added
from declarant.hardware import match_device
from declarant.problems import Finding, Severity, bad_input
from declarant.quantities import Interval, show_interval, show_rate
from declarant.register.methods import Counted, peak_in_format

COUNTERS_OFF = Fraction(10, 100)
"""How far tensor-pipe counters may be off either way: within 10 % of what applications reported for
79 % of 608 production jobs, 6.2 % off on average; arXiv:2605.20799."""
_COUNTERS = "hardware counters are taken to be within 10 % (arXiv:2605.20799)"
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
    """Count the tokens a stretch recorded by a method that takes tokens; None when none are known.

    Tokens within bounds give operations within bounds. Evaluation takes one forward pass, and
    recomputes nothing.
    """
    tokens = _tokens(stretch)
    if tokens is None or (tokens.high is not None and tokens.high < 1):
        return None
    low = count(max(1, int(tokens.low)))
    best = None if tokens.best is None else count(max(1, int(tokens.best)))
    high = None if tokens.high is None else count(int(tokens.high))
    middle = best or high or low
    model = _spanned(low.model, best.model if best else None, high.model if high else None)
    executed = _spanned(
        low.executed, best.executed if best else None, high.executed if high else None
    )
    if stretch.purpose is Purpose.EVALUATION:
        model = None if model is None else model * FORWARD_ONLY
        executed = None if executed is None else model
    return replace(
        middle,
        model=model,
        executed=executed,
        formula=f"{middle.formula} Tokens as recorded: {show_interval(tokens, 6)}.",
    )


def not_known(stretch: Stretch) -> Counted:
    """Return work that was done and that nobody can count: unknown, and in every total."""
    ids = ", ".join(piece.id for piece in stretch.pieces[:_MOST_FORMULAS])
    return Counted(None, None, f"the tokens of {ids} are not known", "recorded/1")


def _tokens(stretch: Stretch) -> Interval | None:
    """Return the tokens of a stretch; a lower bound where only some of its pieces tell them."""
    known = [piece.tokens for piece in stretch.pieces if piece.tokens is not None]
    if not known:
        return None
    total = Interval.total(known)
    if len(known) == len(stretch.pieces):
        return total
    return Interval.at_least(total.low, "some of the pieces do not tell their tokens")


def as_recorded(stretch: Stretch, recording: Recording) -> Counted:
    """Take the figures that the files themselves give for a stretch."""
    formulas = list(dict.fromkeys(piece.formula for piece in stretch.pieces if piece.formula))
    more = len(formulas) - _MOST_FORMULAS
    shown = "; ".join(formulas[:_MOST_FORMULAS]) + (
        f"; and {more} more like these" if more > 0 else ""
    )
    includes = dict.fromkeys(piece.includes for piece in stretch.pieces if piece.includes)
    off = COUNTERS_OFF if recording.method is Method.HARDWARE_COUNTER else Fraction(0)
    return Counted(
        _off_by(added(piece.model_operations for piece in stretch.pieces), off),
        _off_by(added(piece.executed_operations for piece in stretch.pieces), off),
        shown or f"as recorded in {recording.format}",
        recording.version,
        includes="; ".join(includes),
    )


def _off_by(amount: Interval | None, off: Fraction) -> Interval | None:
    if amount is None or not off:
        return amount
    high = None if amount.high is None else amount.high * (1 + off)
    reason = "; ".join(part for part in (amount.reason, _COUNTERS) if part)
    return Interval(amount.low * (1 - off), amount.best, high, reason)


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
    if device is not None:
        findings += _other_devices(stretch.pieces, device)
    for name, pieces in _by_device(stretch.pieces, device):
        seconds = added(piece.device_seconds for piece in pieces)
        if seconds is None:
            raise bad_input(
                "count.device_seconds",
                "the records do not tell how many devices were in use for how long.",
                mend="Give `devices` and `hours`, or records that name the devices.",
            )
        known = added(piece.capacity for piece in pieces)
        if device is None and known is not None:  # jobs with several kinds, each at its own peak
            capacities.append(known)
            said.append(
                f"{show_interval(seconds, 5)} device seconds of {name} at their dense peaks"
            )
            continue
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


def _other_devices(pieces: Iterable[Piece], device: str) -> Iterator[Finding]:
    """Yield a finding when records name devices that the register's name cannot mean."""
    meant = {item.id for item in match_device(device).devices}
    names = dict.fromkeys(piece.device for piece in pieces if piece.device)
    for name in names:
        recorded = {item.id for item in match_device(name, "slurm").devices}
        if meant and recorded and not meant & recorded:
            yield Finding(
                "count.device_differs",
                f"the records name {name!r}, the register {device!r}.",
                mend="Leave `device` out, or correct it.",
                effect=f"all device seconds are taken at the peak of {device}",
            )


def _by_device(
    pieces: Iterable[Piece], device: str | None
) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    held = tuple(pieces)
    names = dict.fromkeys(device or piece.device for piece in held)
    for name in names:
        yield name, tuple(piece for piece in held if (device or piece.device) == name)


def _spanned(low: Interval | None, best: Interval | None, high: Interval | None) -> Interval | None:
    """Return what lies between two counts; without an upper bound where there is no high one."""
    if low is None:
        return None
    top = None if high is None else high.high
    middle = best.best if best is not None else None
    return Interval(low.low, middle, top, (high or low).reason)
