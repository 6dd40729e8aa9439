"""A training run under a regime: the amount against the limit, under every reading of the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from declarant.compute.ledger import Ledger, Segment, Share
from declarant.determination.amounts import NOT_KNOWN, amount_of_run, stages_of
from declarant.determination.citing import cite
from declarant.determination.counting import Counted
from declarant.determination.period import Case, when_of_run
from declarant.determination.verdict import (
    ActivityVerdict,
    Choices,
    Flip,
    ReadingVerdict,
    Reason,
    Verdict,
    exceeds,
)
from declarant.law import Limit, ReadingDimension
from declarant.problems import Finding, Place, Severity
from declarant.quantities import Comparison, show_interval, show_operations
from declarant.register.facts import TrainingRun

NARROWEST = "narrowest"
DEFAULT = "default"
COST, NOT_REQUIRED = "compute_cost", "not_required"


@dataclass(frozen=True, slots=True)
class _Question:
    """What stays the same while the readings change."""

    run: TrainingRun
    stages: tuple[TrainingRun, ...]
    ledger: Ledger
    counted: Counted
    limit: int
    until: date
    conditions: tuple[bool | None, ...]
    cost_exceeds: bool | None

    @property
    def adds_up(self) -> bool:
        """Whether the stages of one model may count together."""
        return self.counted.stages.treatment != "out"

    def under(self, reading: str, choices: Choices) -> ReadingVerdict:
        amount = amount_of_run(
            self.ledger, self.run, self.stages, self.counted, choices, self.until
        )
        comparison = amount.compared_with(self.limit)
        return ReadingVerdict(
            reading,
            tuple(choices.items()),
            self.verdict(choices, exceeding=exceeds(comparison)),
            amount,
            comparison,
        )

    def verdict(self, choices: Choices, *, exceeding: bool | None) -> Verdict:
        """Return the verdict when the limit is exceeded or not, or nobody knows."""
        return Verdict.of(*self.conditions, self._cost(choices), exceeding)

    def _cost(self, choices: Choices) -> bool | None:
        """Whether a limit on cost is met: where the law has one, a reading says if it matters."""
        return self.cost_exceeds if choices.get(COST, NOT_REQUIRED) != NOT_REQUIRED else True


def determine_run(case: Case, run: TrainingRun) -> ActivityVerdict:
    """Return the verdict on one training run, under the default reading and every other one.

    Readings are varied one at a time. Every reading but the default can only leave work out, so the
    narrowest combination bounds them all: when it gives the same verdict, no combination flips it.
    """
    law, period, ledger = case.law, case.period, case.facts.ledger
    limit = case.activity.limit_on("operations", period.law_as_of)
    dimensions = law.readings_of("training_run")
    counted = Counted.under(law, period.law_as_of)
    when = when_of_run(run, period)
    cost, cost_reasons = _cost_exceeds(case, run)
    question = _Question(
        run,
        stages_of(case.facts, run),
        ledger,
        counted,
        limit.value,
        period.until,
        (case.coverage.covered, when.counts),
        cost,
    )
    cautious = {dimension.id: dimension.default.id for dimension in dimensions}
    default = question.under(DEFAULT, cautious)
    others = [
        question.under(f"{dimension.id}={option.id}", {**cautious, dimension.id: option.id})
        for dimension in dimensions
        for option in dimension.options
        if option.id != dimension.default.id
    ]
    narrowest = question.under(
        NARROWEST, {dimension.id: _narrowest(dimension) for dimension in dimensions}
    )
    crosses = _crossing_day(question, cautious)
    return ActivityVerdict(
        id=run.id,
        name=run.name,
        kind="training_run",
        activity=case.activity.id,
        verdict=default.verdict,
        when=when.word,
        amount=default.amount,
        limit=limit.value,
        readings=(default, *others, *([narrowest] if dimensions else [])),
        flips=(
            *_reading_flips(default, others, narrowest, dimensions),
            *_value_flips(default, question),
        ),
        why=(
            *case.coverage.why,
            when.why,
            *_amount_reasons(default, limit, run, ledger, crosses),
            *cost_reasons,
        ),
        findings=(*when.findings, *_findings(run, default, question)),
        crosses=crosses,
    )


def _cost_exceeds(case: Case, run: TrainingRun) -> tuple[bool | None, tuple[Reason, ...]]:
    """Return whether the run's cost passes the law's limit on cost; True when it has none."""
    limit = case.activity.compute_cost_on(case.period.law_as_of)
    if limit is None:
        return True, ()
    citation = cite(limit.citation)
    if run.compute_cost is None or run.compute_cost.currency != limit.currency:
        return None, (Reason(f"Its cost of compute in {limit.currency} is not known.", citation),)
    cost = run.compute_cost.amount
    relation = "more than" if cost > limit.value else "not more than"
    text = f"Its compute costs {cost:,} {limit.currency}, {relation} {limit.value:,}."
    return cost > limit.value, (Reason(text, citation),)


def _crossing_day(question: _Question, choices: Choices) -> date | None:
    """Return the first day on which the best estimate passes the limit, planned work spread evenly.

    None when it is never passed, was passed before the planned work began, or days are unknown.
    """
    days = [
        (item.start, item.end)
        for item in question.ledger.of_run(question.run.id).preferred.segments
        if item.share is Share.PLANNED and item.start is not None and item.end is not None
    ]
    if not days or question.run.has_ended:
        return None
    in_window = {**choices, "extent": "used_in_window"}

    def passed(day: date) -> bool | None:
        amount = replace(question, until=day).under(DEFAULT, in_window).amount
        return None if amount.best is None else amount.best > question.limit

    low = min(start for start, _ in days) - timedelta(days=1)
    high = max(end for _, end in days)
    if passed(high) is not True or passed(low) is not False:
        return None
    while (high - low).days > 1:  # passed(low) is False, passed(high) is True
        middle = low + timedelta(days=(high - low).days // 2)
        if passed(middle):
            high = middle
        else:
            low = middle
    return high


def _narrowest(dimension: ReadingDimension) -> str:
    # options stand from the widest to the narrowest: the schema asks for it
    return dimension.options[-1].id


def _reading_flips(
    default: ReadingVerdict,
    others: list[ReadingVerdict],
    narrowest: ReadingVerdict,
    dimensions: tuple[ReadingDimension, ...],
) -> tuple[Flip, ...]:
    flips = [
        Flip("reading", other.id, other.verdict, _in_words(other.id, dimensions))
        for other in others
        if other.verdict is not default.verdict
    ]
    if not flips and dimensions and narrowest.verdict is not default.verdict:
        text = "Read every open question the narrow way at once."
        flips.append(Flip("reading", NARROWEST, narrowest.verdict, text))
    return tuple(flips)


def _value_flips(default: ReadingVerdict, question: _Question) -> tuple[Flip, ...]:
    """Return the amount at which the verdict turns, if all else allows it to turn."""
    limit = show_operations(question.limit)
    choices = dict(default.choices)
    if default.comparison is Comparison.ABOVE:
        to = question.verdict(choices, exceeding=False)
        shown = show_interval(default.amount)
        what = f"a total of {limit} operations or less instead of {shown}"
    elif default.comparison is Comparison.BELOW:
        to = question.verdict(choices, exceeding=True)
        what = f"a total above {limit} operations instead of {show_interval(default.amount)}"
    else:
        return ()
    return () if to is default.verdict else (Flip("value", what, to),)


def _in_words(reading: str, dimensions: tuple[ReadingDimension, ...]) -> str:
    name, _, chosen = reading.partition("=")
    dimension = next(item for item in dimensions if item.id == name)
    option = next(item for item in dimension.options if item.id == chosen)
    return f"{dimension.question.en} {option.title.en} ({reading})."


def _amount_reasons(
    default: ReadingVerdict, limit: Limit, run: TrainingRun, ledger: Ledger, crosses: date | None
) -> list[Reason]:
    words = {
        Comparison.ABOVE: "is greater than",
        Comparison.BELOW: "is not greater than",
        Comparison.STRADDLES: "may or may not be greater than",
    }[default.comparison]
    reasons = [
        Reason(
            f"Under the default reading it uses {show_interval(default.amount)} operations, which "
            f"{words} {show_operations(limit.value)}.",
            cite(limit.citation),
        )
    ]
    reasons += [
        Reason(_counted_as(segment)) for segment in ledger.of_run(run.id).preferred.segments
    ]
    if crosses:
        reasons.append(
            Reason(
                f"With the planned work spread evenly, the best estimate is expected to pass "
                f"{show_operations(limit.value)} on {crosses}."
            )
        )
    return reasons


def _counted_as(segment: Segment) -> str:
    columns = ((segment.model_operations, "model"), (segment.executed_operations, "executed"))
    amounts = [f"{name} {show_interval(amount)}" for amount, name in columns if amount]
    purpose = segment.purpose.value.replace("_", " ")
    same = purpose == segment.stage.replace("-", " ").lower()
    return (
        f"{segment.stage} ({segment.share.value}{'' if same else f', {purpose}'}), counted by "
        f"{segment.method.value.replace('_', ' ')}: {', '.join(amounts) or 'not known'}."
    )


def _findings(run: TrainingRun, default: ReadingVerdict, question: _Question) -> Iterator[Finding]:
    if default.amount is NOT_KNOWN:
        yield Finding(
            "determination.amount_unknown",
            f"nothing counts the operations of {run.name}.",
            Place(field=f"runs[{run.id}].parts"),
            "Give at least one part with a way to count it, such as the configuration and tokens.",
            Severity.WARNING,
            effect="the verdict is undetermined",
        )
    measured = {segment.run for segment in question.ledger.segments}
    for stage in question.stages:
        if stage.id != run.id and stage.id not in measured and question.adds_up:
            yield Finding(
                "determination.stage_unknown",
                f"nothing counts {stage.name}, a stage of the same training as {run.name}.",
                Place(field=f"runs[{stage.id}].parts"),
                "Give at least one part with a way to count it.",
                effect="the amount has no upper bound",
            )
    planned = [
        segment.id
        for segment in question.ledger.of_run(run.id).segments
        if segment.share is Share.PLANNED
    ]
    if run.has_ended and planned:
        yield Finding(
            "determination.planned_after_end",
            f"{run.name} is {run.status.value}, but {planned[0]} is planned.",
            Place(field=f"runs[{run.id}].parts"),
            "Remove it, or correct the run's status.",
            effect="it counts as nothing",
        )
