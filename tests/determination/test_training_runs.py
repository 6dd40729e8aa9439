"""A training run just below, at and above the limit, under each reading, at each time."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.determination.made import AS_OF, BIS, LIMIT, facts, run, segment

from declarant.compute.ledger import Purpose, Share
from declarant.determination import Determination, Verdict, determine
from declarant.law import Quarter, load_regime
from declarant.quantities import Interval
from declarant.register.facts import Coverage, Facts, Model, RunStatus


def decide(known: Facts, as_of: date = AS_OF) -> Determination:
    return determine(known, load_regime(BIS), as_of)


def verdict(known: Facts, reading: str | None = None) -> Verdict:
    activity = decide(known).activities[0]
    if reading is None:
        return activity.verdict
    return next(item for item in activity.readings if item.id == reading).verdict


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        (LIMIT - 1, Verdict.NOT_REPORTABLE),
        (LIMIT, Verdict.NOT_REPORTABLE),  # "more than"
        (LIMIT + 1, Verdict.REPORTABLE),
        (Interval.between(LIMIT - 1, LIMIT + 1), Verdict.UNDETERMINED),
        (Interval.at_least(LIMIT + 1), Verdict.REPORTABLE),
        (Interval.at_least(1), Verdict.UNDETERMINED),
    ],
)
def test_the_limit_must_be_exceeded(operations: int | Interval, expected: Verdict) -> None:
    assert verdict(facts(segment(operations))) is expected


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [
        (Coverage(True, ("organized_in_us",), "yes"), Verdict.REPORTABLE),
        (
            Coverage(False, (), "A Taiwanese company without people in the U.S."),
            Verdict.NOT_REPORTABLE,
        ),
        (Coverage(None, (), "Counsel is looking into it."), Verdict.UNDETERMINED),
        (Coverage(True, (), "yes, but on no ground"), Verdict.UNDETERMINED),
        (Coverage(True, ("no_such_ground",), "yes"), Verdict.UNDETERMINED),
        (None, Verdict.UNDETERMINED),
    ],
)
def test_an_uncovered_person_reports_nothing_and_doubt_stays(
    coverage: Coverage | None, expected: Verdict
) -> None:
    assert verdict(facts(segment(2 * LIMIT), coverage=coverage)) is expected


def test_doubt_about_coverage_does_not_matter_below_the_limit() -> None:
    assert verdict(facts(segment(LIMIT), coverage=None)) is Verdict.NOT_REPORTABLE


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2027, 6, 15), Verdict.REPORTABLE),  # six months after 15 December
        (date(2027, 6, 16), Verdict.NOT_REPORTABLE),
        (None, Verdict.UNDETERMINED),
    ],
)
def test_a_planned_run_counts_within_six_months(start: date | None, expected: Verdict) -> None:
    planned = run(status=RunStatus.PLANNED, start=start, end=None)
    known = facts(segment(2 * LIMIT, share=Share.PLANNED), runs=(planned,))
    assert verdict(known) is expected


@pytest.mark.parametrize("status", [RunStatus.COMPLETED, RunStatus.ABORTED])
@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (date(2026, 10, 1), Verdict.REPORTABLE),  # the first day of the quarter
        (date(2026, 9, 30), Verdict.NOT_REPORTABLE),
        (None, Verdict.UNDETERMINED),
    ],
)
def test_a_finished_run_counts_in_the_quarter_it_ended(
    status: RunStatus, end: date | None, expected: Verdict
) -> None:
    known = facts(segment(2 * LIMIT), runs=(run(status=status, end=end),))
    assert verdict(known) is expected


def test_a_quarter_reported_on_later_keeps_its_own_period() -> None:
    known = facts(
        segment(2 * LIMIT), runs=(run(status=RunStatus.COMPLETED, end=date(2026, 11, 1)),)
    )
    regime = load_regime(BIS)
    as_of = date(2027, 1, 10)
    assert determine(known, regime, as_of).activities[0].verdict is Verdict.NOT_REPORTABLE
    reported = determine(known, regime, as_of, quarter=Quarter.parse("2026Q4"))
    assert reported.activities[0].verdict is Verdict.REPORTABLE


@pytest.mark.parametrize(
    ("made", "reading"),
    [
        (
            [segment(LIMIT, executed=LIMIT * 4 // 3)],
            "recomputation=does_not_count",
        ),
        (
            [segment(LIMIT), segment(1, purpose=Purpose.LOST_STEPS, number=2)],
            "lost_steps=does_not_count",
        ),
        (
            [segment(LIMIT), segment(1, purpose=Purpose.EVALUATION, number=2)],
            "evaluation=does_not_count",
        ),
        (
            [segment(LIMIT), segment(1, stage="tuning", purpose=Purpose.FINE_TUNING, number=2)],
            "stages=each_stage",
        ),
        (
            [segment(LIMIT), segment(1, share=Share.PLANNED, number=2)],
            "extent=used_to_date",
        ),
        (
            [
                segment(LIMIT),
                segment(
                    1, share=Share.PLANNED, start=date(2027, 7, 1), end=date(2027, 7, 9), number=2
                ),
            ],
            "extent=used_in_window",
        ),
    ],
)
def test_a_reading_that_leaves_work_out_flips_the_verdict(made: list, reading: str) -> None:
    activity = decide(facts(*made)).activities[0]
    assert activity.verdict is Verdict.REPORTABLE
    assert reading in {flip.what for flip in activity.flips if flip.kind == "reading"}
    others = {item.id for item in activity.readings if item.verdict is not Verdict.REPORTABLE}
    assert reading in others
    assert "narrowest" in others


def test_two_readings_that_flip_only_together_are_found() -> None:
    known = facts(
        segment(LIMIT),
        segment(1, purpose=Purpose.EVALUATION, number=2),
        segment(1, purpose=Purpose.TEACHER, number=3),
    )
    flips = [flip.what for flip in decide(known).activities[0].flips if flip.kind == "reading"]
    assert flips == ["narrowest"]


def test_stages_of_one_model_in_two_runs_add_up() -> None:
    runs = (
        run("base", status=RunStatus.COMPLETED, end=date(2026, 5, 1)),
        run("tuning"),
    )
    known = facts(segment(LIMIT, run="base"), segment(1, run="tuning"), runs=runs)
    base, tuning = decide(known).activities
    assert base.when == "outside"
    assert tuning.verdict is Verdict.REPORTABLE
    assert tuning.amount == Interval.exactly(LIMIT + 1)


def test_planned_work_is_counted_by_the_day_within_the_window() -> None:
    # ten days of work, six of them within the window that ends on 2027-06-15
    planned = segment(10, share=Share.PLANNED, start=date(2027, 6, 10), end=date(2027, 6, 19))
    activity = decide(facts(planned)).activities[0]
    in_window = next(item for item in activity.readings if item.id == "extent=used_in_window")
    assert in_window.amount == Interval.exactly(6)


def test_the_day_of_crossing_is_worked_out() -> None:
    half = segment(LIMIT // 2)
    rest = segment(
        LIMIT, share=Share.PLANNED, start=date(2027, 1, 1), end=date(2027, 1, 10), number=2
    )
    # a tenth of the limit each day: equal after five days, greater on the sixth
    assert decide(facts(half, rest)).activities[0].crosses == date(2027, 1, 6)


def test_a_run_that_nothing_counts_is_undetermined_and_says_so() -> None:
    activity = decide(facts()).activities[0]
    assert activity.verdict is Verdict.UNDETERMINED
    assert activity.findings[0].code == "determination.amount_unknown"


def test_every_step_of_law_is_cited() -> None:
    why = decide(facts(segment(2 * LIMIT))).activities[0].why
    assert (
        sum("89 FR" in reason.citation or "89 Fed. Reg." in reason.citation for reason in why) >= 2
    )


def test_an_old_day_is_evaluated_with_the_law_of_that_day() -> None:
    known = facts(segment(2 * LIMIT))
    regime = load_regime(BIS)
    then = determine(known, regime, AS_OF, law_as_of=date(2024, 10, 1))
    assert "proposed" in then.status
    assert then.activities[0].verdict is Verdict.REPORTABLE


@given(
    st.lists(
        st.tuples(
            st.integers(min_value=0, max_value=2 * LIMIT),
            st.sampled_from(list(Purpose)),
            st.sampled_from(list(Share)),
            st.integers(min_value=0, max_value=400),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_reading_counts_more_than_the_default_or_less_than_the_narrowest(made: list) -> None:
    segments = [
        segment(
            amount,
            purpose=purpose,
            share=share,
            start=AS_OF,
            end=AS_OF + timedelta(days=days),
            executed=amount + amount // 3,
            number=number,
        )
        for number, (amount, purpose, share, days) in enumerate(made)
    ]
    readings = decide(facts(*segments)).activities[0].readings
    default, narrowest = readings[0].amount, readings[-1].amount
    for reading in readings:
        assert narrowest.low <= reading.amount.low <= default.low
        assert reading.amount.high is not None
        assert default.high is not None
        assert reading.amount.high <= default.high


def test_a_model_trained_from_another_adds_up_with_it() -> None:
    runs = (
        run("base", model="model", status=RunStatus.COMPLETED, end=date(2026, 5, 1)),
        run("tuning", model="child"),
    )
    known = replace(
        facts(
            segment(LIMIT, run="base", model="model"),
            segment(1, run="tuning", model="child"),
            runs=runs,
        ),
        models=(Model("model", "Model"), Model("child", "Child", trained_from="model")),
    )
    assert decide(known).activities[1].amount == Interval.exactly(LIMIT + 1)


def test_a_stage_that_nothing_counts_leaves_the_total_open() -> None:
    runs = (run("base", status=RunStatus.COMPLETED, end=date(2026, 5, 1)), run("tuning"))
    activity = decide(facts(segment(1, run="tuning"), runs=runs)).activities[1]
    assert activity.verdict is Verdict.UNDETERMINED
    assert "determination.stage_unknown" in {item.code for item in activity.findings}


def test_what_was_planned_in_an_aborted_run_was_never_done() -> None:
    aborted = run(status=RunStatus.ABORTED, end=date(2026, 11, 1))
    known = facts(segment(LIMIT), segment(LIMIT, share=Share.PLANNED, number=2), runs=(aborted,))
    activity = decide(known).activities[0]
    assert activity.amount == Interval.exactly(LIMIT)
    assert "determination.planned_after_end" in {item.code for item in activity.findings}


@pytest.mark.parametrize(
    ("start", "expected", "when"),
    [
        (date(2026, 12, 15), Verdict.REPORTABLE, "current"),
        (date(2026, 12, 16), Verdict.REPORTABLE, "planned"),
        (date(2028, 1, 1), Verdict.NOT_REPORTABLE, "outside"),
    ],
)
def test_a_run_that_begins_after_the_day_of_evaluation_is_planned(
    start: date, expected: Verdict, when: str
) -> None:
    known = facts(segment(2 * LIMIT), runs=(run(start=start, end=date(2028, 6, 1)),))
    activity = decide(known).activities[0]
    assert (activity.verdict, activity.when) == (expected, when)
    contradicted = "determination.begins_later" in {item.code for item in activity.findings}
    assert contradicted == (when != "current")


def test_a_run_of_2026_is_not_in_the_report_on_2024() -> None:
    known = facts(segment(2 * LIMIT), runs=(run(start=date(2026, 8, 17)),))
    found = determine(known, load_regime(BIS), date(2027, 1, 8), quarter=Quarter.parse("2024Q3"))
    assert found.activities[0].verdict is Verdict.NOT_REPORTABLE


def test_a_plan_that_only_the_next_notification_reaches_keeps_its_clock() -> None:
    # from 15 December the look-ahead ends on 15 June, from 15 January on 15 July
    planned = run(status=RunStatus.PLANNED, start=date(2027, 7, 1), end=date(2027, 9, 1))
    found = decide(facts(segment(2 * LIMIT, share=Share.PLANNED), runs=(planned,)))
    assert found.activities[0].verdict is Verdict.NOT_REPORTABLE
    assert found.clocks[0].duty == "notification"
    assert "determination.in_next_notification" in {item.code for item in found.findings}


def test_what_cannot_be_true_is_told_in_the_determination() -> None:
    model, executed = segment(LIMIT), segment(1)
    known = facts(replace(model, executed_operations=executed.model_operations))
    codes = {item.code for item in decide(known).findings}
    assert "plausibility.model_exceeds_executed" in codes
