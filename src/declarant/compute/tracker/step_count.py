"""What one step costs on one rank: counted once for each distinct signature, then multiplied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Bounds:
    """Whole operations known within bounds; `best` and `high` are None when nobody can say."""

    low: int
    best: int | None
    high: int | None

    @classmethod
    def exactly(cls, amount: int) -> Bounds:
        """Return the bounds that hold one value."""
        return cls(amount, amount, amount)

    @classmethod
    def hull(cls, parts: Sequence[Bounds]) -> Bounds:
        """Return the bounds that hold every part, of which there is at least one.

        The best value is that of all parts, or unknown where they differ.
        """
        highs = [item.high for item in parts]
        known = [high for high in highs if high is not None]
        return cls(
            min(item.low for item in parts),
            parts[0].best if all(item.best == parts[0].best for item in parts) else None,
            max(known) if len(known) == len(highs) else None,
        )

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(
            self.low + other.low,
            None if self.best is None or other.best is None else self.best + other.best,
            None if self.high is None or other.high is None else self.high + other.high,
        )


@dataclass(frozen=True, slots=True)
class UncountedKernel:
    """A kernel without a formula: named and bounded, never counted as zero.

    Attributes:
        name: as the framework calls it ("mylib::fused_scan").
        calls: in one step.
        bounds: operations of all its calls in one step; `high` None when nothing bounds them.
        why: where the bounds come from.
    """

    name: str
    calls: int
    bounds: Bounds
    why: str


@dataclass(frozen=True, slots=True)
class StepCount:
    """The operations of one step with one signature, on one rank.

    Attributes:
        model: what the mathematics needs: forward and backward, nothing done twice; uncounted
            kernels' bounds included.
        executed: what is done: with recomputation of activations.
        method: how it was counted ("torch-dispatch", "xla-cost-analysis").
        by_kernel: executed operations by kernel name, for people to compare.
        by_format: executed operations by number format ("bf16", "fp32"), where it is known.
        uncounted: kernels without a formula.
        samples: sequences or images in the step, None unknown.
        tokens: positions in the step, padding included, None unknown.
        notes: what people should know of this count, in whole sentences.
    """

    model: Bounds
    executed: Bounds
    method: str
    by_kernel: Mapping[str, int] = field(default_factory=dict)
    by_format: Mapping[str, int] = field(default_factory=dict)
    uncounted: tuple[UncountedKernel, ...] = ()
    samples: int | None = None
    tokens: int | None = None
    notes: tuple[str, ...] = ()
