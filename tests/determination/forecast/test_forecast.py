"""A register's sums against every regime's limits: days, chances, notices, and what is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest
from tests.determination.made import AS_OF, BIS, COVERED, LIMIT, facts, run, segment

from declarant.compute.forecast import Draw, Open
from declarant.compute.ledger import Purpose, Share
from declarant.compute.progress import Mark, Progress
from declarant.determination import determine
from declarant.determination.amounts import amount_of_run, stages_of
from declarant.determination.counting import Counted
from declarant.determination.forecast import Draws, Forecast, SumForecast, forecast
from declarant.determination.forecast.running import running
from declarant.law import load_regime, regime_ids
from declarant.quantities import Comparison, Interval
from declarant.register.facts import (
    Coverage,
    Facts,
    Filing,
    FilingKind,
    Model,
    Plan,
    RunStatus,
    TrainingRun,
)

EU = "eu-ai-act-gpai"
ALL = tuple(load_regime(regime) for regime in regime_ids())
DONE_END = date(2026, 12, 10)
REST_START, REST_END = date(2026, 12, 11), date(2027, 3, 20)  # a hundred days
FEW = Draws(paths=200, seed=3)


def done(operations: int = 5 * 10**25, number: int = 1) -> object:
    return segment(operations, start=date(2026, 10, 1), end=DONE_END, number=number)


def rest(operations: int | Interval, **more: object) -> object:
    known = {"start": REST_START, "end": REST_END, "number": 2, **more}
    return segment(operations, share=Share.PLANNED, **known)  # type: ignore[arg-type]


def foretell(
    known: Facts, progress: Progress | None = None, draws: Draws = FEW, day: date = AS_OF
) -> Forecast:
    held = {} if progress is None else {"run": progress}
    return forecast(known, ALL, load_regime(BIS), day, draws=draws, progress=held)


def one(made: Forecast, regime: str = BIS, activity: str = "training") -> SumForecast:
    return next(item for item in made.sums if (item.regime, item.activity) == (regime, activity))


def log(days: int = 70, wobble: float = 0.1, *, tokens: bool = False, seed: int = 1) -> Progress:
    """Return marks every three hours until the last done day; 1000 steps a day."""
    generator = np.random.default_rng(seed)
    end = datetime(2026, 12, 10, 21, tzinfo=UTC)
    number = days * 8
    steps = np.cumsum(np.maximum(generator.normal(125, 125 * wobble, number), 1)).astype(int)
    return Progress(
        tuple(
            Mark(
                end - timedelta(hours=3 * (number - 1 - index)),
                int(step),
                int(step) * 4_000_000 if tokens else None,
            )
            for index, step in enumerate(steps)
        )
    )


@pytest.mark.parametrize(
    ("planned", "day"),
    [
        # 5e25 done; a hundred days: the limit is passed on the last one, or never
        (5 * 10**25 - 1, Open.NEVER),
        (5 * 10**25, Open.NEVER),  # "more than"
        (5 * 10**25 + 1, REST_END),
        (10**26, date(2027, 1, 30)),  # 1e24 a day: at the limit on day 50, above on day 51
        (10**26 + 100, date(2027, 1, 29)),
    ],
)
def test_the_limit_is_passed_on_the_first_day_above_it(planned: int, day: object) -> None:
    assert one(foretell(facts(done(), rest(planned)))).crossing.likely == day


@pytest.mark.parametrize("planned", [6 * 10**25, 10**26, 3 * 10**26])
def test_it_is_the_day_that_the_determination_names(planned: int) -> None:
    known = facts(done(), rest(planned))
    named = determine(known, load_regime(BIS), AS_OF).activities[0].crosses
    assert one(foretell(known)).crossing.likely == named


def test_every_limit_of_every_regime_is_held_against_its_sum() -> None:
    limits = {(item.regime, item.activity, item.limit.low) for item in foretell(facts(done())).sums}
    assert limits == {
        (BIS, "training", 10**26),
        (EU, "general_purpose", 10**23),
        (EU, "systemic_risk", 10**25),
        ("us-ca-sb53", "frontier_model", 10**26),
        ("us-ny-raise", "frontier_model", 10**26),
    }


def test_at_the_end_it_is_what_the_regimes_totals_say() -> None:
    known = facts(
        done(),
        rest(Interval.between(10**25, 9 * 10**25, 5 * 10**25)),
        segment(10**24, purpose=Purpose.EVALUATION, number=3, start=DONE_END, end=DONE_END),
        segment(10**24, purpose=Purpose.LOST_STEPS, number=4),
    )
    for item in foretell(known).sums:
        law = load_regime(item.regime).on(AS_OF)
        cautious = {each.id: each.default.id for each in law.readings_of("training_run")}
        counted = Counted.under(law, AS_OF)
        held = known.runs[0]
        stages = stages_of(known, held)
        total = amount_of_run(known.ledger, held, stages, counted, cautious, date.max)
        found = (item.at_end.low, item.at_end.best, item.at_end.high)
        assert found == (total.low, total.best, total.high)


def test_the_stages_of_a_model_add_up() -> None:
    base = run("base", model="base", status=RunStatus.COMPLETED, end=DONE_END)
    tuning = run("tuning", model="tuned", start=REST_START, end=REST_END)
    known = replace(
        facts(
            segment(9 * 10**25, run="base", model="base", start=date(2026, 10, 1), end=DONE_END),
            segment(
                2 * 10**25,
                run="tuning",
                model="tuned",
                share=Share.PLANNED,
                start=REST_START,
                end=REST_END,
            ),
            runs=(base, tuning),
        ),
        models=(Model("base", "Base"), Model("tuned", "Tuned", trained_from="base")),
    )
    sums = {item.id: item for item in foretell(known).sums if item.regime == BIS}
    assert set(sums) == {"base", "base+tuning"}
    assert sums["base"].crossing.likely is Open.NEVER
    assert sums["base+tuning"].crossing.likely == REST_START + timedelta(days=50)
    assert sums["base+tuning"].name == "Tuned: Base + Tuning"


def modified(amount: int | Interval, base: int | None = 3 * 10**24) -> SumForecast:
    first = run("base", model="base", status=RunStatus.COMPLETED, end=DONE_END)
    second = run("tuning", model="tuned", start=REST_START, end=REST_END)
    segments = [
        segment(
            amount,
            run="tuning",
            model="tuned",
            share=Share.PLANNED,
            start=REST_START,
            end=REST_END,
        )
    ]
    if base is not None:
        start = date(2026, 10, 1)
        segments.append(segment(base, run="base", model="base", start=start, end=DONE_END))
    known = replace(
        facts(*segments, runs=(first, second) if base is not None else (second,)),
        models=(Model("base", "Base"), Model("tuned", "Tuned", trained_from="base")),
    )
    return one(foretell(known), EU, "modification")


@pytest.mark.parametrize(
    ("amount", "day"),
    [(10**24 - 1, Open.NEVER), (10**24, Open.NEVER), (10**24 + 1, REST_END)],
)
def test_a_modifier_is_held_against_a_third_of_the_original(amount: int, day: object) -> None:
    found = modified(amount)
    assert found.limit.low == 10**24
    assert found.crossing.likely == day
    assert found.id == "tuning"  # what the modifier adds, without the original


def test_without_the_originals_compute_nothing_is_known() -> None:
    found = modified(10**24, base=None)
    assert found.crossing.at_end is Comparison.STRADDLES
    assert {found.crossing.earliest, found.crossing.likely} == {Open.UNKNOWN}


def test_a_run_that_goes_on_without_a_plan_is_not_taken_to_stop() -> None:
    made = foretell(facts(done()))
    found = one(made)
    assert (found.crossing.likely, found.crossing.latest) == (Open.UNKNOWN, Open.NEVER)
    assert found.basis == "unknown"
    assert found.drawn is None
    assert "forecast.nothing_planned" in {finding.code for finding in made.findings}


def test_a_run_that_has_ended_passes_nothing_more() -> None:
    over = run(status=RunStatus.COMPLETED, end=DONE_END)
    found = one(foretell(facts(done(), rest(10**27), runs=(over,)), log()))
    assert found.crossing.likely is Open.NEVER
    assert found.basis == "done"
    assert found.drawn is None


def test_a_run_without_any_part_is_unknown() -> None:
    found = one(foretell(facts()))
    assert found.crossing.likely is Open.UNKNOWN
    assert found.basis == "unknown"


def with_plan(plan: Plan, **more: object) -> Facts:
    known = facts(done(), rest(10**26, **more))
    return replace(known, runs=(replace(known.runs[0], plan=plan, end=None),))


def test_tokens_a_day_date_a_part_without_an_end() -> None:
    plan = Plan(tokens_per_day=Fraction(10**11), tokens=(("run", Fraction(10**13)),))
    # the id of a piece of work made here is "run"; a hundred days at that pace
    found = one(foretell(with_plan(plan, end=None)))
    assert found.crossing.likely == date(2027, 1, 30)
    assert found.course.last_day == REST_END


def test_fewer_devices_from_a_day_on_pass_later() -> None:
    plan = Plan(
        tokens_per_day=Fraction(10**11),
        tokens=(("run", Fraction(10**13)),),
        devices=((REST_START, 8192), (date(2026, 12, 31), 4096)),
    )
    # twenty days in full, then half: thirty more days' work takes sixty
    found = one(foretell(with_plan(plan, end=None)))
    assert found.crossing.likely == date(2026, 12, 31) + timedelta(days=60)


def test_without_a_log_there_are_no_chances() -> None:
    found = one(foretell(facts(done(), rest(Interval.between(10**25, 10**26, 6 * 10**25)))))
    assert found.basis == "plan"
    assert found.drawn is None
    assert {chance.due.best for chance in found.quarters} == {None}
    assert [chance.due.by_plan for chance in found.quarters] == [
        Comparison.BELOW,  # 15 January: at most 5e25 + 36 % of 1e26
        Comparison.STRADDLES,
        Comparison.STRADDLES,
        Comparison.STRADDLES,
    ]


def test_with_a_log_there_are_chances_and_they_do_not_fall() -> None:
    found = one(foretell(facts(done(), rest(10**26)), log()))
    assert found.basis == "history and plan"
    assert found.drawn is not None
    dues = [quarter.due.best for quarter in found.quarters]
    assert dues == sorted(value for value in dues if value is not None)
    for quarter in found.quarters:
        assert quarter.due.best is not None
        assert quarter.window_end.best is not None
        assert 0 <= quarter.due.best <= quarter.window_end.best <= 1
    # 5e25 in 70 days: another 5e25 takes 70 more
    assert found.drawn.best is not None
    half = found.drawn.best.quantile(0.5)
    assert isinstance(half, date)
    assert abs((half - (DONE_END + timedelta(days=70))).days) <= 3


def test_the_same_seed_gives_the_same_answer_and_another_run_changes_nothing() -> None:
    known = facts(done(), rest(10**26))
    other = replace(
        known,
        runs=(*known.runs, run("other", model="other")),
        models=(*known.models, Model("other", "Other")),
    )
    first = one(foretell(known, log())).as_json()
    assert one(foretell(known, log())).as_json() == first
    assert one(foretell(other, log())).as_json() == first
    assert one(foretell(known, log(), Draws(200, 4))).as_json() != first


def test_a_log_never_takes_a_run_beyond_its_plan() -> None:
    known = facts(done(), rest(4 * 10**25))
    found = one(foretell(known, log()))
    assert found.drawn is not None
    assert found.drawn.bands is not None
    top = found.drawn.bands.values[0.975][-1]
    assert top == pytest.approx(9e25)
    assert all(quarter.due.best == 0 for quarter in found.quarters)


def test_bounds_of_the_count_give_bounds_of_the_chance() -> None:
    amount = Interval.between(4 * 10**25, 2 * 10**26, 10**26)
    found = one(foretell(facts(done(), rest(amount)), log()))
    for quarter in found.quarters:
        chance = quarter.due
        assert chance.low is not None
        assert chance.best is not None
        assert chance.high is not None
        assert chance.low <= chance.best <= chance.high
    assert found.quarters[-1].due.low == 0  # 9e25 at the least
    assert found.quarters[-1].due.high == 1


def test_a_log_without_a_plan_is_followed_as_far_as_it_is_of_use() -> None:
    endless = replace(run(), end=None)
    found = one(foretell(facts(done(), runs=(endless,)), log()))
    assert found.basis == "history"
    assert found.drawn is not None
    assert found.drawn.best is not None
    half = found.drawn.best.quantile(0.5)
    assert isinstance(half, date)
    assert abs((half - (DONE_END + timedelta(days=70))).days) <= 3
    ends_soon = replace(run(), end=DONE_END + timedelta(days=20))
    stopped = one(foretell(facts(done(), runs=(ends_soon,)), log()))
    assert stopped.drawn is not None
    assert stopped.drawn.best is not None
    assert stopped.drawn.best.quantile(0.99) is Open.NEVER


def test_lost_steps_to_come_count_where_the_law_counts_them() -> None:
    marks = list(log(wobble=0.0).marks)
    for index in range(40, len(marks), 40):  # every five days, a day's work is done again
        marks = [
            *marks[:index],
            *(replace(mark, step=mark.step - 1000) for mark in marks[index:]),
        ]
    shaken = one(foretell(facts(done(), rest(5 * 10**25 - 1)), Progress(tuple(marks))))
    assert shaken.crossing.likely is Open.NEVER  # the plan holds no lost steps
    assert shaken.drawn is not None
    assert shaken.drawn.best is not None
    assert shaken.quarters[-1].due.best == 1  # with steps lost at the same rate it is passed


@pytest.mark.parametrize(
    ("progress", "says"),
    [
        (Progress(log(days=1).marks[:4]), "too few"),
        (Progress(log(days=70).marks[-12:]), "too little to foretell"),
    ],
)
def test_a_log_that_is_too_short_is_said_to_be(progress: Progress, says: str) -> None:
    made = foretell(facts(done(), rest(10**28, end=None)), progress)
    assert one(made).drawn is None
    told = [finding for finding in made.findings if finding.code == "forecast.history_unusable"]
    assert says in str(told[0])
    assert "no chances" in told[0].effect


def test_a_plan_that_lies_in_the_past_is_doubted() -> None:
    made = foretell(facts(done(), rest(10**25)), day=date(2027, 6, 1))
    assert "forecast.plan_is_past" in {finding.code for finding in made.findings}


def crossing_in(day_of_year: int, filings: tuple[Filing, ...] = ()) -> SumForecast:
    """Return a forecast of a run of 2027 that passes the limit on that day of the year."""
    start = date(2027, 1, 1)
    planned = run(status=RunStatus.PLANNED, start=start, end=date(2027, 12, 31))
    part = segment(
        LIMIT * 365 // day_of_year + 365,
        share=Share.PLANNED,
        start=start,
        end=date(2027, 12, 31),
    )
    return one(foretell(facts(part, runs=(planned,), filings=filings)))


def test_the_quarter_whose_look_ahead_first_holds_the_crossing() -> None:
    # 15 July is the last day that the notification of 15 January looks ahead to
    for day, due, quarter in (
        (date(2027, 7, 15), date(2027, 1, 15), "2026Q4"),
        (date(2027, 7, 16), date(2027, 4, 15), "2027Q1"),
    ):
        found = crossing_in((day - date(2027, 1, 1)).days + 1)
        assert found.crossing.likely == day
        by_crossing = found.notices[0]
        assert (by_crossing.due, by_crossing.quarter) == (due, quarter)
        assert by_crossing.citation.startswith("89 F")


def test_the_cautious_reading_notifies_when_the_run_starts() -> None:
    found = crossing_in(300)
    by_start = [notice for notice in found.notices if "counts as a whole" in notice.because]
    assert [notice.due for notice in by_start] == [date(2026, 7, 15)]  # looks to 15 January
    assert found.next_notice(AS_OF) is not None


def test_a_notification_that_was_sent_is_said_to_be() -> None:
    sent = Filing("2026Q3", FilingKind.NOTIFICATION, date(2026, 10, 14))
    found = crossing_in(90, (sent,))  # 31 March 2027, inside the look-ahead of 2026Q3
    assert [(notice.quarter, notice.sent) for notice in found.notices] == [
        ("2026Q3", date(2026, 10, 14))
    ]
    assert found.next_notice(AS_OF) is None


def eu(known: Facts) -> SumForecast:
    person = replace(
        known.person, covered={**known.person.covered, EU: replace(COVERED, grounds=("provider",))}
    )
    return one(foretell(replace(known, person=person)), EU, "systemic_risk")


def test_the_commission_is_notified_two_weeks_after_the_threshold_or_its_being_known() -> None:
    planned = run(status=RunStatus.PLANNED, start=REST_START + timedelta(days=30), end=REST_END)
    start = planned.start
    part = segment(10**26, share=Share.PLANNED, start=start, end=REST_END)
    found = eu(facts(part, runs=(planned,)))
    day = found.crossing.likely
    assert isinstance(day, date)
    assert day > AS_OF
    dues = {notice.duty: set[date | None]() for notice in found.notices}
    for notice in found.notices:
        dues[notice.duty].add(notice.due)
    assert dues["notification"] == {day + timedelta(weeks=2), AS_OF + timedelta(weeks=2)}
    assert start is not None
    assert dues["estimate"] == {start - timedelta(days=1)}


def test_what_only_may_be_passed_is_not_called_known() -> None:
    part = rest(Interval.between(10**24, 10**26, 5 * 10**25), number=1)
    found = eu(facts(part, runs=(run(status=RunStatus.PLANNED, start=REST_START),)))
    assert found.crossing.at_end is Comparison.STRADDLES
    notifications = [notice for notice in found.notices if notice.duty == "notification"]
    assert len(notifications) == 1
    assert not notifications[0].certain


@pytest.mark.parametrize("regime", ["us-ca-sb53", "us-ny-raise"])
def test_where_the_law_ties_no_notice_to_the_limit_none_is_made_up(regime: str) -> None:
    found = one(foretell(facts(done(), rest(10**26))), regime, "frontier_model")
    assert found.notices == ()
    assert "ties no notice" in found.no_notice


def test_a_person_who_is_not_covered_owes_nothing() -> None:
    no = Coverage(False, (), "A company without people in the U.S.")
    found = one(foretell(facts(done(), rest(10**26), coverage=no)))
    assert found.notices == ()
    assert "not covered" in found.no_notice


def counted(begin: datetime, days: int, first: int = 0) -> tuple[Mark, ...]:
    """Return marks every three hours, a thousand steps a day."""
    return tuple(
        Mark(begin + timedelta(hours=3 * at), first + 125 * at) for at in range(1, days * 8 + 1)
    )


@pytest.mark.parametrize(
    ("stated", "logs"),
    [
        (10**25, "both"),
        (4 * 10**24, "both"),
        (10**25, "second"),
        (4 * 10**24, "second"),
        (10**25, "going on"),  # one count over both stages has one rate
    ],
)
def test_planned_work_is_sized_by_the_log_that_goes_on(stated: int, logs: str) -> None:
    """Ten days done, ten like them to come, whatever the stage before took and how it counted."""
    begin = datetime(2026, 8, 1, tzinfo=UTC)
    first, second = counted(begin, 100), counted(begin + timedelta(days=101), 10)
    if logs == "going on":
        second = counted(begin + timedelta(days=101), 10, 100_000)
    known = facts(
        segment(stated, start=date(2026, 8, 1), end=date(2026, 11, 8), number=1),
        segment(10**24, start=date(2026, 11, 10), end=date(2026, 11, 19), number=2),
        segment(
            10**24,
            share=Share.PLANNED,
            start=date(2026, 11, 20),
            end=date(2026, 11, 30),
            number=3,
        ),
    )
    marks = second if logs == "second" else first + second
    draw = Draw(200, (3,))
    found, told = running(known.runs[0], known.ledger.segments, Progress(marks), draw)
    assert found is not None
    kept = next(iter(found.parts.values()))[0].mean(axis=0)
    assert found.days[int(np.argmax(kept >= 0.5))] in (date(2026, 11, 24), date(2026, 11, 25))
    assert ("begun anew" in told[0].what) is (logs == "both")


def test_below_the_limit_nothing_is_due() -> None:
    found = one(foretell(facts(done(), rest(10**25))))
    assert found.notices == ()
    assert "not passed" in found.no_notice


def test_only_the_sums_of_one_run() -> None:
    other: TrainingRun = run("other", model="other")
    known = replace(
        facts(done(), rest(10**26), runs=(run(), other)),
        models=(Model("model", "Model"), Model("other", "Other")),
    )
    made = forecast(known, ALL, load_regime(BIS), AS_OF, run="other", draws=FEW, progress={})
    assert {item.id for item in made.sums} == {"other"}
    assert all("other" in str(finding.where) for finding in made.findings)


def test_a_start_before_the_law_gives_a_notice_without_a_date() -> None:
    begun = run(start=date(2023, 5, 1))
    part = segment(10**26, start=date(2023, 5, 1), end=date(2026, 12, 1))
    found = eu(facts(part, runs=(begun,)))
    dues = {notice.duty: notice.due for notice in found.notices}
    assert dues["estimate"] is None  # the guidelines that ask for it are of 2025
    assert found.crossing.likely < date(2026, 1, 1)  # type: ignore[operator]


@pytest.mark.parametrize("day", [date.min, date(1, 1, 2), date(9999, 12, 30), date.max])
def test_the_ends_of_the_calendar_are_only_days(day: date) -> None:
    begins = run(status=RunStatus.PLANNED, start=day, end=day)
    part = segment(2 * 10**26, share=Share.PLANNED, start=day, end=day)
    made = foretell(facts(done(), part, runs=(begins,)), log())
    assert len(made.sums) == 5
    assert made.as_json()


def test_a_notice_goes_by_the_log_where_that_passes_first() -> None:
    """The plan spreads the rest over a hundred days; the log would do it in seventy."""
    known = facts(done(), rest(5 * 10**25 + 10**20))
    found = one(foretell(known, log()))
    assert found.drawn is not None
    assert found.drawn.best is not None
    half = found.drawn.best.quantile(0.5)
    assert isinstance(half, date)
    assert isinstance(found.crossing.likely, date)
    assert half < found.crossing.likely
    assert f"half of the paths pass the limit by {half}" in found.notices[0].because
    endless = replace(run(), end=None)
    alone = one(foretell(facts(done(), runs=(endless,)), log()))
    assert alone.crossing.likely is Open.UNKNOWN
    assert alone.notices[0].due is not None
