"""How long each sample stands for: to the next of its GPU, and no longer than the rules allow."""

from __future__ import annotations

from typing import Any

from declarant.compute.meter.devices import identity
from declarant.compute.meter.engine import Engine
from declarant.compute.meter.rules import CARRIED_INTERVALS, INTERVAL_STEP_MS


def ordered(engine: Engine, table: Any, *, is_split: bool, labelled: bool) -> Any:
    """Return the samples with the time of the next one of their GPU, kept by the engine.

    Of samples at one time the greatest stands last and lasts; the others last no time. `differs` is
    by how much the next one at the same time is greater.
    """
    import ibis

    split = ["imma", "dfma"] if is_split else []
    order = ["at", "tensor", *split, "clock", *(["label"] if labelled else [])]
    window = ibis.window(group_by=identity(table), order_by=order)
    following = {"next": table.at.lead(), "higher": table.tensor.lead()}
    if labelled:
        following["next_label"] = table.label.lead()
    kept = [*dict.fromkeys(("id", identity(table))), "at", "tensor", "clock", *split]
    kept += ["label"] if labelled else []
    made = table.select(*kept, **{name: value.over(window) for name, value in following.items()})
    return engine.keep(made, "ordered")


def inventory(table: Any) -> Any:
    """Return of every GPU its first and last sample (ms) and how many rows it has."""
    return table.group_by("id").aggregate(
        first=table.at.min(),
        last=table.at.max(),
        rows=table.count(),
    )


def distances(table: Any) -> Any:
    """Return how often which distance lies between samples of a GPU, in steps of 10 ms."""
    later = table.filter(table.next > table.at)
    step = INTERVAL_STEP_MS
    binned = later.select(
        number=later[identity(table)],
        distance=((later.next - later.at + step // 2) // step).cast("int64") * step,
    )
    return binned.group_by(["number", "distance"]).aggregate(times=binned.count())


def medians(table: Any) -> Any:
    """Return the median distance of each GPU and how many distances it rests on."""
    import ibis

    held = distances(table)
    along = ibis.window(group_by="number", order_by="distance", preceding=None, following=0)
    whole = ibis.window(group_by="number")
    summed = held.mutate(
        passed=held.times.sum().over(along).cast("int64"),
        total=held.times.sum().over(whole).cast("int64"),
    )
    half = summed.filter(summed.passed * 2 >= summed.total)
    return half.group_by("number").aggregate(
        interval=half.distance.min(), distances=half.total.max()
    )


def spans(table: Any) -> Any:
    """Return the samples with what they stand for, in ms, by the `interval` of their GPU.

    Adds `spacing` (to the next sample, null for the last), `measured`, `carried` and `gap`.
    """
    import ibis

    made = table.mutate(spacing=table.next - table.at)
    spacing = made.spacing.fill_null(made.interval)
    measured = ibis.least(spacing, made.interval)
    reach = ibis.least(spacing, made.interval * CARRIED_INTERVALS)
    return made.mutate(measured=measured, carried=reach - measured, gap=spacing - reach)
