"""What the numbers of an MLPerf log count: sequences, or tokens that are called samples.

Language models since GPT-3 log their blocks in tokens under keys that say epochs and samples: a
block of 53,526,528 at a batch of 2,904 sequences of 2,048 is nine steps, not 18,432.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from declarant.compute.readers.mlperf.events import Run
from declarant.compute.readers.registry import Given
from declarant.quantities import Interval

IN_TOKENS = ("gpt3",)
"""Benchmarks whose logs count tokens, by the name under `submission_benchmark`."""


@dataclass(frozen=True, slots=True)
class Unit:
    """How to read a count.

    Attributes:
        length: tokens in a sequence, None unknown.
        in_tokens: whether counts are of tokens; None when the log does not settle it.
    """

    length: int | None
    in_tokens: bool | None

    def samples(self, count: int | None) -> Interval | None:
        """Return sequences of a count."""
        if count is None:
            return None
        if self.in_tokens is False:
            return Interval.exactly(count)
        if self.length is None:
            return None
        if self.in_tokens:
            return Interval.exactly(Fraction(count, self.length))
        return Interval.between(Fraction(count, self.length), count, None, _NOT_SETTLED)

    def tokens(self, count: int | None) -> Interval | None:
        """Return tokens of a count, padding included."""
        if count is None:
            return None
        if self.in_tokens:
            return Interval.exactly(count)
        if self.length is None:
            return None
        if self.in_tokens is False:
            return Interval.exactly(count * self.length)
        return Interval.between(count, count * self.length, None, _NOT_SETTLED)

    def words(self, count: int | None) -> str:
        """Say how a count was read."""
        if count is None:
            return "no count"
        if self.in_tokens:
            return f"{count} tokens in blocks" + (
                f" = {count // self.length} sequences of {self.length}" if self.length else ""
            )
        if self.in_tokens is False:
            return f"{count} sequences in blocks" + (
                f" of {self.length} tokens" if self.length else ""
            )
        return f"{count} sequences or tokens in blocks"


_NOT_SETTLED = "the log does not settle whether it counts sequences or tokens"


def unit_of(run: Run, given: Given) -> Unit:
    """Return what the counts of a run are of.

    Tokens, when the benchmark's logs are known for it, or when every block is a whole number of
    steps only if they are. Sequences, when the blocks are no whole number of sequences.
    """
    length = run.length or given.sequence_length
    counts = [block.count for block in run.blocks if block.count]
    counts = counts or ([run.stated] if run.stated else [])
    if length is None or not counts:
        return Unit(length, True if run.benchmark in IN_TOKENS else None if length else False)
    whole = run.batch is not None and all(count % (run.batch * length) == 0 for count in counts)
    if run.benchmark in IN_TOKENS:
        return Unit(length, True)
    if any(count % length for count in counts):
        return Unit(length, False)
    return Unit(length, None if whole else False)


def evaluation_unit(run: Run, unit: Unit) -> Unit:
    """Return what `eval_samples` counts: sequences in some submissions, tokens in others.

    Tokens, when as many sequences would be more than the whole training saw; sequences, when as
    many tokens would be less than one batch.
    """
    each, length = run.evaluation_samples, unit.length
    if not unit.in_tokens or each is None or length is None:
        return unit
    if run.trained is not None and each * length > run.trained:
        return Unit(length, True)
    if run.batch is not None and each < run.batch * length:
        return Unit(length, False)
    return Unit(length, None)


def evaluated(run: Run, unit: Unit) -> tuple[Interval | None, Interval | None]:
    """Return the samples and tokens of all evaluations together."""
    if run.evaluation_samples is None:
        return None, None
    count = run.evaluation_samples * run.evaluations
    counted = evaluation_unit(run, unit)
    return counted.samples(count), counted.tokens(count)
