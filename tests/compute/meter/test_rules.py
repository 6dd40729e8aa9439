"""The rules of the meter, one by one, each with operations worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.compute.meter.telemetry import (
    BF16,
    HIGHEST,
    PER_KILOCYCLE,
    TENSOR,
    Row,
    codes,
    every,
    finding,
    metered,
    operations,
    parquet,
    total,
)

from declarant.compute.meter import Known
from declarant.problems import BadInput
from declarant.quantities import NumberFormat


def test_activity_clock_peak_and_time(tmp_path: Path) -> None:
    rows = [Row(0, 0.5), Row(15, 0.25, 915.0), Row(30, 1.0, 1830.0), Row(45, 0.0)]
    found = total(metered(parquet(tmp_path / "a.parquet", rows)))
    by_hand = operations(0.5, 15) + operations(0.25, 15, 915) + operations(1.0, 15)
    assert (found.low, found.best, found.high) == (by_hand, by_hand, by_hand)


def test_at_the_reference_clock_a_full_second_is_the_dense_peak(tmp_path: Path) -> None:
    rows = every(1, 10, 1.0)
    assert total(metered(parquet(tmp_path / "a.parquet", rows))).best == 10 * 989_400_000_000_000


def test_a_sample_before_a_short_gap_is_carried_over(tmp_path: Path) -> None:
    rows = [*every(15, 5, 0.5), *every(15, 5, 0.5, begin=90)]  # 60 -> 90: two intervals
    found = metered(parquet(tmp_path / "a.parquet", rows))
    amount = total(found)
    assert amount.low == operations(0.5, 150)
    assert amount.best == operations(0.5, 165)
    assert amount.high == operations(0.5, 150) + operations(1.0, 15, HIGHEST)
    assert found.segments[0].carried_ms == 15_000
    assert found.segments[0].missing_ms == 0


def test_a_long_gap_is_missing_coverage_that_widens_and_never_disappears(tmp_path: Path) -> None:
    rows = [*every(15, 9, 0.5), *every(15, 9, 0.5, begin=240)]  # 120 -> 240
    found = metered(parquet(tmp_path / "a.parquet", rows))
    amount, segment = total(found), found.segments[0]
    assert (segment.measured_ms, segment.carried_ms, segment.missing_ms) == (
        270_000,
        15_000,
        90_000,
    )
    assert (segment.samples, segment.samples_expected) == (18, 25)
    assert amount.low == operations(0.5, 270)
    assert amount.best == operations(0.5, 375)  # at the mean of what was measured
    assert amount.high == operations(0.5, 270) + operations(1.0, 105, HIGHEST)
    assert "highest clock, 1980 MHz" in amount.reason
    said = finding(found, "meter.coverage")
    assert "72.00%" in said.what
    assert "e17" in said.effect


def test_with_less_than_half_measured_there_is_no_best_value(tmp_path: Path) -> None:
    rows = [*every(15, 4, 0.5), *every(15, 4, 0.5, begin=600)]
    amount = total(metered(parquet(tmp_path / "a.parquet", rows)))
    assert amount.best is None
    assert amount.low == operations(0.5, 120)


def test_a_gap_over_midnight_is_missing_on_both_days(tmp_path: Path) -> None:
    day = 86_400
    rows = [*every(15, 5, 0.5, begin=day - 120), *every(15, 5, 0.5, begin=day + 60)]
    found = metered(parquet(tmp_path / "a.parquet", rows)).segments
    assert [item.day.isoformat() for item in found] == ["2026-10-03", "2026-10-04"]
    # the last sample before is at -60 s and reaches to -30 s; the next is at +60 s
    assert [item.missing_ms for item in found] == [30_000, 60_000]


def test_duplicates_count_once(tmp_path: Path) -> None:
    rows = every(15, 6, 0.5)
    once = metered(parquet(tmp_path / "a.parquet", rows))
    twice = metered(parquet(tmp_path / "b.parquet", [*rows, *rows]))
    assert total(twice) == total(once)
    assert twice.segments[0].duplicates == 6
    assert finding(twice, "meter.duplicates").effect == "none"


def test_of_duplicates_that_differ_the_greatest_counts_and_the_lower_bound_knows(
    tmp_path: Path,
) -> None:
    rows = [*every(15, 6, 0.5), Row(15, 0.3)]
    found = metered(parquet(tmp_path / "a.parquet", rows))
    amount = total(found)
    assert amount.best == operations(0.5, 90)
    assert amount.low == operations(0.5, 90) - operations(0.2, 15)
    assert "would take away" in finding(found, "meter.duplicates").effect


def test_order_of_arrival_is_nothing(tmp_path: Path) -> None:
    rows = [Row(number * 15, number / 20) for number in range(20)]
    ahead = metered(parquet(tmp_path / "a.parquet", rows))
    late = metered(parquet(tmp_path / "b.parquet", [*rows[10:], *rows[9::-1]]))
    assert late.segments == ahead.segments


@pytest.mark.parametrize("blank", [None, float("nan"), -1.0, 140737488355328.0, 9.2e18])
def test_what_is_no_reading_is_no_sample(tmp_path: Path, blank: float | None) -> None:
    rows = every(15, 9, 0.5)
    rows[4] = replace(rows[4], tensor=blank)
    found = metered(parquet(tmp_path / "a.parquet", rows))
    assert found.segments[0].samples == 8
    assert total(found).low == operations(0.5, 120)


def test_a_clock_above_the_highest_is_counted_as_the_highest(tmp_path: Path) -> None:
    rows = [replace(row, clock=2980.0) for row in every(15, 4, 0.5)]
    found = metered(parquet(tmp_path / "a.parquet", rows))
    assert total(found).best == operations(0.5, 60, HIGHEST)
    assert "takes away" in finding(found, "meter.clock_above").effect


def test_a_sample_without_a_clock_ran_at_some_clock(tmp_path: Path) -> None:
    rows = every(15, 4, 0.5)
    rows[1] = replace(rows[1], clock=None)
    found = metered(parquet(tmp_path / "a.parquet", rows))
    amount = total(found)
    assert amount.low == operations(0.5, 45)
    assert amount.best is None
    assert amount.high == operations(0.5, 45) + operations(0.5, 15, HIGHEST)
    assert "meter.clock_missing" in codes(found)


def test_hertz_are_told_from_megahertz_sample_by_sample(tmp_path: Path) -> None:
    rows = every(15, 4, 0.5)
    rows[2] = replace(rows[2], clock=1.83e9)
    assert total(metered(parquet(tmp_path / "a.parquet", rows))).best == operations(0.5, 60)


def test_no_clock_lies_between_the_units(tmp_path: Path) -> None:
    rows = [replace(row, clock=1_830_000.0) for row in every(15, 4, 0.5)]  # kHz: nobody's unit
    found = metered(parquet(tmp_path / "a.parquet", rows))
    assert total(found).low == 0
    assert "meter.clock_missing" in codes(found)


def test_intervals_are_found_by_gpu(tmp_path: Path) -> None:
    rows = [*every(15, 8, 0.5), *every(60, 8, 0.5, gpu=1)]
    found = metered(parquet(tmp_path / "a.parquet", rows))
    assert "15 s to 60 s" in finding(found, "meter.interval").what
    assert total(found).low == operations(0.5, 120) + operations(0.5, 480)


def test_a_single_sample_has_no_interval_until_it_is_given(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", [Row(0, 0.5)])
    with pytest.raises(BadInput, match="--interval"):
        metered(path)
    given = Known(formats=BF16.formats, interval_ms=30_000)
    assert total(metered(path, given)).best == operations(0.5, 30)


def test_an_unknown_number_format_is_an_interval_over_what_the_device_offers(
    tmp_path: Path,
) -> None:
    found = metered(parquet(tmp_path / "a.parquet", every(1, 10, 1.0)), Known())
    amount = total(found)
    assert amount.best is None
    assert amount.low == 10 * 67_000_000_000_000 * PER_KILOCYCLE * 1830 / PER_KILOCYCLE / 1980
    assert amount.high == 10 * 1_978_900_000_000_000
    assert "--number-format" in finding(found, "meter.rate_open").mend


def test_a_format_the_device_lacks_is_not_believed(tmp_path: Path) -> None:
    rows = every(1, 4, 1.0, model="NVIDIA A100-SXM4-80GB", clock=1410.0)
    found = metered(parquet(tmp_path / "a.parquet", rows), Known(formats={"": NumberFormat.FP8}))
    assert total(found).best is None
    assert "offers no fp8" in finding(found, "meter.rate_open").what


def test_an_unknown_device_has_no_upper_bound_and_no_stand_in(tmp_path: Path) -> None:
    rows = every(15, 4, 0.5, model="NVIDIA X9000")
    found = metered(parquet(tmp_path / "a.parquet", rows))
    amount = total(found)
    assert (amount.low, amount.best, amount.high) == (0, None, None)
    assert finding(found, "meter.device_unknown").effect == "the total has no upper bound"


def test_a_device_may_be_named_where_telemetry_names_none(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(15, 4, 0.5, model=""))
    assert total(metered(path)).high is None
    named = Known(formats=BF16.formats, device="H100 SXM")
    assert total(metered(path, named)).best == operations(0.5, 60)


def test_a_device_without_a_published_clock_is_open_until_it_is_given(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(1, 10, 1.0, model="NVIDIA B200", clock=1850.0))
    found = metered(path)
    assert total(found).high is None
    assert "--reference-clock" in finding(found, "meter.rate_open").mend
    given = Known(formats=BF16.formats, reference_clock_mhz=1850)
    assert total(metered(path, given)).best == 10 * 2_250_000_000_000_000


def test_a_part_of_a_device_is_bounded_by_the_device(tmp_path: Path) -> None:
    rows = every(15, 4, 0.5)
    path = parquet(tmp_path / "a.parquet", rows, GPU_I_PROFILE=["1g.10gb"] * 4, GPU_I_ID=["7"] * 4)
    amount = total(metered(path))
    assert (amount.low, amount.best, amount.high) == (0, None, operations(0.5, 60))


def test_instances_of_one_gpu_are_told_apart(tmp_path: Path) -> None:
    rows = [*every(15, 4, 0.5), *every(15, 4, 0.5)]
    ids = ["7"] * 4 + ["8"] * 4
    path = parquet(tmp_path / "a.parquet", rows, GPU_I_PROFILE=["1g.10gb"] * 8, GPU_I_ID=ids)
    assert metered(path).segments[0].samples == 8


def test_split_pipes_count_at_their_own_rates(tmp_path: Path) -> None:
    rows = every(1, 10, 0.5, clock=1830.0)
    path = parquet(
        tmp_path / "a.parquet",
        rows,
        DCGM_FI_PROF_PIPE_TENSOR_HMMA_ACTIVE=[0.25] * 10,
        DCGM_FI_PROF_PIPE_TENSOR_IMMA_ACTIVE=[0.25] * 10,
        DCGM_FI_PROF_PIPE_TENSOR_DFMA_ACTIVE=[0.0] * 10,
    )
    by_hand = (2.5 * 989.4 + 2.5 * 1978.9) * 1e12
    assert float(total(metered(path)).best or 0) == pytest.approx(by_hand, rel=1e-9)


def test_later_names_of_the_same_field_are_understood(tmp_path: Path) -> None:
    rows = every(15, 4, 0.5)
    path = parquet(
        tmp_path / "a.parquet", rows, **{TENSOR: None}, DCGM_FI_PROF_TENSOR_UTIL_RATIO=[0.5] * 4
    )
    assert total(metered(path)).best == operations(0.5, 60)


def test_counters_of_cycles_are_differenced_and_restarts_are_missing(tmp_path: Path) -> None:
    active = [1000, 1500, 2000, 2500, 100, 600, 1100, 1600]  # restarted before the fifth
    elapsed = [9000, 10000, 11000, 12000, 200, 1200, 2200, 3200]
    path = parquet(
        tmp_path / "a.parquet",
        every(15, 8),
        **{TENSOR: None},
        DCGM_FI_PROF_MMA_CYCLES_ACTIVE_TOTAL=active,
        DCGM_FI_PROF_SM_CYCLES_ELAPSED_TOTAL=elapsed,
    )
    found = metered(path)
    assert total(found).low == operations(0.5, 90)  # six of the seven stretches
    assert "1 times" in finding(found, "meter.restarts").what


def test_a_gpu_under_two_labels_is_one(tmp_path: Path) -> None:
    rows = every(15, 8, 0.5)
    named = [
        replace(row, uuid="GPU-1", host="" if n % 2 else "node1") for n, row in enumerate(rows)
    ]
    found = metered(parquet(tmp_path / "a.parquet", named))
    assert total(found).low == operations(0.5, 120)


def test_the_same_labels_on_two_hosts_are_two_gpus(tmp_path: Path) -> None:
    rows = [*every(15, 4, 0.5), *every(15, 4, 0.5, host="node2")]
    path = parquet(tmp_path / "a.parquet", rows, UUID=None)
    assert total(metered(path)).best == operations(0.5, 120)


def test_evidence_is_the_digest_of_each_source(tmp_path: Path) -> None:
    import hashlib

    path = parquet(tmp_path / "a.parquet", every(15, 4))
    (held,) = metered(path).evidence
    assert held.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
