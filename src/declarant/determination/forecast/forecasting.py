"""From the facts to a forecast: every sum, by its plan and by the logs of its runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from declarant.compute.forecast import Draw, crossing_of
from declarant.compute.forecast.crossing import compared
from declarant.compute.ledger import Share
from declarant.compute.progress import Progress
from declarant.determination.coverage import determine_coverage
from declarant.determination.forecast.answer import Chance, Forecast, QuarterChance, SumForecast
from declarant.determination.forecast.notice import notices_of
from declarant.determination.forecast.running import Running, running
from declarant.determination.forecast.stretches import Placed, course_of, doubts, placed
from declarant.determination.forecast.sums import AskedSum, sums_asked
from declarant.determination.forecast.totals import drawn_of
from declarant.law import Quarter, Regime, due
from declarant.problems import BadInput, Finding, Severity
from declarant.register.facts import Facts

NOTIFICATION = "notification"
Advance = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Draws:
    """How chances are drawn: the number of paths, the seed, and how many quarterly dates."""

    paths: int = 2000
    seed: int = 0
    quarters: int = 4


def forecast(
    facts: Facts,
    regimes: tuple[Regime, ...],
    quarterly: Regime,
    as_of: date,
    *,
    law_as_of: date | None = None,
    run: str | None = None,
    draws: Draws | None = None,
    progress: Mapping[str, Progress] | None = None,
    advance: Advance | None = None,
) -> Forecast:
    """Return when every sum passes its limit.

    Args:
        facts: what is known.
        regimes: whose sums and limits are asked for.
        quarterly: the regime whose quarterly dates and look-ahead chances are given for.
        as_of: the day of evaluation; it decides which quarterly dates lie ahead.
        law_as_of: the day whose law is applied; `as_of` when None.
        run: only sums that hold this run.
        draws: how chances are drawn. The same facts, day and seed give the same answer.
        progress: by run id; the facts' own when None.
        advance: called as advance(done, total) after each run and each sum.

    Raises:
        BadInput: when the quarterly rule, or the only regime asked for, has no value for that day.
    """
    chosen = draws or Draws()
    law_day = law_as_of or as_of
    quarters = tuple(_quarters(quarterly, as_of, chosen.quarters))
    held, findings = _asked(facts, regimes, law_day)
    asked = [each for each in held if run is None or any(item.id == run for item in each.runs)]
    wanted = {item.id for each in asked for item in each.runs}
    steps = len(wanted) + len(asked)
    paths: dict[str, Running] = {}
    told: list[Finding] = list(doubts(facts, as_of))
    for number, item in enumerate(facts.runs):
        if item.id not in wanted:
            continue
        marks = facts.progress_of(item.id) if progress is None else progress.get(item.id)
        segments = facts.ledger.of_run(item.id).preferred.segments
        # each run has a sequence of its own, so that another run in the register changes nothing
        draw = Draw(chosen.paths, (chosen.seed, *item.id.encode()))
        found, doubtful = running(item, segments, marks, draw)
        told += doubtful
        if found is not None:
            paths[item.id] = found
        if advance is not None:
            advance(number + 1, steps)
    sums = []
    for number, each in enumerate(asked, start=len(wanted) + 1):
        sums.append(_sum(each, facts, paths, quarters, as_of))
        if advance is not None:
            advance(number, steps)
    return Forecast(
        as_of,
        law_day,
        chosen.paths,
        chosen.seed,
        quarterly.id,
        tuple(sums),
        (*findings, *(finding for finding in told if _about(finding, wanted))),
    )


def _asked(
    facts: Facts, regimes: tuple[Regime, ...], law_day: date
) -> tuple[list[AskedSum], list[Finding]]:
    """Return the sums of the laws that hold on a day, and which laws have nothing for it.

    Raises:
        BadInput: when none of them has.
    """
    asked: list[AskedSum] = []
    findings: list[Finding] = []
    for regime in regimes:
        try:
            asked += sums_asked(facts, (regime,), law_day)
        except BadInput as error:
            if len(regimes) == 1:
                raise
            findings += [
                Finding(
                    "forecast.law_without_value",
                    f"{regime.id}: {found.what}",
                    found.where,
                    found.mend,
                    Severity.NOTE,
                    effect="that law is left out",
                )
                for found in error.findings
            ]
    return asked, findings


def _sum(
    asked: AskedSum,
    facts: Facts,
    paths: Mapping[str, Running],
    quarters: tuple[Quarter, ...],
    as_of: date,
) -> SumForecast:
    work = placed(facts, asked, as_of)
    course = course_of(asked, work)
    crossing = crossing_of(course, asked.limit, as_of)
    drawn = drawn_of(asked, work, paths)
    coverage, _ = determine_coverage(facts.person, asked.law)
    notices, none_because = notices_of(asked, crossing, drawn, facts, coverage.covered, as_of)

    def chance(day: date) -> Chance:
        return Chance.of(day, compared(course.on(day), asked.limit), drawn)

    return SumForecast(
        id=asked.id,
        name=asked.name,
        runs=tuple(run.id for run in asked.runs),
        regime=asked.law.id,
        law=asked.law.short_title.en,
        activity=asked.activity.id,
        effect=asked.activity.effect,
        status=asked.law.status_on(as_of).name.en if _has_status(asked.law, as_of) else "",
        covered=coverage.covered,
        limit=asked.limit,
        citation=asked.citation,
        basis=_basis(work, drawn is not None),
        now=course.on(as_of),
        at_end=course.on(course.days(as_of)[1]),
        crossing=crossing,
        drawn=drawn,
        quarters=tuple(
            QuarterChance(
                str(quarter), chance(quarter.notification_due), chance(quarter.window_end)
            )
            for quarter in quarters
        ),
        notices=notices,
        no_notice=none_because,
        course=course,
    )


def _has_status(law: Regime, day: date) -> bool:
    return law.status[0].day <= day


def _basis(work: tuple[Placed, ...], has_paths: bool) -> str:
    planned = any(item.segment is not None and item.segment.share is Share.PLANNED for item in work)
    if has_paths:
        return "history and plan" if planned else "history"
    if planned:
        return "plan"
    return "unknown" if any(item.segment is None for item in work) else "done"


def _quarters(law: Regime, as_of: date, number: int) -> Iterator[Quarter]:
    """Yield the quarters whose dates come next."""
    quarter = due(law, NOTIFICATION, as_of).quarter
    for _ in range(number):
        if quarter is None:
            return
        yield quarter
        quarter = quarter.next()


def _about(finding: Finding, wanted: set[str]) -> bool:
    return any(f"runs[{run}]" in str(finding.where) for run in wanted)
