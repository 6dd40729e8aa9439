"""What each distinct pass costs: counted at its first time, then looked up, now and then recounted.

Recounting: a pass is counted again at its 16th, 32nd, 64th ... time, so that a setting
changed on the way shows (activation checkpointing switched on, a number that steers the work). One
whose way depends on the data (experts chosen by `nonzero`) is counted at its first three times and
at every power of two. Where counts differ it is counted at the next two times as well, and the
steps in between are taken to lie between the least and the most of them.

Many shapes: each distinct one is counted, up to a limit. Beyond it, a shape that lies between two
counted ones of the same form, of which the larger costs at most a quarter more, takes their counts
as bounds: operations never fall when a size grows. Any other shape is counted still.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from declarant.compute.tracker.step_count import Bounds, StepCount
from declarant.compute.tracker.torch.signature import Shape
from declarant.compute.tracker.torch.sums_of_counts import hull, same_operations

FIRST_RECOUNT = 16
WATCHED = 3
"""Counts in a row that must agree before a pass is taken to be constant."""
WIDEST = 1.25
"""Largest ratio of executed operations between two counted shapes that bound one in between."""

BETWEEN = (
    "This shape was not counted by itself: {} shapes of the same form were before it, and its "
    "operations lie between those of the next smaller and the next larger one."
)


@dataclass(slots=True)
class _Entry:
    count: StepCount
    recent: list[StepCount]
    shape: Shape
    varies: bool
    seen: int = 1
    due: float = float("inf")
    changed: int = 0


@dataclass(slots=True)
class Memo:
    """The costs of passes by their key.

    Attributes:
        version: grows when a cost changes.
    """

    version: int = 0
    _held: dict[Hashable, _Entry] = field(default_factory=dict)
    _between: dict[Hashable, StepCount] = field(default_factory=dict)
    _by_form: dict[Hashable, list[_Entry]] = field(default_factory=dict)

    def occurs(self, key: Hashable) -> bool:
        """Note that a known pass occurs; return whether it is due to be counted again."""
        entry = self._held.get(key)
        if entry is None:
            return False
        entry.seen += 1
        return entry.seen >= entry.due

    def due_next(self, key: Hashable) -> bool:
        """Whether a pass is to be counted at its next time."""
        entry = self._held.get(key)
        return entry is not None and entry.seen + 1 >= entry.due

    def is_known(self, key: Hashable) -> bool:
        """Whether a pass has a cost, counted or bounded."""
        return key in self._held or key in self._between

    def varies(self, key: Hashable) -> bool:
        """Whether the cost of a pass may depend on the data."""
        entry = self._held.get(key)
        return entry is not None and entry.varies

    def get(self, key: Hashable) -> StepCount | None:
        """Return the cost of a pass; None when it is not known."""
        entry = self._held.get(key)
        return entry.count if entry is not None else self._between.get(key)

    def put(
        self, key: Hashable, shape: Shape, count: StepCount, *, varies: bool, recounts: bool
    ) -> None:
        """Take a new count of a pass; `varies` and `recounts` decide when it is counted again."""
        entry = self._held.get(key)
        if entry is None:
            entry = _Entry(count, [count], shape, varies)
            self._held[key] = entry
            self._between.pop(key, None)
            self._by_form.setdefault(shape.form, []).append(entry)
            self.version += 1
        else:
            self._again(entry, count)
        entry.varies = entry.varies or varies
        entry.due = self._due(entry) if recounts else float("inf")

    def bounded(self, key: Hashable, shape: Shape, most: int) -> bool:
        """Bound the cost of an unknown pass by its neighbours; False when it is to be counted.

        Nothing is bounded before `most` shapes of the same form were counted.
        """
        if key in self._between:
            return True
        known = self._by_form.get(shape.form, [])
        if len(known) < most:
            return False
        below = [one for one in known if _covers(shape.sizes, one.shape.sizes)]
        above = [one for one in known if _covers(one.shape.sizes, shape.sizes)]
        if not below or not above:
            return False
        smaller = max(below, key=lambda one: one.count.executed.low).count
        larger = min(above, key=lambda one: one.count.executed.low).count
        if larger.executed.low > WIDEST * smaller.executed.low:
            return False
        self._between[key] = _between(smaller, larger, len(known))
        self.version += 1
        return True

    def _again(self, entry: _Entry, count: StepCount) -> None:
        entry.recent.append(count)
        last = entry.recent[-WATCHED:]
        settled = len(last) == WATCHED and all(same_operations(one, last[0]) for one in last)
        if settled and not entry.varies:
            entry.recent = last  # a setting was changed; what the data did once, they may do again
        alike = all(same_operations(one, entry.recent[0]) for one in entry.recent)
        new = count if alike else hull(entry.recent)
        if not same_operations(new, entry.count):
            self.version += 1
            entry.count = new
        entry.changed = 0 if alike else entry.changed + 1

    def _due(self, entry: _Entry) -> float:
        watching = entry.varies and len(entry.recent) < WATCHED
        if watching or 0 < entry.changed < WATCHED:
            return entry.seen + 1
        least = 4 if entry.varies else FIRST_RECOUNT
        return max(least, 1 << entry.seen.bit_length())


def _covers(larger: tuple[int, ...], smaller: tuple[int, ...]) -> bool:
    return all(a >= b for a, b in zip(larger, smaller, strict=True))


def _between(least: StepCount, most: StepCount, known: int) -> StepCount:
    return replace(
        most,
        model=_span(least.model, most.model),
        executed=_span(least.executed, most.executed),
        samples=None,
        tokens=None,
        notes=(*most.notes, BETWEEN.format(known)),
    )


def _span(least: Bounds, most: Bounds) -> Bounds:
    middle = None
    if least.best is not None and most.best is not None:
        middle = (least.best + most.best) // 2
    return Bounds(least.low, middle, most.high)
