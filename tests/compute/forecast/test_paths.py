"""Paths drawn from a log: the same seed, the same answer; and what a log must not do to them."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.compute.forecast.logs import BEGIN, DAY, crashing, steady

from declarant.compute.forecast import Chances, Draw, Part, Paths, history_of, simulate, spend
from declarant.compute.progress import Mark, Progress

MOMENTS = np.arange(1, 9, dtype=float) * DAY / 2
FEW = Draw(100, (7,))


def paths(progress: Progress, draw: Draw = FEW, moments: object = None) -> Paths:
    history = history_of(progress)
    assert history is not None
    found = simulate(history, MOMENTS if moments is None else moments, draw)  # type: ignore[arg-type]
    assert found is not None
    return found


def scaled(progress: Progress, factor: int) -> Progress:
    return Progress(tuple(Mark(mark.moment, mark.step * factor, None) for mark in progress.marks))


def test_the_same_seed_gives_the_same_paths_and_another_one_others() -> None:
    log = crashing(1, days=30)
    assert np.array_equal(paths(log).kept, paths(log).kept)
    assert not np.array_equal(paths(log).kept, paths(log, Draw(100, (8,))).kept)


def test_more_paths_begin_with_the_same_ones() -> None:
    log = crashing(1, days=30)
    assert np.array_equal(paths(log, Draw(500, (7,))).kept[:250], paths(log, Draw(250, (7,))).kept)


def test_a_run_without_a_wobble_goes_on_as_it_did() -> None:
    found = paths(steady(step=10, minutes=30)).kept  # 20 steps an hour, a thousand tokens each
    assert found == pytest.approx(np.broadcast_to(MOMENTS / 3600 * 20_000, found.shape))
    assert paths(steady()).lost.max() == 0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([2, 3, 8]))
def test_more_throughput_is_never_further_behind(seed: int, factor: int) -> None:
    log = crashing(seed, days=20)
    slow, fast = paths(scaled(log, 1)).kept, paths(scaled(log, factor)).kept
    assert np.all(fast >= slow * (1 - 1e-9))


@settings(max_examples=20, deadline=None)
@given(
    st.sets(st.integers(10, 190), min_size=1, max_size=6), st.integers(1, 60), st.integers(0, 99)
)
@example({10, 11}, 1, 0)  # early ones, which a wandering pace once made up for
def test_a_rollback_never_brings_a_run_further(lost: set[int], back: int, seed: int) -> None:
    plain = paths(steady(), Draw(100, (seed,))).kept
    shaken = paths(steady(lost=tuple(lost), back=back), Draw(100, (seed,))).kept
    assert np.all(shaken <= plain * (1 + 1e-9))


def test_an_interruption_makes_the_run_slower_on_average() -> None:
    marks = steady(200).marks
    later = tuple(
        Mark(mark.moment + timedelta(hours=20 * (index >= 100)), mark.step, mark.tokens)
        for index, mark in enumerate(marks)
    )
    interrupted = history_of(Progress(later))
    assert interrupted is not None
    assert interrupted.interruptions.count == 1
    assert interrupted.interruptions.rollbacks == 0
    assert interrupted.interruptions.share_of_time == pytest.approx(20 / 119, rel=0.05)
    assert paths(Progress(later)).kept.mean() < paths(steady(200)).kept.mean()


def test_lost_steps_are_counted_apart() -> None:
    history = history_of(steady(lost=(50, 120), back=30))
    assert history is not None
    assert history.interruptions.rollbacks == 2
    assert history.lost.sum() == 60_000  # tokens
    assert paths(steady(lost=(50, 120), back=30)).lost[:, -1].mean() > 0


def test_a_counter_started_anew_is_no_rollback() -> None:
    first, second = steady(60).marks, steady(60).marks
    moved = tuple(
        Mark(mark.moment + timedelta(hours=30), mark.step, mark.tokens) for mark in second
    )
    history = history_of(Progress((*first, *moved)))
    assert history is not None
    assert history.lost.sum() == 0
    assert history.kept.min() > 0


@pytest.mark.parametrize("back", [400, 600, 850])
def test_work_rolled_back_by_more_than_half_is_lost_not_forgotten(back: int) -> None:
    """1000 steps, back to what is left of them, then 900 more: the pace is that of what stayed."""
    left = 1000 - back
    steps = [*range(0, 1001, 50), *range(left, left + 901, 50)]
    marks = tuple(Mark(BEGIN + timedelta(hours=at), step) for at, step in enumerate(steps))
    history = history_of(Progress(marks))
    assert history is not None
    assert (history.anew, history.lost.sum()) == (0, back)
    assert history.counted == history.position == left + 900
    assert history.pace * 3600 == pytest.approx((left + 900 - 50) / (len(steps) - 2))


def test_each_count_begun_anew_is_counted() -> None:
    first, second = steady(60).marks, steady(40).marks
    moved = tuple(Mark(mark.moment + timedelta(hours=30), mark.step) for mark in second)
    history = history_of(Progress((*(Mark(m.moment, m.step) for m in first), *moved)))
    assert history is not None
    assert (history.anew, history.position, history.counted) == (1, 390, 590 + 390)
    assert history.began == (first[-1].moment, moved[0].moment)
    later = history_of(Progress(tuple(Mark(m.moment, m.step + 10_000) for m in second)))
    assert later is not None
    assert later.began is None  # work was counted before this log


def test_tokens_count_where_nearly_every_mark_has_them_else_steps() -> None:
    marks = steady(100).marks
    first_without = (Mark(marks[0].moment, 0, None), *marks[1:])
    half_without = tuple(
        Mark(mark.moment, mark.step, None if index % 2 else mark.tokens)
        for index, mark in enumerate(marks)
    )
    units = [history_of(Progress(each)) for each in (marks, first_without, half_without)]
    assert [each and each.unit for each in units] == ["token", "token", "step"]


@pytest.mark.parametrize(
    "marks",
    [
        (),
        steady(5).marks,
        tuple(Mark(BEGIN, number) for number in range(50)),  # one moment
        tuple(Mark(BEGIN + timedelta(hours=hour), 7) for hour in range(50)),  # no work
    ],
    ids=["none", "few", "one moment", "no work"],
)
def test_a_log_that_shows_no_work_over_time_gives_no_history(marks: tuple[Mark, ...]) -> None:
    assert history_of(Progress(marks)) is None
    assert history_of(None) is None


def test_an_hour_does_not_foretell_a_year() -> None:
    history = history_of(steady(60, minutes=1))
    assert history is not None
    assert simulate(history, np.array([365.0 * DAY]), FEW) is None
    assert simulate(history, np.array([DAY / 4]), FEW) is not None


def level(rows: int, amounts: list[float]) -> Paths:
    kept = np.tile(np.array(amounts), (rows, 1))
    return Paths(kept, np.zeros_like(kept))


def test_a_run_stops_when_its_plan_is_done() -> None:
    drawn = level(1, [10, 20, 30, 40])
    ((kept, _),) = spend(drawn, np.ones(4), [Part(25.0)])
    assert kept[0] == pytest.approx([0.4, 0.8, 1.0, 1.0])


def test_parts_follow_one_another_and_wait_for_their_day() -> None:
    drawn = level(1, [10, 20, 30, 40, 50])
    one, two = spend(drawn, np.ones(5), [Part(20.0), Part(20.0, not_before=3)])
    assert one[0][0] == pytest.approx([0.5, 1.0, 1.0, 1.0, 1.0])
    assert two[0][0] == pytest.approx([0.0, 0.0, 0.0, 0.5, 1.0])
    _, at_once = spend(drawn, np.ones(5), [Part(20.0), Part(20.0)])
    assert at_once[0][0] == pytest.approx([0.0, 0.0, 0.5, 1.0, 1.0])


def test_half_the_devices_do_half_the_work() -> None:
    ((kept, _),) = spend(level(1, [10, 20, 30]), np.array([1.0, 0.5, 0.0]), [Part(100.0)])
    assert kept[0] == pytest.approx([0.1, 0.15, 0.15])


def test_work_lost_after_a_part_is_done_is_not_its_own() -> None:
    drawn = Paths(np.array([[10.0, 20, 30]]), np.array([[0.0, 4, 8]]))
    one, two = spend(drawn, np.ones(3), [Part(15.0), Part(100.0)])
    assert one[0][0] == pytest.approx([10 / 15, 1, 1])
    assert (one[1][0] * 15 + two[1][0] * 100) == pytest.approx([0, 0, 4], abs=4.1)
    assert one[1][0][-1] * 15 <= 4


@given(st.integers(0, 1000), st.floats(0, 30), st.integers(1, 40))
def test_the_chance_never_falls_with_time(seed: int, limit: float, number: int) -> None:
    generator = np.random.default_rng(seed)
    totals = np.cumsum(generator.normal(1, 1, (30, number)), axis=1)
    days = tuple(date(2026, 1, 1) + timedelta(days=index) for index in range(number))
    chances = Chances.of(days, totals, limit)
    shares = [chances.by(day + timedelta(days=shift)) for day in days for shift in (0,)]
    assert shares == sorted(shares)
    assert chances.by(date(2025, 12, 31)) == 0
    ordered = [chances.quantile(share) for share in (0.1, 0.5, 0.9)]
    as_days = [day if isinstance(day, date) else date.max for day in ordered]
    assert as_days == sorted(as_days)


def test_a_path_at_the_limit_is_not_above_it() -> None:
    days = (date(2026, 1, 1), date(2026, 1, 2))
    chances = Chances.of(days, np.array([[1.0, 2.0], [2.0, 2.0], [2.0, 2.1], [3.0, 3.0]]), 2.0)
    assert chances.by(days[0]) == 0.25
    assert chances.by(days[1]) == 0.5
