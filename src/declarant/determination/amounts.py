"""How many operations a training run used, under one reading of what counts.

A regime is a filter over the ledger: purposes it counts, leaves out, or is silent on (then a
reading decides), recomputation, stages, and how much of a run that is not finished.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from declarant.compute.ledger import Ledger, Segment, Share
from declarant.determination.counting import Counted
from declarant.determination.verdict import Choices
from declarant.quantities import Interval
from declarant.register.facts import Facts, TrainingRun

NOT_KNOWN = Interval.at_least(0, "not known")


def amount_of_run(
    ledger: Ledger,
    run: TrainingRun,
    stages: tuple[TrainingRun, ...],
    counted: Counted,
    choices: Choices,
    until: date,
) -> Interval:
    """Return the operations of a run under `choices`.

    Args:
        ledger: all segments known.
        run: the run.
        stages: every run that is a stage of one training run with it, itself among them.
        counted: what the regime counts.
        choices: the option taken in each dimension of reading.
        until: last day of the look-ahead, for the reading of `extent` "used_in_window".

    Returns:
        The amount; without an upper bound where a run or a counted segment has none. Work that was
        planned in a run that has ended counts as nothing: it was never done.
    """
    adding_up = counted.stages_add_up(choices)
    among = {each.id: each for each in (stages if adding_up else (run,))}
    recomputed = counted.recomputation_counts(choices)
    amounts = [
        (segment, _operations(segment, recomputed) * _part_that_counts(segment, choices, until))
        for segment in ledger.preferred.segments
        if segment.run in among
        and counted.purpose_counts(segment.purpose.value, choices)
        and not (segment.share is Share.PLANNED and among[segment.run].has_ended)
    ]
    measured = {segment.run for segment in ledger.segments}
    unknown = [NOT_KNOWN for name in among if name not in measured]
    if run.id not in measured:
        return NOT_KNOWN
    if adding_up:
        return Interval.total([*(amount for _, amount in amounts), *unknown])
    return _largest_stage(amounts)


def stages_of(facts: Facts, run: TrainingRun) -> tuple[TrainingRun, ...]:
    """Return the runs of the run's model and of the models that it was trained from."""
    parents = {model.id: model.trained_from for model in facts.models}
    lineage: list[str] = []
    model: str | None = run.model
    while model is not None and model not in lineage:
        lineage.append(model)
        model = parents.get(model)
    return tuple(each for each in facts.runs if each.model in lineage)


def _operations(segment: Segment, recomputed: bool) -> Interval:
    """Return the column that counts; where it is missing, what the other one proves about it."""
    model, executed = segment.model_operations, segment.executed_operations
    if recomputed:
        if executed is not None:
            return executed
        # machines execute at least what the mathematics needs
        return NOT_KNOWN if model is None else Interval.at_least(model.low, "executed not known")
    if model is not None:
        return model
    return (
        NOT_KNOWN
        if executed is None
        else Interval.between(0, executed.high, reason="model operations not known")
    )


def _part_that_counts(segment: Segment, choices: Choices, until: date) -> Interval:
    """Return the share of a planned segment that the reading of `extent` takes in, 0 to 1."""
    extent = choices.get("extent", "planned_total")
    if segment.share is Share.DONE or extent == "planned_total":
        return Interval.exactly(1)
    if extent == "used_to_date":
        return Interval.exactly(0)
    if segment.start is None or segment.end is None:
        if segment.start is not None and segment.start > until:
            return Interval.exactly(0)
        return Interval.between(0, 1, reason=f"{segment.id}: planned days not known")
    return Interval.exactly(elapsed_share(segment.start, segment.end, until))


def elapsed_share(start: date, end: date, until: date) -> Fraction:
    """Return the share of the days from `start` to `end` (both included) that lie up to `until`."""
    days = (end - start).days + 1
    past = (min(until, end) - start).days + 1
    return Fraction(max(0, past), days)


def _largest_stage(amounts: Iterable[tuple[Segment, Interval]]) -> Interval:
    stages: dict[str, Interval] = {}
    for segment, amount in amounts:
        stages[segment.stage] = stages.get(segment.stage, Interval.exactly(0)) + amount
    if not stages:
        return Interval.exactly(0)
    highs = [stage.high for stage in stages.values()]
    bests = [stage.best for stage in stages.values()]
    return Interval(
        max(stage.low for stage in stages.values()),
        None if None in bests else max(best for best in bests if best is not None),
        None if None in highs else max(high for high in highs if high is not None),
        "largest stage",
    )
