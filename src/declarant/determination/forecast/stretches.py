"""From the ledger's segments to work that lies in time, as a regime counts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from declarant.compute.forecast import LONGEST, Course, Schedule, Stretch
from declarant.compute.ledger import Purpose, Segment, Share
from declarant.determination.amounts import NOT_KNOWN
from declarant.determination.forecast.sums import AskedSum
from declarant.problems import Finding, Place, Severity
from declarant.quantities import Interval
from declarant.register.facts import Facts, TrainingRun

TRAINED = frozenset(
    {
        Purpose.PRE_TRAINING,
        Purpose.MID_TRAINING,
        Purpose.FINE_TUNING,
        Purpose.REINFORCEMENT_LEARNING,
    }
)
"""What a trainer's own log follows; work for other purposes keeps to the plan."""

NO_PLAN = NOT_KNOWN.because("the register does not say what is still planned")


@dataclass(frozen=True, slots=True)
class Placed:
    """One segment's work in time, with what it adds to a sum; `segment` None: nobody counts it."""

    run: TrainingRun
    segment: Segment | None
    stretch: Stretch

    @property
    def amount(self) -> Interval:
        """What it adds, all of it."""
        return self.stretch.amount


def placed(facts: Facts, asked: AskedSum, as_of: date) -> tuple[Placed, ...]:
    """Return the work that a sum is made of.

    A run without any segment, or still going on without a plan, adds an amount nobody knows.
    """
    held: list[Placed] = []
    for run in asked.runs:
        segments = facts.ledger.of_run(run.id).preferred.segments
        for segment in segments:
            amount = asked.contribution(segment, run)
            if amount.high != 0:
                held.append(Placed(run, segment, _stretch(segment, run, amount, segments, as_of)))
        if not segments:
            held.append(Placed(run, None, Stretch(NOT_KNOWN, run.start, None)))
        elif lacks_plan(run, segments):
            start = _after_done(segments, as_of)
            held.append(Placed(run, None, Stretch(NO_PLAN, start, None)))
    return tuple(held)


def course_of(asked: AskedSum, work: tuple[Placed, ...]) -> Course:
    """Return the plan of a sum."""
    return Course(tuple(item.stretch for item in work), largest_group=not asked.adds_up)


def lacks_plan(run: TrainingRun, segments: tuple[Segment, ...]) -> bool:
    """Whether a run goes on, and nothing says what it still has to do."""
    return not run.has_ended and not any(
        segment.share is Share.PLANNED and segment.purpose in TRAINED for segment in segments
    )


def _stretch(
    segment: Segment,
    run: TrainingRun,
    amount: Interval,
    segments: tuple[Segment, ...],
    as_of: date,
) -> Stretch:
    if segment.share is Share.DONE:
        return Stretch.between(
            amount,
            segment.start,
            segment.end,
            done_by=segment.end or _done_by(segments, as_of),
            group=segment.stage,
        )
    schedule = Schedule(run.plan.devices)
    start = segment.start or _start(run, segments, as_of)
    tokens = dict(run.plan.tokens).get(segment.work)
    if segment.end is None and tokens and run.plan.tokens_per_day:
        needed = tokens / run.plan.tokens_per_day
        return Stretch(amount, start, needed, schedule, group=segment.stage)
    end = segment.end or run.end
    if start is not None and end is not None and end < start:
        end = None
    return Stretch.between(amount, start, end, schedule=schedule, group=segment.stage)


def _start(run: TrainingRun, segments: tuple[Segment, ...], as_of: date) -> date | None:
    """Return when planned work without a first day goes on: after what is done, or at the start."""
    if any(segment.share is Share.DONE for segment in segments):
        return _after_done(segments, as_of)
    return run.start


def _after_done(segments: tuple[Segment, ...], as_of: date) -> date:
    last = _done_by(segments, as_of)
    return last + timedelta(days=1) if last < date.max else last


def _done_by(segments: tuple[Segment, ...], as_of: date) -> date:
    """Return the last day known of a run's done work; the day of evaluation when none is."""
    done = [
        segment.end
        for segment in segments
        if segment.share is Share.DONE and segment.end is not None
    ]
    return max(done, default=as_of)


def doubts(facts: Facts, as_of: date) -> Iterator[Finding]:
    """Yield what in the register makes a plan's days doubtful, each run once."""
    for run in facts.runs:
        segments = facts.ledger.of_run(run.id).preferred.segments
        if segments and lacks_plan(run, segments):
            yield Finding(
                "forecast.nothing_planned",
                f"{run.name} goes on, but nothing says what is still planned.",
                Place(field=f"runs[{run.id}].parts"),
                "Add a part with share: planned and its tokens.",
                effect="its plan has no upper bound; only a log of its progress can foretell it",
            )
        for segment in segments:
            if segment.share is not Share.PLANNED or run.has_ended:
                continue
            if segment.end is not None and segment.end < as_of:
                yield Finding(
                    "forecast.plan_is_past",
                    f"{segment.work} was planned until {segment.end}, before {as_of}.",
                    Place(field=f"runs[{run.id}].parts"),
                    "Write down what was done of it.",
                    effect="it is forecast as if the plan had been kept",
                )
            tokens = dict(run.plan.tokens).get(segment.work)
            if segment.end is not None and tokens and run.plan.tokens_per_day:
                days = tokens / run.plan.tokens_per_day
                start = segment.start or _start(run, segments, as_of)
                by_pace = start and Schedule(run.plan.devices).day_after(start, days, LONGEST)
                if by_pace and by_pace != segment.end:
                    yield Finding(
                        "forecast.pace_and_end_differ",
                        f"at the pace of the plan {segment.work} ends on {by_pace}; its end is "
                        f"{segment.end}.",
                        Place(field=f"runs[{run.id}].plan.tokens_per_day"),
                        "Leave out the one that does not hold.",
                        Severity.NOTE,
                        effect="the written end is used",
                    )
