from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.compute.chip_time import chip_time
from declarant.compute.short_form import short_form
from declarant.compute.utilisation import PUBLISHED, FinishedRun, calibrated
from declarant.problems import BadInput
from declarant.quantities import Interval

HALF = Interval.exactly(Fraction(1, 2))


@pytest.mark.parametrize(
    ("device_hours", "peak", "printed"),
    [(200_000, 300 * 10**12, 1e23), (370_000, 989 * 10**12, 6.5e23)],
)
def test_worked_examples_of_the_eu_guidelines_by_hardware(
    device_hours: int, peak: int, printed: float
) -> None:
    made = chip_time(1, Fraction(device_hours * 3600), Interval.exactly(peak), HALF)
    assert made.model_operations.best is not None
    assert float(made.model_operations.best) == pytest.approx(printed, rel=0.1)


@pytest.mark.parametrize(
    ("parameters", "tokens", "printed"),
    [(38 * 10**8, 33 * 10**11, 7.5e22), (154 * 10**7, 18 * 10**12, 1.66e23)],
)
def test_worked_examples_of_the_eu_guidelines_by_architecture(
    parameters: int, tokens: int, printed: float
) -> None:
    assert short_form(parameters, tokens) == pytest.approx(printed, rel=0.01)


def test_without_earlier_runs_the_published_spread_is_used_and_never_a_constant() -> None:
    assert calibrated([]) is None
    assert PUBLISHED.low < Fraction(32, 100) < (PUBLISHED.high or 0)


def test_utilisation_is_calibrated_on_earlier_runs() -> None:
    capacity = Interval.exactly(1000)
    runs = [
        FinishedRun("a", Interval.exactly(300), capacity),
        FinishedRun("b", Interval.between(380, 420, 400), capacity),
        FinishedRun("c", Interval.exactly(350), capacity),
        FinishedRun("unbounded", Interval.at_least(1), capacity),
    ]
    reached = calibrated(runs)
    assert reached is not None
    assert (reached.low, reached.best, reached.high) == (
        Fraction(3, 10), Fraction(35, 100), Fraction(42, 100),
    )  # fmt: skip
    assert "a, b, c" in reached.reason


def test_a_run_beyond_its_devices_calibrates_nothing() -> None:
    capacity = Interval.exactly(1000)
    assert calibrated([FinishedRun("wrong", Interval.exactly(1001), capacity)]) is None
    edge = calibrated([FinishedRun("wide", Interval.between(900, 1100, 1050), capacity)])
    assert edge is not None
    assert (edge.low, edge.best, edge.high) == (Fraction(9, 10), 1, 1)


def test_an_unknown_device_leaves_no_upper_bound() -> None:
    made = chip_time(8, Fraction(3600), Interval.at_least(0), HALF)
    assert made.model_operations.high is None


@pytest.mark.parametrize(
    ("devices", "seconds", "utilisation"),
    [(0, 1, HALF), (1, 0, HALF), (1, 1, Interval.exactly(2)), (1, 1, Interval.at_least(0))],
)
def test_impossible_amounts_are_refused(devices: int, seconds: int, utilisation: Interval) -> None:
    with pytest.raises(BadInput) as error:
        chip_time(devices, Fraction(seconds), Interval.exactly(1), utilisation)
    assert error.value.findings[0].mend


@given(st.integers(1, 10**6), st.integers(1, 10**8), st.integers(1, 10**16))
def test_no_run_exceeds_its_capacity(devices: int, seconds: int, peak: int) -> None:
    made = chip_time(devices, Fraction(seconds), Interval.exactly(peak), PUBLISHED)
    assert made.capacity == Interval.exactly(devices * seconds * peak)
    assert made.model_operations.high is not None
    assert made.model_operations.high < devices * seconds * peak
