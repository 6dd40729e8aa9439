"""What machines recorded of a training run, whatever wrote it: the one answer of every reader.

A recording knows neither the register's runs nor the law. It says how much work a file shows, piece
by piece, in two columns that never mix (model and executed operations); the register turns pieces
into segments of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from declarant.compute.ledger import Evidence, Method, Purpose
from declarant.compute.progress import Progress
from declarant.problems import Finding
from declarant.quantities import Interval

FORWARD_ONLY = Fraction(1, 3)
"""Of training's operations: an evaluation takes no gradients."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of work with one purpose, as one file (or several of one log) recorded it.

    What the file does not tell is None; nothing is filled in.

    Attributes:
        id: unique in the recording, stable between readings: "kept", "lost", a job's number.
        purpose: when the file itself tells (lost steps, evaluation); None: the register says.
        start: first moment recorded, with its zone.
        end: last moment recorded, with its zone.
        steps: optimizer steps taken, repeated ones included.
        samples: sequences (or images) seen.
        tokens: positions of the main sequence seen, padding included.
        model_operations: what the mathematics of the model needed.
        executed_operations: what the machines did.
        device_seconds: devices x seconds in use.
        devices: how many worked at a time; the greatest number where it changed.
        device: their name as written, "" unknown.
        capacity: device seconds x dense peak of the format in use, operations.
        formula: how the figures were worked out, with the values put in.
        includes: what the figures hold and leave out, for people ("attention in full, no
            recomputation"); shown beside other methods' figures.
        run: whose work the file says it is (a job's name, a run's name), "" unknown.
        findings: about this piece alone.
    """

    id: str
    purpose: Purpose | None = None
    start: datetime | None = None
    end: datetime | None = None
    steps: int | None = None
    samples: Interval | None = None
    tokens: Interval | None = None
    model_operations: Interval | None = None
    executed_operations: Interval | None = None
    device_seconds: Interval | None = None
    devices: int | None = None
    device: str = ""
    capacity: Interval | None = None
    formula: str = ""
    includes: str = ""
    run: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def is_lost(self) -> bool:
        """Whether the work was lost to a crash or rolled back."""
        return self.purpose is Purpose.LOST_STEPS


@dataclass(frozen=True, slots=True)
class Recording:
    """What the files of one log, store or export recorded.

    Attributes:
        format: registered name of the format that was read.
        version: of the reader and its conventions ("megatron-log/1").
        method: how the figures in `pieces` were counted by whoever wrote them.
        evidence: the files read, with their SHA-256.
        pieces: the work, each stretch once.
        progress: how far the kept work was at moments, for forecasts; None when not dated.
        number_format: of the matrix arithmetic ("bf16"), None when the files do not say.
        facts: other things the files say that people compare, as (name, value) pairs.
        findings: about the recording as a whole, each with its effect on the total.
    """

    format: str
    version: str
    method: Method
    evidence: tuple[Evidence, ...]
    pieces: tuple[Piece, ...]
    progress: Progress | None = None
    number_format: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of the recording and of its pieces."""
        return (*self.findings, *(item for piece in self.pieces for item in piece.findings))

    def total(
        self, column: Callable[[Piece], Interval | None], *, with_lost: bool = False
    ) -> Interval | None:
        """Return the sum of a column over the kept work; `with_lost` adds the lost steps.

        None when there is nothing to add, or when a piece does not know its amount.
        """
        return added(column(piece) for piece in self.pieces if with_lost or not piece.is_lost)


def added(parts: Iterable[Interval | None]) -> Interval | None:
    """Return the sum; None when there is nothing to add or one amount is not known."""
    held = tuple(parts)
    known = [part for part in held if part is not None]
    return Interval.total(known) if known and len(known) == len(held) else None
