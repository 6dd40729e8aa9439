import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.problems import BadInput
from declarant.quantities import (
    parse_bits_per_second,
    parse_number,
    parse_operations,
    parse_rate,
    show_bits_per_second,
    show_operations,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.2e26", 12 * 10**25),
        ("4.0 x 10^25", 4 * 10**25),
        ("4.0 × 10^25 FLOP", 4 * 10**25),
        ("380 YFLOP", 38 * 10**25),
        ("100_000", 100_000),
        (7, 7),
    ],
)
def test_operations_are_read_exactly(text: str | int, value: int) -> None:
    assert parse_operations(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.5 PFLOP/s", 25 * 10**14),
        ("989.4 TFLOP/s", 9894 * 10**11),
        ("1978.9 TOP/s", 19789 * 10**11),
        ("1e20", 10**20),
        ("67 TFLOPS", 67 * 10**12),
    ],
)
def test_rates(text: str, value: int) -> None:
    assert parse_rate(text) == value


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("400 Gbit/s", 400 * 10**9),
        ("400G", 400 * 10**9),
        ("100 Gbps", 10**11),
        ("1.6 Tbit/s", 16 * 10**11),
    ],
)
def test_links(text: str, bits: int) -> None:
    assert parse_bits_per_second(text) == bits


def test_numbers_with_words() -> None:
    assert parse_number("15.6T") == parse_number("15.6 trillion") == parse_number("15.6e12")
    assert parse_number("0.1") == Fraction(1, 10)  # not the nearest binary fraction


@pytest.mark.parametrize(
    "text", ["", "many", "1e", "nan", "inf", "1.2.3", "-5", "1e99999", "5 bananas"]
)
def test_what_is_no_amount_is_refused_with_a_mend(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_operations(text)
    assert caught.value.findings[0].mend


def test_bytes_are_not_taken_for_bits() -> None:
    with pytest.raises(BadInput, match="bytes per second"):
        parse_bits_per_second("50 GB/s")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (38 * 10**24, "3.80e25"),
        (9_996 * 10**20, "1.00e24"),
        (0, "0"),
        (1, "1.00e0"),
        (None, "unknown"),
    ],
)
def test_amounts_are_printed_rounded(amount: int | None, shown: str) -> None:
    assert show_operations(amount) == shown


def test_links_are_printed_with_a_prefix() -> None:
    assert show_bits_per_second(400 * 10**9) == "400 Gbit/s"
    assert show_bits_per_second(1_600 * 10**9) == "1600 Gbit/s"
    assert show_bits_per_second(None) == "unknown"


@given(st.integers(min_value=1, max_value=10**30))
def test_printing_and_reading_agree_within_the_digits_shown(amount: int) -> None:
    shown = parse_operations(show_operations(amount, digits=6))
    assert abs(shown - amount) * 10**5 <= amount


@given(st.integers(min_value=0, max_value=10**40))
def test_whole_numbers_survive_reading(amount: int) -> None:
    assert parse_operations(str(amount)) == amount


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadInput):
        assert parse_operations(text) >= 0
