"""Facts under a regime on a day: the whole determination, from coverage to the clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from declarant.determination.citing import cite
from declarant.determination.clocks import clocks_that_follow, next_quarter
from declarant.determination.clusters import determine_cluster
from declarant.determination.coverage import determine_coverage
from declarant.determination.period import Case, Period, calendar_quarter_start
from declarant.determination.training import determine_run
from declarant.determination.verdict import (
    ActivityVerdict,
    CoverageVerdict,
    Determination,
    Verdict,
)
from declarant.law import Activity, Quarter, Regime, months_after
from declarant.problems import Finding, Place, Severity
from declarant.register.facts import Cluster, Facts, TrainingRun
from declarant.register.plausibility import plausibility_of

Advance = Callable[[int, int], None]


def determine(
    facts: Facts,
    regime: Regime,
    as_of: date,
    *,
    law_as_of: date | None = None,
    quarter: Quarter | None = None,
    advance: Advance | None = None,
) -> Determination:
    """Decide what must be reported under `regime`.

    Args:
        facts: what is known.
        regime: the law as data.
        as_of: the day the facts are looked at.
        law_as_of: the day whose law is applied; `as_of` when None. An old filing evaluated again
            with the law of its day gives the same answer.
        quarter: the quarter reported on. Then the period begins with it, and the look-ahead ends
            where that quarter's notification says. Without it, the period is the calendar quarter
            of `as_of` and the look-ahead is counted from `as_of`.
        advance: called as advance(done, total) after each activity.

    Raises:
        BadInput: when the law at hand holds no value for that day.
    """
    law_day = law_as_of or as_of
    law = regime.on(law_day)
    coverage, findings = determine_coverage(facts.person, law)

    def decided(of: Quarter | None) -> tuple[ActivityVerdict, ...]:
        return _decided(facts, law, coverage, (as_of, law_day, of), advance)

    activities = decided(quarter)
    upcoming = next_quarter(facts, law, as_of)
    # the next notification looks ahead from its own day, and so a little further than from today
    due_next = activities if quarter or upcoming is None else decided(upcoming)
    clocks, clock_findings = clocks_that_follow(facts, law, _any_applicable(due_next), as_of)
    status = regime.status_on(law_day)
    return Determination(
        regime=regime.id,
        as_of=as_of,
        law_as_of=law_day,
        status=f"{status.name.en}: {status.text.en}",
        in_force=regime.in_force_on(law_day),
        coverage=coverage,
        activities=activities,
        clocks=clocks,
        inputs=tuple((evidence.path, evidence.sha256) for evidence in facts.evidence),
        findings=(
            *facts.findings,
            *plausibility_of(facts, as_of),
            *findings,
            *_further_ahead(activities, due_next, upcoming),
            *clock_findings,
        ),
    )


def _decided(
    facts: Facts,
    law: Regime,
    coverage: CoverageVerdict,
    time: tuple[date, date, Quarter | None],
    advance: Advance | None,
) -> tuple[ActivityVerdict, ...]:
    """Return the verdict on everything the law asks about; `time`: as of, law as of, quarter."""
    work = [(activity, item) for activity in law.activities for item in _subjects(activity, facts)]
    activities = []
    for number, (activity, subject) in enumerate(work, start=1):
        case = Case(facts, law, activity, coverage, _period(activity, law, *time))
        activities.append(
            determine_run(case, subject)
            if isinstance(subject, TrainingRun)
            else determine_cluster(case, subject)
        )
        if advance is not None:
            advance(number, len(work))
    return tuple(activities)


def _any_applicable(activities: tuple[ActivityVerdict, ...]) -> bool:
    return any(item.verdict is not Verdict.NOT_REPORTABLE for item in activities)


def _further_ahead(
    activities: tuple[ActivityVerdict, ...],
    due_next: tuple[ActivityVerdict, ...],
    upcoming: Quarter | None,
) -> tuple[Finding, ...]:
    """Return what the next notification says beyond the look-ahead from today."""
    return tuple(
        Finding(
            "determination.in_next_notification",
            f"{later.name} is {later.verdict.value.replace('_', ' ')} in the notification for "
            f"{upcoming}, which looks ahead to {upcoming.window_end}.",
            Place(field=later.id),
            "Plan for it.",
            Severity.NOTE,
        )
        for now, later in zip(activities, due_next, strict=True)
        if upcoming is not None and now.verdict is not later.verdict
    )


def _subjects(activity: Activity, facts: Facts) -> tuple[TrainingRun | Cluster, ...]:
    """Return what an activity may be about; nothing for a kind that registers do not hold yet."""
    subjects: dict[str, tuple[TrainingRun | Cluster, ...]] = {
        "training_run": facts.runs,
        "cluster": facts.clusters,
    }
    return subjects.get(activity.kind, ())


def _period(
    activity: Activity, law: Regime, as_of: date, law_day: date, quarter: Quarter | None
) -> Period:
    if quarter is not None:
        start, until = quarter.first_day, quarter.window_end
    else:
        start = calendar_quarter_start(as_of)
        until = months_after(as_of, activity.look_ahead_on(law_day))
    recurring = any(clock.quarterly for clock in law.clocks)
    return Period(start, as_of, until, law_day, cite(activity.citation), recurring)
