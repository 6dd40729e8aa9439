from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.quantities import Comparison, FormatClass, Interval, NumberFormat

LIMIT = 10**26
amounts = st.fractions(min_value=0, max_value=10**27)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, best, high = sorted(draw(st.tuples(amounts, amounts, amounts)))
    return Interval(low, draw(st.sampled_from([best, None])), draw(st.sampled_from([high, None])))


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (Interval.exactly(LIMIT - 1), Comparison.BELOW),
        (Interval.exactly(LIMIT), Comparison.BELOW),  # equal does not exceed
        (Interval.exactly(LIMIT + 1), Comparison.ABOVE),
        (Interval.exactly(LIMIT + Fraction(1, 10**9)), Comparison.ABOVE),
        (Interval.between(LIMIT, LIMIT + 1), Comparison.STRADDLES),
        (Interval.between(0, LIMIT), Comparison.BELOW),
        (Interval.at_least(0), Comparison.STRADDLES),
        (Interval.at_least(LIMIT), Comparison.STRADDLES),
        (Interval.at_least(LIMIT + 1), Comparison.ABOVE),
    ],
)
def test_the_comparison_is_strict(interval: Interval, expected: Comparison) -> None:
    assert interval.compared_with(LIMIT) is expected


def test_bounds_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="below lower bound"):
        Interval.between(2, 1)
    with pytest.raises(ValueError, match="outside"):
        Interval.between(1, 2, best=3)
    with pytest.raises(ValueError, match="negative"):
        Interval.exactly(-1)


def test_an_unknown_bound_stays_unknown() -> None:
    total = Interval.exactly(5) + Interval.at_least(1, "one group has no device")
    assert (total.low, total.best, total.high) == (6, None, None)
    assert total.reason == "one group has no device"
    assert Interval.hull([Interval.exactly(5), Interval.at_least(1)]).high is None


def test_nothing_times_an_unknown_is_nothing() -> None:
    assert (Interval.at_least(3) * 0).high == 0


def test_json_rounds_outwards() -> None:
    third = Fraction(10, 3)
    assert Interval(third, third, third).as_json() == {"low": "3", "best": "3", "high": "4"}
    assert Interval.at_least(third).as_json() == {"low": "3", "best": None, "high": None}


@given(intervals(), intervals(), amounts, amounts)
def test_sums_and_products_hold_every_pair(
    a: Interval, b: Interval, x: Fraction, y: Fraction
) -> None:
    x, y = _into(a, x), _into(b, y)
    for made, value in ((a + b, x + y), (a * b, x * y)):
        assert made.low <= value
        assert made.high is None or value <= made.high


@given(intervals(), intervals())
def test_a_hull_holds_its_parts(a: Interval, b: Interval) -> None:
    hull = Interval.hull([a, b])
    assert hull.low == min(a.low, b.low)
    assert hull.overlaps(a)
    assert hull.overlaps(b)


@given(intervals(), st.integers(min_value=0, max_value=10**27))
def test_above_and_below_never_hold_together_with_a_value_on_the_other_side(
    interval: Interval, limit: int
) -> None:
    found = interval.compared_with(limit)
    if found is Comparison.ABOVE:
        assert interval.low > limit
    if found is Comparison.BELOW:
        assert interval.high is not None
        assert interval.high <= limit


def _into(interval: Interval, value: Fraction) -> Fraction:
    value = max(value, interval.low)
    return value if interval.high is None else min(value, interval.high)


def test_the_highest_class_holds_every_format_integers_included() -> None:
    assert set(FormatClass.HIGHEST.formats) == set(NumberFormat)
    assert NumberFormat.INT8 in FormatClass.BITS_8.formats
