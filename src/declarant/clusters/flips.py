"""What turns the default verdict: one other reading, a link speed, a number of devices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from declarant.clusters.assessment import VERDICT, Flip, ReadingResult, SpeedStep
from declarant.quantities import Comparison, show_bits_per_second

_SAID = {
    "reportable": "must be reported",
    "not_reportable": "need not be reported",
    "undetermined": "cannot be decided",
}


def reading_flips(
    default: ReadingResult, others: Iterable[ReadingResult], dimensions: Iterable[str]
) -> Iterator[Flip]:
    """Yield every result that differs from the default in one dimension and in its verdict."""
    for other in others:
        changed = [
            name
            for name in dimensions
            if getattr(other.reading, name) != getattr(default.reading, name)
        ]
        if len(changed) != 1 or other.comparison is default.comparison:
            continue
        name = changed[0]
        now, to = getattr(default.reading, name), getattr(other.reading, name)
        yield Flip(
            "reading",
            name,
            now,
            to,
            other.verdict,
            f"Read {name.replace('_', ' ')} as {to} in place of {now}: {_SAID[other.verdict]}.",
        )


def speed_flips(default: ReadingResult, steps: tuple[SpeedStep, ...], limit: int) -> Iterator[Flip]:
    """Yield the limits on links at which the verdict turns, next below and next above `limit`."""
    here = max(number for number, step in enumerate(steps) if step.above <= limit)
    for step in reversed(steps[:here]):
        if step.comparison is not default.comparison and step.below is not None:
            below = step.below
            yield _speed(limit, below, step, f"less than {show_bits_per_second(below)}")
            break
    for step in steps[here + 1 :]:
        if step.comparison is not default.comparison:
            above = step.above
            yield _speed(limit, above, step, f"{show_bits_per_second(above)} or more")
            break


def _speed(limit: int, at: int, step: SpeedStep, words: str) -> Flip:
    verdict = VERDICT[step.comparison]
    return Flip(
        "link_speed",
        "",
        str(limit),
        str(at),
        verdict,
        f"Were the limit on links {words}, in place of {show_bits_per_second(limit)}: "
        f"{_SAID[verdict]}.",
    )


def device_flip(default: ReadingResult) -> Iterator[Flip]:
    """Yield the number of devices at which the verdict turns, all else unchanged."""
    if default.exceeds_from is None or default.comparison is Comparison.STRADDLES:
        return
    above = default.comparison is Comparison.ABOVE
    to = default.exceeds_from - 1 if above else default.exceeds_from
    verdict = VERDICT[Comparison.BELOW if above else Comparison.ABOVE]
    yield Flip(
        "devices",
        "",
        str(default.devices),
        str(to),
        verdict,
        f"With {to:,} {default.device} {'or fewer' if above else 'or more'} in the set, "
        f"in place of {default.devices:,} devices: {_SAID[verdict]}.",
    )
