"""One process's part of a ledger: what it counted, how far it came, and how it ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from declarant.compute.tracker.entries import Opened, Resumed, Stretch
from declarant.compute.tracker.loss import Pace
from declarant.compute.tracker.step_count import StepCount

TRAINING = ""
MOST_SPELLS = 4096
"""Of one section, where steps differ so much that they cannot be put together without loss."""


@dataclass(slots=True)
class Spell:
    """Training steps in a row: the trainer's own numbers, and how many of each signature.

    `first` and `last` are None where the trainer gave no numbers, or none that can be followed.
    """

    first: int | None
    last: int | None
    counts: Counter[int]

    @property
    def per_step(self) -> int | None:
        """Calls for each step where all are alike, None where that is not known."""
        if self.first is None or self.last is None or len(self.counts) != 1:
            return None
        calls, over = divmod(self.counts.total(), self.last - self.first + 1)
        return None if over else calls

    def joined_with(self, other: Spell) -> Spell | None:
        """Return both as one when nothing is lost by that."""
        if self.first is None and other.first is None:
            return Spell(None, None, self.counts + other.counts)
        if self.first is None or self.last is None or other.first is None or other.last is None:
            return None
        both = Spell(self.first, other.last, self.counts + other.counts)
        alike = self.per_step == other.per_step or None in (self.per_step, other.per_step)
        follows = other.first in (self.last, self.last + 1)
        return both if follows and alike and both.per_step is not None else None


@dataclass(slots=True)
class Section:
    """What one process wrote into one file.

    Attributes:
        opened: its first record.
        file: as people named it.
        line: of that record.
        signatures: by number.
        spells: training steps, in the order they were taken.
        others: steps of other purposes, by purpose and signature.
        pace: of its steps.
        resumed: what the next process found where this one has no end.
        ended: how it ended: "closed", "resumed" or "".
        last_ms: of its last record, since the process's origin.
        unread_ms: time of records that are missing or cannot be relied on.
        delays: why writing failed for a while.
        unordered: stretches whose step numbers cannot be followed.
        unknown_steps: steps whose signature is not in the file.
    """

    opened: Opened
    file: str
    line: int
    signatures: dict[int, StepCount] = field(default_factory=dict)
    spells: list[Spell] = field(default_factory=list)
    others: Counter[tuple[str, int]] = field(default_factory=Counter)
    pace: Pace = field(default_factory=Pace)
    resumed: Resumed | None = None
    ended: str = ""
    last_ms: int = 0
    unread_ms: int = 0
    delays: list[tuple[int, str]] = field(default_factory=list)
    unordered: int = 0
    unknown_steps: int = 0

    @property
    def start(self) -> datetime:
        """When the process began to write."""
        return self.opened.at

    @property
    def end(self) -> datetime:
        """When it last wrote, by the clock that never goes back."""
        return self.moment(self.last_ms)

    @property
    def first_step(self) -> int | None:
        """The trainer's own number of the first training step."""
        return next((spell.first for spell in self.spells if spell.first is not None), None)

    @property
    def last_step(self) -> int | None:
        """The trainer's own number of the last training step."""
        return next((item.last for item in reversed(self.spells) if item.last is not None), None)

    def moment(self, ms: int) -> datetime:
        """Return the moment of a time of this process."""
        try:
            return self.opened.at + timedelta(milliseconds=ms - self.opened.opened_ms)
        except OverflowError:  # no ledger runs for thousands of years
            return self.opened.at

    def take(self, stretch: Stretch, line: int) -> None:
        """Take steps counted between two flushes."""
        self.pace.take(stretch)
        self.last_ms = max(self.last_ms, stretch.ms)
        if stretch.delayed and len(self.delays) < 1000:
            self.delays.append((line, stretch.delayed))
        self.unordered += not stretch.ordered
        training: Counter[int] = Counter()
        for signature, purpose, steps in stretch.counts:
            if signature not in self.signatures:
                self.unknown_steps += steps
            elif purpose == TRAINING:
                training[signature] += steps
            else:
                self.others[purpose, signature] += steps
        if training:
            self._add(Spell(stretch.first_step, stretch.last_step, training))

    def _add(self, spell: Spell) -> None:
        joined = self.spells[-1].joined_with(spell) if self.spells else None
        if joined is not None:
            self.spells[-1] = joined
            return
        self.spells.append(spell)
        if len(self.spells) > MOST_SPELLS:
            half = MOST_SPELLS // 2
            self.spells = [*_coarser(self.spells[:half]), *self.spells[half:]]


def _coarser(spells: list[Spell]) -> list[Spell]:
    """Join neighbours two by two; where a roll-back falls into both, its bounds are wider."""
    return [
        _one(spells[index], spells[index + 1]) if index + 1 < len(spells) else spells[index]
        for index in range(0, len(spells), 2)
    ]


def _one(spell: Spell, other: Spell) -> Spell:
    counts = spell.counts + other.counts
    if spell.last is None or other.first is None or other.first < spell.last:
        return Spell(None, None, counts)
    return Spell(spell.first, other.last, counts)
