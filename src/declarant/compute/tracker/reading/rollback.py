"""Steps that were done twice: the trainer's own number goes back to a checkpoint.

Work between the checkpoint and the moment of going back was done and is not in the model: lost
steps. Which calls these were is known to the step where all calls are alike, and otherwise bounded
by what was counted between the two flushes around the checkpoint.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from declarant.compute.tracker.reading.section import Section, Spell
from declarant.quantities import Interval

Key = tuple[int, int]
"""Number of the section in its rank, number of the signature."""


@dataclass(frozen=True, slots=True)
class Return:
    """The step went back: from `last` to `first`, in section number `section`."""

    section: int
    last: int
    first: int


@dataclass(slots=True)
class Standing:
    """The training steps of one rank, as they stand after every roll-back.

    Attributes:
        all: calls by section and signature.
        returns: every going back, in order.
    """

    all: Counter[Key] = field(default_factory=Counter)
    returns: list[Return] = field(default_factory=list)
    _lost: dict[Key, tuple[Fraction, Fraction, Fraction]] = field(default_factory=dict)
    _stack: list[tuple[int, Spell]] = field(default_factory=list)

    def lost(self, key: Key) -> Interval:
        """Return how many calls of a signature were lost."""
        low, best, high = self._lost.get(key, _NONE)
        return Interval(low, best, high, "" if low == high else _INSIDE)

    def kept(self, key: Key) -> Interval:
        """Return how many calls of a signature stand."""
        low, best, high = self._lost.get(key, _NONE)
        number = self.all[key]
        return Interval(number - high, number - best, number - low, "" if low == high else _INSIDE)

    def take(self, number: int, section: Section) -> None:
        """Take the next section of the rank."""
        new = True
        for spell in section.spells:
            for signature, calls in spell.counts.items():
                self.all[number, signature] += calls
            if spell.first is None:
                continue
            before = self._last()
            if before is not None and (spell.first < before or (new and spell.first == before)):
                self.returns.append(Return(number, before, spell.first))
                self._go_back(spell.first)
            self._stack.append((number, spell))
            new = False

    def _last(self) -> int | None:
        return self._stack[-1][1].last if self._stack else None

    def _go_back(self, step: int) -> None:
        while self._stack:
            number, spell = self._stack.pop()
            first, last = spell.first, spell.last
            if first is None or last is None or last < step:
                self._stack.append((number, spell))
                return
            if first < step:
                self._stack.append((number, self._split(number, spell, first, last, step)))
                return
            for signature, calls in spell.counts.items():
                self._lose((number, signature), Fraction(calls), Fraction(calls), Fraction(calls))

    def _split(self, number: int, spell: Spell, first: int, last: int, step: int) -> Spell:
        """Lose the steps from `step` on; return those before it."""
        share = Fraction(last - step + 1, last - first + 1)
        exact = spell.per_step is not None
        left: Counter[int] = Counter()
        for signature, calls in spell.counts.items():
            best = calls * share
            low, high = (best, best) if exact else (Fraction(0), Fraction(calls))
            self._lose((number, signature), low, best, high)
            left[signature] = int(calls - best) if exact else calls
        return Spell(first, step - 1, left)

    def _lose(self, key: Key, low: Fraction, best: Fraction, high: Fraction) -> None:
        held = self._lost.get(key, _NONE)
        most = Fraction(self.all[key])  # a spell split twice is not lost twice
        self._lost[key] = (
            min(most, held[0] + low),
            min(most, held[1] + best),
            min(most, held[2] + high),
        )


_NONE = (Fraction(0), Fraction(0), Fraction(0))
_INSIDE = "a roll-back lies between two flushes, and the steps there are not alike"
