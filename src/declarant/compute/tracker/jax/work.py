"""Operations of a program, put together from its parts: in loops, in branches, in kernels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from declarant.compute.tracker.step_count import Bounds, UncountedKernel

ZERO = Bounds.exactly(0)


@dataclass(frozen=True, slots=True)
class Work:
    """What a part of a program does.

    Attributes:
        needed: operations of the mathematics.
        repeated: operations that only recompute what was known before (rematerialisation).
        by_kernel: both, by kind ("dot", "convolution").
        by_format: both, by number format of the operands.
        uncounted: kernels without a formula; their bounds are in `needed`.
        once: operations of products and convolutions with every loop taken once, as XLA's own cost
            analysis takes them.
    """

    needed: Bounds = ZERO
    repeated: Bounds = ZERO
    by_kernel: Mapping[str, int] = field(default_factory=dict)
    by_format: Mapping[str, int] = field(default_factory=dict)
    uncounted: tuple[UncountedKernel, ...] = ()
    once: int = 0

    @property
    def all(self) -> Bounds:
        """What is done, with what is done again."""
        return self.needed + self.repeated

    def __add__(self, other: Work) -> Work:
        return Work(
            self.needed + other.needed,
            self.repeated + other.repeated,
            Counter(self.by_kernel) + Counter(other.by_kernel),
            Counter(self.by_format) + Counter(other.by_format),
            (*self.uncounted, *other.uncounted),
            self.once + other.once,
        )

    def again(self) -> Work:
        """Return the same work, as recomputation."""
        return replace(self, needed=ZERO, repeated=self.all)

    def times(self, factor: int) -> Work:
        """Return the work of so many repetitions, `once` apart."""
        return Work(
            _times(self.needed, factor),
            _times(self.repeated, factor),
            {name: amount * factor for name, amount in self.by_kernel.items()},
            {name: amount * factor for name, amount in self.by_format.items()},
            tuple(
                replace(item, calls=item.calls * factor, bounds=_times(item.bounds, factor))
                for item in self.uncounted
            ),
            self.once,
        )


def kernel(kind: str, number_format: str, operations: int) -> Work:
    """Return the work of one product or convolution."""
    return Work(
        Bounds.exactly(operations),
        by_kernel={kind: operations},
        by_format={number_format: operations},
        once=operations,
    )


def unknown(name: str, bounds: Bounds, why: str) -> Work:
    """Return the work of one kernel without a formula."""
    return Work(bounds, uncounted=(UncountedKernel(name, 1, bounds, why),))


def unknown_times(name: str, body: Work) -> Work:
    """Return the work of a loop whose number of turns only the data tells.

    A loop that does no product and no convolution is no work to be named.
    """
    if body.all.high == 0:
        return body
    why = (
        f"its turns depend on the data; one turn is {body.all.low} operations"
        if body.all.low
        else "its turns depend on the data"
    )
    return unknown(name, Bounds(0, None, None), why)


def one_of(branches: Iterable[Work]) -> Work:
    """Return the work of branches of which the data chooses one."""
    held = tuple(branches)
    if not held:
        return Work()
    greatest = max(held, key=lambda item: item.all.low)
    return replace(
        greatest,
        needed=Bounds.hull([item.needed for item in held]),
        repeated=Bounds.hull([item.repeated for item in held]),
        uncounted=tuple(kernel for item in held for kernel in item.uncounted),
    )


def grouped(kernels: Iterable[UncountedKernel]) -> tuple[UncountedKernel, ...]:
    """Put kernels of one name together."""
    found: dict[str, UncountedKernel] = {}
    for item in kernels:
        held = found.get(item.name)
        found[item.name] = (
            item
            if held is None
            else replace(held, calls=held.calls + item.calls, bounds=held.bounds + item.bounds)
        )
    return tuple(found.values())


def share(bounds: Bounds, part: Fraction) -> Bounds:
    """Return a part of the bounds, rounded outwards (best: to the nearest)."""
    return Bounds(
        int(bounds.low * part),
        None if bounds.best is None else round(bounds.best * part),
        None if bounds.high is None else -int(-bounds.high * part // 1),
    )


def _times(bounds: Bounds, factor: int) -> Bounds:
    if factor == 0:
        return ZERO
    return Bounds(
        bounds.low * factor,
        None if bounds.best is None else bounds.best * factor,
        None if bounds.high is None else bounds.high * factor,
    )
