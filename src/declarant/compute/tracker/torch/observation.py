"""What was seen of one forward or backward pass while every operator was looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from declarant.compute.tracker.step_count import Bounds, StepCount, UncountedKernel
from declarant.compute.tracker.torch.formulas import Kernel

METHOD = "torch-dispatch"
OUTSIDE = -1
"""Graph task of what does not run in a backward pass."""

CAUSAL = (
    "Attention is counted in full, every query with every key, as PyTorch's FlopCounterMode does; "
    "the lower bound leaves out what a causal mask covers (half), as the closed form does."
)
REPEATED = (
    "Work done a second time in the backward pass (recomputed activations, attention scores that "
    "a fused kernel does not keep) is in the executed operations only."
)
OPAQUE = "nothing bounds a kernel that PyTorch cannot see into; give its formula"
INSIDE = "Counted from the operators that {} calls inside itself."


@dataclass(slots=True)
class Sums:
    """Operations added up."""

    operations: Bounds = field(default_factory=lambda: Bounds.exactly(0))
    skipped: int = 0
    masked: int = 0
    repeated: int = 0

    def take(self, kernel: Kernel) -> None:
        """Add one call."""
        self.operations = self.operations + kernel.operations
        self.skipped += kernel.skipped
        self.masked += kernel.masked
        self.repeated += kernel.repeated


@dataclass(slots=True)
class _Pass:
    """One backward pass (graph task of the autograd engine), or all that is outside of one."""

    plain: Sums = field(default_factory=Sums)
    recording: Sums = field(default_factory=Sums)  # while gradients are recorded
    saw_plain: bool = False


class Observation:
    """Adds up what one pass does, and tells repeated work from the first time.

    A backward pass runs without recording gradients, and recomputed activations are computed with
    gradients recorded: that tells them apart, whatever library recomputes. A backward pass made to
    be differentiated again (`create_graph=True`) records all along: there nothing is repeated.
    """

    def __init__(self, *, in_forward: bool = True) -> None:
        self.in_forward = in_forward
        self.between = True  # what runs between forward and backward passes counts (the loss)
        self.open_passes: set[int] = set()
        self.varies = False
        self.by_kernel: Counter[str] = Counter()
        self.by_format: Counter[str] = Counter()
        self.notes: dict[str, None] = {}
        self._passes: dict[int, _Pass] = {}
        self._uncounted: dict[tuple[str, str], tuple[int, Bounds]] = {}

    @property
    def saw_backward(self) -> bool:
        """Whether a backward pass ran."""
        return any(task != OUTSIDE for task in self._passes)

    @property
    def counted_calls(self) -> int:
        """A number that grows with every kernel that has a formula."""
        return sum(self.by_kernel.values()) + len(self._uncounted)

    def backward_ended(self, task: int) -> None:
        """Note that a backward pass came to its end; what follows it is not counted."""
        self.open_passes.discard(task)
        self.between = False

    def ran(self, task: int, recording: bool) -> None:
        """Note that some operator ran, counted or not."""
        if task not in self._passes:
            self._passes[task] = _Pass()
        if not recording:
            self._passes[task].saw_plain = True

    def take(self, task: int, recording: bool, name: str, number_format: str, one: Kernel) -> None:
        """Add one call of a kernel."""
        into = self._passes.setdefault(task, _Pass())
        (into.recording if recording else into.plain).take(one)
        if one.formula_from:
            self.uncounted(name, one.operations, one.formula_from)
            return
        self.by_kernel[name] += one.operations.low
        self.by_format[number_format] += one.operations.low

    def unknown(self, name: str, why: str = OPAQUE) -> None:
        """Add one call of a kernel that nothing is known of."""
        bounds = Bounds(0, None, None)
        into = self._passes.setdefault(OUTSIDE, _Pass())
        into.plain.take(Kernel(bounds))
        self.uncounted(name, bounds, why)

    def uncounted(self, name: str, bounds: Bounds, why: str) -> None:
        """Name a call that is known within bounds only; its operations are added elsewhere."""
        calls, before = self._uncounted.get((name, why), (0, Bounds.exactly(0)))
        self._uncounted[name, why] = (calls + 1, before + bounds)

    def count(self, samples: int | None = None, tokens: int | None = None) -> StepCount:
        """Return what was seen."""
        executed = _added(one for task in self._passes.values() for one in _parts(task))
        repeated = executed.repeated + sum(
            task.recording.operations.low - task.recording.repeated
            for number, task in self._passes.items()
            if number != OUTSIDE and task.saw_plain
        )
        masked = executed.masked - sum(
            task.recording.masked
            for number, task in self._passes.items()
            if number != OUTSIDE and task.saw_plain
        )
        whole = executed.operations
        notes = dict(self.notes)
        if executed.masked:
            notes[CAUSAL] = None
        if repeated:
            notes[REPEATED] = None
        return StepCount(
            model=_less(_less(whole, repeated), masked, low_only=True),
            executed=_less(whole, executed.skipped, low_only=True),
            method=METHOD,
            by_kernel=dict(self.by_kernel),
            by_format=dict(self.by_format),
            uncounted=tuple(
                UncountedKernel(name, calls, bounds, why)
                for (name, why), (calls, bounds) in self._uncounted.items()
            ),
            samples=samples,
            tokens=tokens,
            notes=tuple(notes),
        )


def _parts(task: _Pass) -> tuple[Sums, Sums]:
    return task.plain, task.recording


def _added(parts: Iterable[Sums]) -> Sums:
    total = Sums()
    for one in parts:
        total.operations = total.operations + one.operations
        total.skipped += one.skipped
        total.masked += one.masked
        total.repeated += one.repeated
    return total


def _less(bounds: Bounds, amount: int, *, low_only: bool = False) -> Bounds:
    if low_only:
        return Bounds(bounds.low - amount, bounds.best, bounds.high)
    return Bounds(
        bounds.low - amount,
        None if bounds.best is None else bounds.best - amount,
        None if bounds.high is None else bounds.high - amount,
    )
