"""Facts under a regime on a day: the whole determination, from coverage to the clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from declarant.determination.citing import cite
from declarant.determination.clocks import clocks_that_follow
from declarant.determination.clusters import determine_cluster
from declarant.determination.coverage import determine_coverage
from declarant.determination.period import Case, Period, calendar_quarter_start
from declarant.determination.training import determine_run
from declarant.determination.verdict import Determination
from declarant.law import Activity, Quarter, Regime, months_after
from declarant.register.facts import Cluster, Facts, TrainingRun

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
    work = [(activity, item) for activity in law.activities for item in _subjects(activity, facts)]
    activities = []
    for number, (activity, subject) in enumerate(work, start=1):
        case = Case(facts, law, activity, coverage, _period(activity, law, as_of, law_day, quarter))
        activities.append(
            determine_run(case, subject)
            if isinstance(subject, TrainingRun)
            else determine_cluster(case, subject)
        )
        if advance is not None:
            advance(number, len(work))
    clocks, clock_findings = clocks_that_follow(facts, regime, tuple(activities), as_of)
    status = regime.status_on(law_day)
    return Determination(
        regime=regime.id,
        as_of=as_of,
        law_as_of=law_day,
        status=f"{status.name.en}: {status.text.en}",
        in_force=regime.in_force_on(law_day),
        coverage=coverage,
        activities=tuple(activities),
        clocks=clocks,
        inputs=tuple((evidence.path, evidence.sha256) for evidence in facts.evidence),
        findings=(*facts.findings, *findings, *clock_findings),
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
    return Period(start, as_of, until, law_day, cite(activity.citation))
