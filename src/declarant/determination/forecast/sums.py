"""The sums that regimes ask for: stages of one model added up, and what a modifier adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from declarant.compute.ledger import Ledger, Segment
from declarant.determination.amounts import NOT_KNOWN, amount_of_run, stages_of
from declarant.determination.citing import cite
from declarant.determination.counting import Counted
from declarant.determination.verdict import Choices
from declarant.law import Activity, Regime
from declarant.quantities import Interval, show_interval
from declarant.register.facts import Facts, Model, TrainingRun

LOST = "lost_steps"


@dataclass(frozen=True, slots=True)
class AskedSum:
    """Runs whose operations an activity of a regime holds against a limit, together.

    Attributes:
        id: the runs' ids, joined by "+".
        name: what people call it.
        runs: in the register's order.
        law: the regime, with what holds on the day of law.
        activity: whose limit it is.
        limit: to be exceeded, strictly; an interval where it is a share of another amount.
        citation: of the limit.
        counted: what the regime counts.
        choices: the cautious option of each reading.
        adds_up: whether the stages are summed; else the largest stage of one run counts.
    """

    id: str
    name: str
    runs: tuple[TrainingRun, ...]
    law: Regime
    activity: Activity
    limit: Interval
    citation: str
    counted: Counted
    choices: Choices
    adds_up: bool

    @property
    def counts_lost_steps(self) -> bool:
        """Whether steps rolled back count."""
        return self.counted.purpose_counts(LOST, self.choices)

    def contribution(self, segment: Segment, run: TrainingRun) -> Interval:
        """Return what one segment of `run` adds, planned work in full."""
        return _contribution(segment, run, self.counted, self.choices)


def sums_asked(facts: Facts, regimes: Iterable[Regime], law_as_of: date) -> Iterator[AskedSum]:
    """Yield each sum once, by regime, activity and run.

    Raises:
        BadInput: when the law at hand holds no limit for that day.
    """
    for regime in regimes:
        law = regime.on(law_as_of)
        counted = Counted.under(law, law_as_of)
        choices = {item.id: item.default.id for item in law.readings_of("training_run")}
        for activity in law.activities:
            if activity.kind == "training_run":
                yield from _of_runs(facts, law, activity, counted, choices, law_as_of)
            elif activity.kind == "modification":
                yield from _of_modifiers(facts, law, activity, counted, choices, law_as_of)


def _of_runs(
    facts: Facts,
    law: Regime,
    activity: Activity,
    counted: Counted,
    choices: Choices,
    law_as_of: date,
) -> Iterator[AskedSum]:
    limit = activity.limit_on("operations", law_as_of)
    adds_up = counted.stages_add_up(choices)
    asked: set[str] = set()
    for run in facts.runs:
        runs = stages_of(facts, run) if adds_up else (run,)
        sum_id = _id(runs)
        if sum_id not in asked:
            asked.add(sum_id)
            yield AskedSum(
                sum_id,
                _name(facts, run, runs),
                runs,
                law,
                activity,
                Interval.exactly(limit.value),
                cite(limit.citation),
                counted,
                choices,
                adds_up,
            )


def _of_modifiers(
    facts: Facts,
    law: Regime,
    activity: Activity,
    counted: Counted,
    choices: Choices,
    law_as_of: date,
) -> Iterator[AskedSum]:
    """Yield what is spent on each model made from another one, against a share of that one's."""
    share = activity.share_on(law_as_of)
    for model in facts.models:
        runs = tuple(run for run in facts.runs if run.model == model.id)
        if share is None or model.trained_from is None or not runs:
            continue
        original = _original(facts, facts.model(model.trained_from), counted, choices)
        limit = (original * share.value).because(
            f"{share.value} of {show_interval(original)} for {model.trained_from}"
        )
        yield AskedSum(
            _id(runs),
            _name(facts, runs[0], runs),
            runs,
            law,
            activity,
            limit,
            cite(share.citation),
            counted,
            choices,
            True,
        )


def _original(facts: Facts, model: Model, counted: Counted, choices: Choices) -> Interval:
    """Return the whole training compute of a model and of those it was made from."""
    runs = [run for run in facts.runs if run.model == model.id]
    among = {each.id: each for run in runs for each in stages_of(facts, run)}
    measured = {segment.run for segment in facts.ledger.segments}
    if not among or any(name not in measured for name in among):
        return NOT_KNOWN
    return Interval.total(
        _contribution(segment, among[segment.run], counted, choices)
        for segment in facts.ledger.preferred.segments
        if segment.run in among
    )


def _contribution(
    segment: Segment, run: TrainingRun, counted: Counted, choices: Choices
) -> Interval:
    in_full = {**choices, "extent": "planned_total"}
    return amount_of_run(Ledger((segment,)), run, (run,), counted, in_full, date.max)


def _id(runs: tuple[TrainingRun, ...]) -> str:
    return "+".join(run.id for run in runs)


def _name(facts: Facts, run: TrainingRun, runs: tuple[TrainingRun, ...]) -> str:
    if len(runs) == 1:
        return runs[0].name
    return f"{facts.model(run.model).name}: {' + '.join(each.name for each in runs)}"
