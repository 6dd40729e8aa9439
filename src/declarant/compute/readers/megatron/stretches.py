"""Stretches of steps that a Megatron-LM log shows, and what is noticed between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from declarant.compute.readers.megatron.settings import Settings


class Stretch:
    """Steps `first` to `last` (counted on over restarts), with the same settings."""

    __slots__ = (
        "batches", "duration", "figured", "first", "last", "operations", "samples", "settings",
        "slack", "steps",
    )  # fmt: skip

    def __init__(
        self,
        settings: Settings,
        first: int,
        last: int,
        samples: int = 0,
        batches: int = 0,
        duration: int = 0,
        operations: int = 0,
        slack: int = 0,
        figured: int = 0,
    ) -> None:
        self.settings = settings
        self.first = first
        self.last = last
        self.steps = last - first + 1
        self.samples = samples
        self.batches = batches  # steps whose samples are known
        self.duration = duration  # microseconds
        self.operations = operations  # as printed: of one device, or of all
        self.slack = slack  # of rounding, either way
        self.figured = figured  # steps whose operations are known

    def join(self, other: Stretch) -> None:
        """Add another stretch of the same settings that follows."""
        self.last = other.last
        self.steps += other.steps
        self.samples += other.samples
        self.batches += other.batches
        self.duration += other.duration
        self.operations += other.operations
        self.slack += other.slack
        self.figured += other.figured

    def cut_after(self, step: int) -> Stretch:
        """Keep the steps to `step`, and return those after it; amounts in proportion to steps."""
        rest = Stretch(self.settings, step + 1, self.last)
        kept, span = step - self.first + 1, self.last - self.first + 1
        for name in ("steps", "samples", "batches", "duration", "operations", "slack", "figured"):
            whole = getattr(self, name)
            mine = whole * kept // span
            setattr(self, name, mine)
            setattr(rest, name, whole - mine)
        self.last = step
        return rest


@dataclass(frozen=True, slots=True)
class Event:
    """Something in a log that bears on the total.

    Attributes:
        kind: "went_back", "counter_restarted", "samples_restarted", "restarted".
        file: and `line`, where it shows.
        before: the last step, or counter, before it.
        after: the step, or counter, that work went on from.
        lost: what was thrown away, as printed.
        earlier: all that was kept before, as printed.
        is_sure: whether the log itself settles what happened.
    """

    kind: str
    file: str
    line: int
    before: int
    after: int
    lost: tuple[Stretch, ...] = ()
    earlier: int = 0
    is_sure: bool = True


@dataclass(slots=True)
class Noticed:
    """Counts of what lines say or fail to say, over the whole log."""

    skipped: int = 0
    skipped_operations: int = 0
    nan: int = 0
    nan_operations: int = 0
    repeated: int = 0
    repeated_operations: int = 0
    repeated_line: tuple[str, int] | None = None
    damaged: int = 0
    damaged_line: tuple[str, int] | None = None
    intervals: Counter[int] = field(default_factory=Counter)
    first_step: int = 0
    first_operations: int = 0
    first_known: bool = False
    evaluations: int = 0


def joined(stretches: list[Stretch]) -> list[Stretch]:
    """Join neighbours of the same settings."""
    made: list[Stretch] = []
    for stretch in stretches:
        if made and made[-1].settings is stretch.settings:
            made[-1].join(stretch)
        else:
            made.append(stretch)
    return made


def in_pairs(stretches: list[Stretch]) -> Iterator[Stretch]:
    """Join older stretches in pairs, where their settings are the same."""
    waiting: Stretch | None = None
    for stretch in stretches:
        if waiting is None:
            waiting = stretch
        elif waiting.settings is stretch.settings:
            waiting.join(stretch)
            yield waiting
            waiting = None
        else:
            yield waiting
            waiting = stretch
    if waiting is not None:
        yield waiting
