"""A run cannot use more operations than its cluster can do in the time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from declarant.compute.ledger import Purpose, Segment, Share
from declarant.compute.plausibility.context import RunContext
from declarant.problems import Finding, Place, Severity
from declarant.quantities import Interval, show_interval

SECONDS_PER_DAY = 86_400
_TRAINING = (
    Purpose.PRE_TRAINING,
    Purpose.MID_TRAINING,
    Purpose.FINE_TUNING,
    Purpose.REINFORCEMENT_LEARNING,
    Purpose.LOST_STEPS,
)


def run_exceeds_cluster(context: RunContext) -> Iterator[Finding]:
    """plausibility.run_exceeds_cluster: operations > cluster peak x time.

    Looks at each segment, and where none exceeds alone, at all preferred ones that train the model
    (other work may run elsewhere) on the days they cover together. Work done that has no last day
    is taken to last until the day of the check. Says nothing of segments without dates, or when
    the cluster's peak has no upper bound.
    """
    peak = context.cluster_peak
    if peak is None or peak.high is None:
        return
    timed = [
        (segment, days, used)
        for segment in context.ledger.segments
        if (days := _days(segment, context.as_of)) and (used := _used(segment))
    ]
    alone = [
        (segment.id, used, _length(days))
        for segment, days, used in timed
        if used.low > peak.high * _length(days) * SECONDS_PER_DAY
    ]
    preferred = [item for item in timed if item[0].preferred and item[0].purpose in _TRAINING]
    together = (
        context.run,
        Interval.total(used for _, _, used in preferred),
        _covered([days for _, days, _ in preferred]),
    )
    for place, used, count in alone or [together]:
        most = peak * (count * SECONDS_PER_DAY)
        if most.high is not None and used.low > most.high:
            yield Finding(
                "plausibility.run_exceeds_cluster",
                f"{show_interval(used)} operations in {count} days are more than {context.cluster} "
                f"can do: {show_interval(peak)} a second make {show_interval(most)}.",
                Place(field=place),
                "Check tokens, dates, devices, or which cluster it ran on.",
                Severity.ERROR,
                effect="the figure cannot be true",
            )


_Days = tuple[date, date]  # first and last, both included


def _days(segment: Segment, as_of: date) -> _Days | None:
    end = segment.end or (as_of if segment.share is Share.DONE else None)
    if segment.start is None or end is None or end < segment.start:
        return None
    return segment.start, end


def _used(segment: Segment) -> Interval | None:
    return segment.executed_operations or segment.model_operations


def _length(days: _Days) -> int:
    return (days[1] - days[0]).days + 1


def _covered(spans: Sequence[_Days]) -> int:
    """Return how many days lie in at least one of the spans."""
    count, reached = 0, date.min
    for start, end in sorted(spans):
        begin = max(start, reached + timedelta(days=1))
        if end >= begin:
            count += (end - begin).days + 1
            reached = end
    return count
