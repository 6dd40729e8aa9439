"""The plan: what is done by a day, and the day a limit is passed, exactly."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.compute.forecast import Course, Open, Schedule, Stretch, crossing_of
from declarant.quantities import Comparison, Interval

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 10)  # ten days
NEW_YEAR = date(2027, 1, 1)


def course(amount: Interval | int, **more: object) -> Course:
    held = amount if isinstance(amount, Interval) else Interval.exactly(amount)
    return Course((Stretch.between(held, FIRST, LAST, **more),))  # type: ignore[arg-type]


def likely(plan: Course, limit: int) -> object:
    return crossing_of(plan, Interval.exactly(limit), FIRST).likely


@pytest.mark.parametrize(
    ("limit", "day"),
    [
        (299, date(2026, 12, 3)),  # just below: 100 a day, 300 at the end of the third
        (300, date(2026, 12, 4)),  # at: "more than"
        (301, date(2026, 12, 4)),
        (0, FIRST),
        (999, LAST),
        (1000, Open.NEVER),
    ],
)
def test_the_first_day_whose_end_is_above_the_limit(limit: int, day: object) -> None:
    assert likely(course(1000), limit) == day


def test_a_worked_case_by_hand() -> None:
    """7e25 done by 10 December; 4e25 more from the 11th, over 40 days: 1e24 a day.

    1e26 is reached at the end of the 30th day, 9 January, and passed on the next.
    """
    plan = Course(
        (
            Stretch.between(Interval.exactly(7 * 10**25), date(2026, 9, 1), LAST, done_by=LAST),
            Stretch.between(Interval.exactly(4 * 10**25), date(2026, 12, 11), date(2027, 1, 19)),
        )
    )
    assert plan.on(date(2027, 1, 9)) == Interval.exactly(10**26)
    assert likely(plan, 10**26) == date(2027, 1, 10)
    assert likely(plan, 10**26 - 1) == date(2027, 1, 9)


def test_more_operations_than_counted_pass_earlier_and_fewer_later() -> None:
    found = crossing_of(course(Interval.between(500, 2000, 1000)), Interval.exactly(499), FIRST)
    assert (found.earliest, found.likely, found.latest) == (
        date(2026, 12, 3),
        date(2026, 12, 5),
        LAST,
    )
    assert found.at_end is Comparison.ABOVE
    straddling = crossing_of(
        course(Interval.between(500, 2000, 1000)), Interval.exactly(600), FIRST
    )
    assert straddling.latest is Open.NEVER
    assert straddling.at_end is Comparison.STRADDLES


def test_work_of_unknown_days_may_pass_at_any_time_from_its_start() -> None:
    plan = Course((Stretch(Interval.exactly(1000), FIRST, None),))
    found = crossing_of(plan, Interval.exactly(500), FIRST)
    assert (found.earliest, found.likely, found.latest) == (FIRST, Open.UNKNOWN, Open.NEVER)


def test_work_done_on_unknown_days_is_done_by_the_day_it_is_written_down() -> None:
    plan = Course((Stretch(Interval.exactly(1000), None, None, done_by=LAST),))
    found = crossing_of(plan, Interval.exactly(500), LAST)
    assert (found.earliest, found.likely, found.latest) == (Open.UNKNOWN, Open.UNKNOWN, LAST)
    assert found.at_end is Comparison.ABOVE


def test_an_amount_without_an_upper_bound_may_pass_every_limit() -> None:
    plan = Course((Stretch(Interval.at_least(10, "not known"), FIRST, None),))
    found = crossing_of(plan, Interval.exactly(10**30), FIRST)
    assert (found.earliest, found.likely, found.latest) == (FIRST, Open.UNKNOWN, Open.NEVER)


def test_a_limit_that_nobody_knows_gives_no_day() -> None:
    found = crossing_of(course(1000), Interval.at_least(0, "not known"), FIRST)
    assert {found.earliest, found.likely, found.latest} == {Open.UNKNOWN}
    assert found.at_end is Comparison.STRADDLES


def test_of_several_stages_the_largest_may_be_what_counts() -> None:
    stages = (
        Stretch.between(Interval.exactly(600), FIRST, LAST, group="long"),
        Stretch.between(Interval.exactly(500), FIRST, LAST, group="short"),
    )
    assert likely(Course(stages), 1000) == LAST
    assert likely(Course(stages, largest_group=True), 1000) is Open.NEVER
    assert likely(Course(stages, largest_group=True), 599) == LAST


def test_half_the_devices_take_twice_the_days() -> None:
    schedule = Schedule(((FIRST, 100), (date(2026, 12, 6), 50)))
    needed = Fraction(10)
    plan = Stretch(Interval.exactly(1000), FIRST, needed, schedule)
    assert plan.end == date(2026, 12, 15)  # five days in full, ten at half
    assert plan.on(date(2026, 12, 5)) == Interval.exactly(500)
    assert plan.on(date(2026, 12, 7)) == Interval.exactly(600)


def test_nothing_is_done_in_a_planned_stop() -> None:
    schedule = Schedule(((FIRST, 100), (date(2026, 12, 4), 0), (date(2026, 12, 7), 100)))
    plan = Stretch(Interval.exactly(1000), FIRST, Fraction(10), schedule)
    assert plan.on(date(2026, 12, 3)) == plan.on(date(2026, 12, 6)) == Interval.exactly(300)
    assert plan.end == date(2026, 12, 13)


@pytest.mark.parametrize(
    "periods",
    [
        ((LAST, 1), (FIRST, 1)),
        ((FIRST, 1), (FIRST, 2)),
        ((FIRST, 0), (LAST, 5)),
        ((FIRST, -1),),
    ],
)
def test_a_schedule_that_measures_nothing_is_refused(periods: tuple[tuple[date, int], ...]) -> None:
    with pytest.raises(ValueError, match=r"order|devices|negative"):
        Schedule(periods)


amounts = st.integers(min_value=1, max_value=10**27)
days = st.integers(min_value=1, max_value=400)


@given(amounts, amounts, days, st.integers(min_value=0, max_value=10**27))
def test_more_work_in_the_same_time_never_passes_later(
    amount: int, more: int, length: int, limit: int
) -> None:
    def passes(operations: int) -> date:
        end = FIRST + timedelta(days=length)
        plan = Course((Stretch.between(Interval.exactly(operations), FIRST, end),))
        found = likely(plan, limit)
        return found if isinstance(found, date) else date.max

    assert passes(amount + more) <= passes(amount)


@given(amounts, days, st.fractions(min_value=Fraction(1, 50), max_value=2), st.integers(0, 10**27))
def test_a_faster_pace_never_passes_later(
    amount: int, needed: int, slower: Fraction, limit: int
) -> None:
    def passes(capacity_days: Fraction) -> date:
        plan = Course((Stretch(Interval.exactly(amount), FIRST, capacity_days),))
        found = likely(plan, limit)
        return found if isinstance(found, date) else date.max

    assert passes(Fraction(needed)) <= passes(needed + slower)


@given(amounts, days, st.integers(0, 500))
def test_the_day_found_is_the_first_above(amount: int, length: int, share: int) -> None:
    limit = amount * share // 500
    plan = Course(
        (Stretch.between(Interval.exactly(amount), FIRST, FIRST + timedelta(days=length)),)
    )
    day = likely(plan, limit)
    if isinstance(day, date):
        before = plan.on(day - timedelta(days=1)).best
        at = plan.on(day).best
        assert at is not None
        assert before is not None
        assert before <= limit < at
    else:
        assert day is Open.NEVER
        assert amount <= limit


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 1000)), max_size=5))
def test_capacity_days_add_up(periods: list[tuple[int, int]]) -> None:
    by_day = dict(sorted((FIRST + timedelta(days=after), number) for after, number in periods))
    schedule = Schedule(tuple(by_day.items()))
    last = FIRST + timedelta(days=80)
    each = [schedule.capacity(FIRST + timedelta(days=number)) for number in range(81)]
    assert schedule.days(FIRST, last) == sum(each)
