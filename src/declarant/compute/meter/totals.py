"""The sums that an engine works out: whole thousands of active cycles, so that order is nothing.

Activity x clock (MHz) x time (ms) is thousands of cycles in which the tensor pipe was active. Each
sample's is rounded to a whole number (half up) before anything is added, and whole numbers add up
to the same total in any order, on any engine and over any cut of the sources. What is lost is at
most 500 cycles a sample, of some 10^10 that an H100 has in 15 seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from declarant.compute.meter.engine import Engine
from declarant.compute.meter.rules import DAY_MS

SPLIT = ("imma", "dfma")


@dataclass(frozen=True, slots=True)
class Attribution:
    """How work finds its run: by the label of its samples, or by periods of its host."""

    by_label: bool = False
    periods: Any = None
    bucket: int = DAY_MS


def totals(
    engine: Engine,
    spans: Any,
    attribution: Attribution,
    *,
    is_split: bool,
) -> list[dict[str, Any]]:
    """Return the sums by run (or label), day, model and part.

    Args:
        engine: where `spans` lives.
        spans: samples with the time they stand for.
        attribution: how they find their run.
        is_split: whether INT8 and FP64 pipes stand apart.
    """
    if attribution.periods is not None:
        pieces = _in_periods(spans, attribution)
    else:
        pieces = _whole(spans, attribution.by_label)
    clock = (pieces.clock > pieces.ceiling).ifelse(pieces.ceiling, pieces.clock)
    made = pieces.mutate(
        rate=(pieces.tensor * clock).fill_null(0.0),
        lost=(pieces.tensor * (pieces.clock - clock)).fill_null(0.0),
        **{f"{name}_rate": (pieces[name] * clock).fill_null(0.0) for name in _split(is_split)},
    )
    doubled = made.is_here & (made.spacing == 0)
    differs = (doubled & (made.higher > made.tensor)).ifelse(
        (made.higher - made.tensor) * made.clock.fill_null(0.0), 0.0
    )
    active = made.tensor + made.imma + made.dfma if is_split else made.tensor
    unclocked = made.clock.isnull().ifelse(active * made.measured, 0.0)
    sums = {
        "samples": (made.is_here & (made.spacing.isnull() | (made.spacing > 0))),
        "duplicates": doubled,
        "above": made.is_here & (made.lost > 0),
        "without_clock": made.is_here & made.clock.isnull(),
    }
    by = ["run", "day", "model", "part"]
    return _rows(
        engine,
        made.group_by(by).aggregate(
            **{name: flag.cast("int64").sum() for name, flag in sums.items()},
            measured_ms=made.measured.sum(),
            carried_ms=made.carried.sum(),
            cycles=_whole_number(made.rate * made.measured).sum(),
            cycles_carried=_whole_number(made.rate * made.carried).sum(),
            cycles_differing=_whole_number(differs * made.interval).sum(),
            cycles_above=_whole_number(made.lost * made.measured).sum(),
            cycles_at_border=made.at_border.ifelse(
                _whole_number(made.rate * made.measured), 0
            ).sum(),
            active_us_without_clock=_whole_number(unclocked * 1000.0).sum(),
            highest_clock=made.clock.max(),
            **{
                f"{name}_{column}": _whole_number(made[f"{name}_rate"] * made[time]).sum()
                for name in _split(is_split)
                for column, time in (("cycles", "measured"), ("carried", "carried"))
            },
        ),
    )


def gaps(engine: Engine, spans: Any) -> list[dict[str, Any]]:
    """Return the gaps between samples by label, model, part and extent, ms.

    A gap belongs to the run before it, or to the one behind it where none was before. Gaps within
    a day are added up, with `from_ms` at its beginning; those over midnight keep their extent.
    """
    held = spans.filter(spans.gap > 0)
    begun = held.next - held.gap
    inside = begun // DAY_MS == (held.next - 1) // DAY_MS
    made = held.select(
        "model",
        "part",
        run=(held.label == "").ifelse(held.next_label, held.label),
        from_ms=inside.ifelse((begun // DAY_MS) * DAY_MS, begun),
        to_ms=inside.ifelse(-1, held.next),
        gap=held.gap,
    )
    by = ["run", "model", "part", "from_ms", "to_ms"]
    return _rows(engine, made.group_by(by).aggregate(gap_ms=made.gap.sum(), times=made.count()))


def _whole(spans: Any, by_label: bool) -> Any:
    """Return samples as the pieces they are: a sample counts on the day it begins."""
    import ibis

    run = spans.label if by_label else ibis.literal("")
    return spans.mutate(
        run=run, day=spans["at"] // DAY_MS, is_here=ibis.literal(True), at_border=False
    )


def _in_periods(spans: Any, attribution: Attribution) -> Any:
    """Return samples cut at the borders of the periods of their host."""
    import ibis

    held = attribution.periods
    left = spans.mutate(bucket=(spans["at"] // attribution.bucket).cast("int64"))
    until = left["at"] + ibis.greatest(left.measured + left.carried, 1)
    period = held.rename(
        period_host="host",
        period_bucket="bucket",
        period_run="run",
        period_day="day",
        begun="start",
        ended="end",
    )
    joined = left.left_join(
        period,
        [
            left.host == period.period_host,
            left.bucket == period.period_bucket,
            period.begun < until,
            period.ended > left["at"],
        ],
    )
    at = joined["at"]
    begun, ended = joined.begun.fill_null(at), joined.ended.fill_null(at + (1 << 40))
    middle = at + joined.measured
    end = middle + joined.carried
    measured = ibis.greatest(ibis.least(middle, ended) - ibis.greatest(at, begun), 0)
    carried = ibis.greatest(ibis.least(end, ended) - ibis.greatest(middle, begun), 0)
    near = (joined.period_run.fill_null("") != "") & (
        (at - begun < joined.interval) | (ended - middle < joined.interval)
    )
    return joined.mutate(
        run=joined.period_run.fill_null(""),
        day=joined.period_day.fill_null(at // DAY_MS),
        is_here=(begun <= at) & (at < ended),
        at_border=near,
        measured=measured,
        carried=carried,
    )


def _split(is_split: bool) -> tuple[str, ...]:
    return SPLIT if is_split else ()


def _whole_number(value: Any) -> Any:
    return (value + 0.5).floor().cast("int64")


def _rows(engine: Engine, table: Any) -> list[dict[str, Any]]:
    return list(engine.fetch(table).to_pylist())
