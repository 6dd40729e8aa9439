"""Rounds by their signature: what each costs, and its line in the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from declarant.compute.tracker.step_count import Bounds, StepCount, UncountedKernel
from declarant.compute.tracker.torch.memo import Memo
from declarant.compute.tracker.torch.observation import METHOD, OUTSIDE
from declarant.compute.tracker.torch.signature import (
    Shape,
    mode_of,
    samples_of,
    shape_of,
    text_of,
)
from declarant.compute.tracker.torch.subject import Owner, Subject
from declarant.compute.tracker.torch.sums_of_counts import added

EVALUATION = "evaluation"
NOT_FOLLOWED = "no tensor was found in what the model returns; give the step as a whole"
_NOT_FOLLOWED = (-1,)
NEVER_COUNTED = (
    "it never ran where it could be counted: each time another dispatch mode was on, or the model "
    "was part of a compiled function (track the compiled module, or give whole steps)"
)

Backward = tuple[int, ...]
"""Numbers of the calls that a backward pass goes through, sorted; one for each time."""
_Line = tuple[int, tuple[int, ...], Backward]
"""Owner (by id), forward passes, backward pass (empty: none)."""


class Call:
    """One forward pass of a tracked model, or one step given as a whole."""

    __slots__ = ("number", "purpose", "step", "subject", "task", "training", "written")

    def __init__(self, subject: Subject, number: int, training: bool) -> None:
        self.subject = subject
        self.number = number
        self.training = training
        self.purpose = subject.owner.purpose
        self.step = subject.owner.step
        self.task = OUTSIDE  # of the last backward pass through its outputs
        self.written = False  # its forward pass is in the ledger


class Rounds:
    """Looks up, learns and writes down what rounds cost."""

    def __init__(self) -> None:
        self._forwards = Memo()
        self._backwards = Memo()
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._keys: list[tuple[Any, ...]] = []
        self._lines: dict[_Line, int] = {}
        self._version = (0, 0)
        self._waiting: Counter[tuple[_Line, str]] = Counter()
        self._owners: dict[int, Owner] = {}
        self._subjects: dict[int, Subject] = {}

    def number(self, key: tuple[Any, ...]) -> int:
        """Return a call's key as a number."""
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._keys)
            self._keys.append(key)
        return number

    def key(self, call: Call) -> tuple[Any, ...]:
        """Return a call's key."""
        return self._keys[call.number]

    def is_forward_wanted(self, call: Call) -> bool:
        """Note that a forward pass occurs; return whether to count it."""
        if self._forwards.is_known(call.number):
            return self._forwards.occurs(call.number)
        call.subject.refresh()
        self._subjects[call.number] = call.subject
        most = call.subject.owner.most_shapes
        return not self._forwards.bounded(call.number, shape_of(self.key(call)), most)

    def learn_forward(self, call: Call, count: StepCount, *, varies: bool) -> None:
        """Take the count of a forward pass."""
        recounts = call.subject.owner.recounts
        self._forwards.put(
            call.number, shape_of(self.key(call)), count, varies=varies, recounts=recounts
        )
        self._write_waiting()

    def is_backward_wanted(self, call: Call) -> bool:
        """Whether to count the backward pass that may follow."""
        backward = (call.number,)
        return self._backwards.is_known(backward) or not self._backwards.bounded(
            backward, self._shape(backward), call.subject.owner.most_shapes
        )

    def learn_backward(self, fired: list[Call], count: StepCount | None, *, varies: bool) -> bool:
        """Take the count of a backward pass, None when it was not counted.

        Returns whether it is to be counted at its next time.
        """
        backward = _backward(fired)
        known = self._backwards.is_known(backward)
        due = self._backwards.occurs(backward) if known else False
        if count is not None:
            varies = varies or any(self._forwards.varies(call.number) for call in fired)
            shape, recounts = self._shape(backward), fired[0].subject.owner.recounts
            self._backwards.put(backward, shape, count, varies=varies, recounts=recounts)
            self._write_waiting()
            return self._backwards.due_next(backward)
        if known:
            return due or self._backwards.due_next(backward)
        most = fired[0].subject.owner.most_shapes
        return not self._backwards.bounded(backward, self._shape(backward), most)

    def write_forward(self, call: Call, *, followed: bool = True) -> None:
        """Write down a forward pass that no backward pass went through.

        Not `followed`: nobody can say whether one did.
        """
        purpose = call.purpose
        if not purpose and not call.training:
            purpose = EVALUATION
        call.written = True
        backward = () if followed else _NOT_FOLLOWED
        self._write((id(call.subject.owner), (call.number,), backward), call, purpose)

    def write(self, fired: list[Call]) -> None:
        """Write down a round. The backward pass goes to the owner of the last forward pass."""
        first = fired[0].subject.owner
        by_owner: dict[int, list[Call]] = {id(first): []}
        for call in fired:
            if not call.written:
                call.written = True
                by_owner.setdefault(id(call.subject.owner), []).append(call)
        backward = _backward(fired)
        for owner, calls in by_owner.items():
            numbers = tuple(sorted(call.number for call in calls))
            line = (owner, numbers, backward if owner == id(first) else ())
            one = calls[0] if calls else fired[0]
            self._write(line, one, one.purpose)

    def close(self, owner: Owner) -> None:
        """Write down what of an owner's was never counted, with the bounds that are known."""
        for (line, purpose), times in list(self._waiting.items()):
            if line[0] != id(owner):
                continue
            del self._waiting[line, purpose]
            count = self._count(line[1], line[2], bounded=True)
            if count is not None:
                number = owner.register(self._text(line[1], line[2]), count)
                for _ in range(times):
                    owner.add(number, purpose, None)
        self._lines = {line: held for line, held in self._lines.items() if line[0] != id(owner)}
        self._owners.pop(id(owner), None)

    def give_up(self, why: str) -> None:
        """Write into every ledger that what follows is not counted."""
        count = _never("all further steps", f"the tracker failed: {why}")
        for owner in {id(item.owner): item.owner for item in self._subjects.values()}.values():
            owner.add(owner.register("not counted: the tracker failed", count), "", None)

    def _write(self, line: _Line, call: Call, purpose: str) -> None:
        owner = call.subject.owner
        number = self._line(line, owner)
        if number is None:
            self._owners[id(owner)] = owner
            self._waiting[line, purpose] += 1
        else:
            owner.add(number, purpose, call.step if purpose == call.purpose else None)

    def _line(self, line: _Line, owner: Owner) -> int | None:
        version = (self._forwards.version, self._backwards.version)
        if version != self._version:
            self._version = version
            self._lines.clear()
        number = self._lines.get(line)
        if number is None:
            count = self._count(line[1], line[2])
            if count is None:
                return None
            self._owners[id(owner)] = owner
            number = self._lines[line] = owner.register(self._text(line[1], line[2]), count)
        return number

    def _write_waiting(self) -> None:
        for (line, purpose), times in list(self._waiting.items()):
            owner = self._owners[line[0]]
            number = self._line(line, owner)
            if number is not None:
                del self._waiting[line, purpose]
                for _ in range(times):
                    owner.add(number, purpose, None)

    def _count(
        self, forwards: tuple[int, ...], backward: Backward, *, bounded: bool = False
    ) -> StepCount | None:
        parts = []
        for number in forwards:
            cost = self._forwards.get(number) or (_never("forward pass") if bounded else None)
            if cost is None:
                return None
            key = self._keys[number]
            tokens = self._subjects[number].tokens(key)
            parts.append(replace(cost, samples=samples_of(key), tokens=tokens))
        passes = []
        if backward == _NOT_FOLLOWED:
            passes.append(_never("backward pass", NOT_FOLLOWED))
        elif backward:
            cost = self._backwards.get(backward) or (_never("backward pass") if bounded else None)
            if cost is None:
                return None
            passes.append(cost)
        return added(parts, passes=passes)

    def _text(self, forwards: tuple[int, ...], backward: Backward) -> str:
        shown = []
        for number, times in Counter(forwards).items():
            key = self._keys[number]
            called = f"{self._subjects[number].name}({text_of(key)}; {mode_of(key)})"
            shown.append(f"{times} x {called}" if times > 1 else called)
        if not shown:
            shown = [self._subjects[number].name for number in backward]
        passes = "forward and backward" if backward else "forward"
        through = len(backward) - len(forwards)
        more = f", backward through {len(backward)}" if backward and through else ""
        return f"{passes}{more}: {' + '.join(shown)}"

    def _shape(self, backward: Backward) -> Shape:
        shapes = [shape_of(self._keys[number]) for number in backward]
        return Shape(
            tuple(shape.form for shape in shapes),
            tuple(size for shape in shapes for size in shape.sizes),
        )


def _backward(fired: list[Call]) -> Backward:
    return tuple(sorted(call.number for call in fired))


def _never(what: str, why: str = NEVER_COUNTED) -> StepCount:
    nothing = Bounds(0, None, None)
    return StepCount(
        model=nothing,
        executed=nothing,
        method=METHOD,
        uncounted=(UncountedKernel(what, 1, nothing, why),),
    )
