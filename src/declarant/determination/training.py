"""A training run under a regime: the amount against the limit, under every reading of the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from declarant.compute.ledger import Ledger, Segment, Share
from declarant.determination.amounts import NOT_KNOWN, amount_of_run
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
    ledger: Ledger
    counted: Counted
    limit: int
    until: date
    conditions: tuple[bool | None, ...]
    cost_exceeds: bool | None

    def under(self, reading: str, choices: Choices) -> ReadingVerdict:
        amount = amount_of_run(
            self.ledger, self.run.id, self.run.model, self.counted, choices, self.until
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
    crosses = crossing_day(ledger, run, counted, cautious, limit.value)
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
        findings=_findings(run, default),
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


def crossing_day(
    ledger: Ledger, run: TrainingRun, counted: Counted, choices: Choices, limit: int
) -> date | None:
    """Return the first day on which the best estimate passes the limit, planned work spread evenly.

    None when it is never passed, was passed before the planned work began, or days are unknown.
    """
    planned = [
        item
        for item in ledger.of_run(run.id).preferred.segments
        if item.share is Share.PLANNED and item.start is not None and item.end is not None
    ]
    if not planned:
        return None
    first = min(item.start for item in planned if item.start is not None)
    last = max(item.end for item in planned if item.end is not None)
    in_window = {**choices, "extent": "used_in_window"}

    def passed(day: date) -> bool | None:
        amount = amount_of_run(ledger, run.id, run.model, counted, in_window, day)
        return None if amount.best is None else amount.best > limit

    if passed(last) is not True or passed(first - timedelta(days=1)) is not False:
        return None
    low, high = first - timedelta(days=1), last
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
    limit, best = show_operations(question.limit), default.amount.best
    choices = dict(default.choices)
    if default.comparison is Comparison.ABOVE:
        to = question.verdict(choices, exceeding=False)
        shown = show_interval(default.amount)
        what = f"a total of {limit} operations or less instead of {shown}"
    elif default.comparison is Comparison.BELOW and best:
        to = question.verdict(choices, exceeding=True)
        ratio = float(Fraction(question.limit) / best)
        what = f"a total above {limit} operations, {ratio:.2f} times {show_operations(best)}"
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
                f"With the planned work spread evenly, the best estimate passes "
                f"{show_operations(limit.value)} on {crosses}."
            )
        )
    return reasons


def _counted_as(segment: Segment) -> str:
    columns = ((segment.model_operations, "model"), (segment.executed_operations, "executed"))
    amounts = [f"{name} {show_interval(amount)}" for amount, name in columns if amount]
    return (
        f"{segment.stage} ({segment.share.value}; {segment.purpose.value.replace('_', ' ')}), "
        f"counted by {segment.method.value.replace('_', ' ')}: {', '.join(amounts) or 'not known'}."
    )


def _findings(run: TrainingRun, default: ReadingVerdict) -> tuple[Finding, ...]:
    if default.amount is not NOT_KNOWN:
        return ()
    return (
        Finding(
            "determination.amount_unknown",
            f"nothing counts the operations of {run.name}.",
            Place(field=f"runs[{run.id}].parts"),
            "Give at least one part with a way to count it, such as the configuration and tokens.",
            Severity.WARNING,
            effect="the verdict is undetermined",
        ),
    )
