"""Marks of any number fit in bounded memory, and keep their first, last and turning points."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from declarant.compute.progress import Mark, Progress, Thinned

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.integers(1, 5000), st.integers(8, 64))
def test_thinning_is_bounded_and_keeps_both_ends(count: int, most: int) -> None:
    marks = [Mark(BEGAN + timedelta(seconds=n), n) for n in range(count)]
    thinned = Thinned(most)
    for mark in marks:
        thinned.add(mark)
    kept = thinned.progress().marks
    assert len(kept) <= most + 1  # and the last
    assert (kept[0], kept[-1]) == (marks[0], marks[-1])
    assert list(kept) == sorted(set(kept), key=lambda mark: mark.moment)


def test_a_step_back_is_kept_on_both_sides() -> None:
    steps = [*range(1, 1000), *range(900, 2000)]
    marks = [Mark(BEGAN + timedelta(seconds=n), step) for n, step in enumerate(steps)]
    thinned = Thinned(64)
    for mark in marks[:1010]:
        thinned.add(mark)
    kept = [mark.step for mark in thinned.progress().marks]
    assert 999 in kept
    assert 900 in kept


def test_no_marks_are_no_progress() -> None:
    assert Progress.of([]) is None
