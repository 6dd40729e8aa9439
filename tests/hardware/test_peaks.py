from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.hardware import Confidence, Device, Peak, Role, Source, device, devices
from declarant.quantities import Comparison, FormatClass, Interval, NumberFormat

LIMIT = 10**20  # 89 FR 73612: operations per second; stands here as the yardstick of a table
BITS_16, BITS_8, HIGHEST = FormatClass.BITS_16, FormatClass.BITS_8, FormatClass.HIGHEST


def peak(name: str, formats: FormatClass) -> Interval:
    found = device(name)
    assert found is not None
    amount = found.peak(formats)
    assert amount is not None
    return amount


@pytest.mark.parametrize(
    ("name", "formats", "most_that_do_not_exceed"),
    [
        ("h100-sxm", BITS_16, 101_071),
        ("b200", BITS_16, 44_444),
        ("b200", BITS_8, 22_222),
        ("gb200", BITS_16, 40_000),  # exactly 10^20
        ("gb200", BITS_8, 20_000),
        ("mi300x", BITS_16, 76_487),
        ("mi300x", BITS_8, 38_242),
        ("tpu-v7", BITS_16, 43_346),
        ("tpu-v7", BITS_8, 21_673),
        ("trainium2", BITS_16, 149_925),
        ("trainium2", BITS_8, 76_982),
    ],
)
def test_one_device_more_exceeds_the_limit(
    name: str, formats: FormatClass, most_that_do_not_exceed: int
) -> None:
    one = peak(name, formats)
    assert (one * most_that_do_not_exceed).compared_with(LIMIT) is Comparison.BELOW
    assert (one * (most_that_do_not_exceed + 1)).compared_with(LIMIT) is Comparison.ABOVE


def test_a_hundred_thousand_h100_flip_on_the_format() -> None:
    assert peak("h100-sxm", BITS_16) * 100_000 == Interval.exactly(9894 * 10**16)
    assert peak("h100-sxm", BITS_8) * 100_000 == Interval.exactly(19789 * 10**16)


def test_no_dense_rate_is_a_sparse_one() -> None:
    # sparse rates of the data sheet: BF16 1,979 and FP8 3,958
    assert peak("h100-sxm", BITS_16).high == Fraction(9894 * 10**11)


def test_conflicting_sources_give_a_low_and_a_high() -> None:
    fp4 = peak("b300", FormatClass.BITS_4)
    assert (fp4.low, fp4.best, fp4.high) == (12_600 * 10**12, None, 15_000 * 10**12)
    assert "conflict" in fp4.reason or "differ" in fp4.reason
    gaudi = peak("gaudi3", BITS_16)
    assert (gaudi.low, gaudi.high) == (1677 * 10**12, 1835 * 10**12)
    ascend = peak("ascend-910b", BITS_16)
    assert (ascend.low, ascend.high) == (320 * 10**12, 354 * 10**12)


def test_an_unknown_rate_is_neither_a_rate_nor_not_offered() -> None:
    b300, tpu = device("b300"), device("tpu-v7")
    assert b300 is not None
    assert tpu is not None
    assert not b300.peaks[NumberFormat.INT8].rate_is_known
    assert NumberFormat.INT8 not in tpu.peaks


def test_an_unknown_rate_bounded_by_another_format_does_not_widen_its_class() -> None:
    assert peak("b300", BITS_8) == Interval.exactly(4500 * 10**12)


def made_of(**cells: tuple[int, int | None]) -> Device:
    source = Source("a page", None)
    peaks = {
        NumberFormat(name): Peak(low, high, Confidence.SECONDARY, source)
        for name, (low, high) in cells.items()
    }
    return Device("x", "X", "maker", Role.TRAINING, peaks)


@pytest.mark.parametrize(
    ("fp8", "int8", "low", "best", "high"),
    [
        ((5, 5), (0, None), 5, None, None),  # it may be faster: no upper bound, never 5
        ((5, 5), (0, 5), 5, 5, 5),
        ((5, 5), (0, 7), 5, None, 7),
        ((5, 5), (3, 4), 5, 5, 5),
        ((2, 6), (3, 4), 3, None, 6),
    ],
)
def test_the_highest_of_a_class_lies_between_the_highest_bounds(
    fp8: tuple[int, int | None],
    int8: tuple[int, int | None],
    low: int,
    best: int | None,
    high: int | None,
) -> None:
    amount = made_of(fp8=fp8, int8=int8).peak(BITS_8)
    assert amount is not None
    assert (amount.low, amount.best, amount.high) == (low, best, high)
    assert amount.is_exact or amount.reason


RATES = st.tuples(st.integers(1, 9), st.integers(0, 9))


@given(st.dictionaries(st.sampled_from(["fp64", "fp16", "fp8", "int8", "fp4"]), RATES, min_size=1))
def test_every_possible_truth_lies_within_the_class(cells: dict[str, tuple[int, int]]) -> None:
    bounds = {name: (low, low + more) for name, (low, more) in cells.items()}
    amount = made_of(**bounds).peak(HIGHEST)
    assert amount is not None
    assert amount.low == max(low for low, _ in bounds.values())
    assert amount.high == max(high for _, high in bounds.values())


def test_a_format_that_is_not_offered_is_not_zero() -> None:
    v100 = device("v100-sxm2")
    assert v100 is not None
    assert v100.peak(BITS_8) is None


def test_every_cell_has_a_source_and_a_confidence() -> None:
    for item in devices():
        assert item.peaks
        for number_format, cell in item.peaks.items():
            assert isinstance(number_format, NumberFormat)
            assert cell.high is None or 0 <= cell.low <= cell.high
            assert cell.rate_is_known or cell.note
            assert cell.low == cell.high or cell.confidence is Confidence.CONFLICTING
            assert cell.source.title
            if cell.confidence is Confidence.DATASHEET:
                assert cell.source.url
                assert cell.source.url.startswith("https://")
        highest = item.peak(HIGHEST)
        assert highest is not None
        for formats in FormatClass:
            amount = item.peak(formats)
            assert amount is None or amount.low <= highest.low
