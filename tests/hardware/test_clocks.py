"""The clock at which a dense peak holds: units x operations a clock x clock is the peak."""

from __future__ import annotations

from pathlib import Path

import pytest

from declarant.hardware import device, devices
from declarant.hardware.catalogue import read_catalogue
from declarant.problems import BadInput
from declarant.quantities import NumberFormat

FP16, FP64 = NumberFormat.FP16, NumberFormat.FP64


@pytest.mark.parametrize(
    ("name", "number_format", "units", "a_clock"),
    [
        ("h100-sxm", FP16, 132, 4096),
        ("h100-sxm", FP64, 132, 256),
        ("h100-pcie", FP16, 114, 4096),
        ("a100-sxm", FP16, 108, 2048),
        ("v100-sxm2", FP16, 80, 1024),
        ("l4", FP16, 58, 1024),
    ],
)
def test_the_reference_clock_gives_the_peak(
    name: str, number_format: NumberFormat, units: int, a_clock: int
) -> None:
    found = device(name)
    assert found is not None
    clock = found.reference_clock(number_format)
    assert clock is not None
    assert clock.best is not None
    by_hand = units * a_clock * float(clock.best) * 1e6
    assert by_hand == pytest.approx(found.peaks[number_format].high, rel=0.005)


def test_a_clock_that_is_not_published_is_unknown() -> None:
    found = device("b200")
    assert found is not None
    assert found.reference_clock(FP16) is None


def test_no_reference_lies_above_the_highest() -> None:
    for found in devices():
        if found.clocks is not None:
            assert found.clocks.reference[0] <= found.clocks.reference[1] <= found.clocks.most
            assert found.clocks.source.url


@pytest.mark.parametrize(
    "clocks",
    [
        "{reference: 1830, most: 1000, source: s}",
        "{reference: [1900, 1800], most: 1980, source: s}",
        "{reference: 1830, of: {fp64: 1999}, most: 1980, source: s}",
        "{reference: 1830000000, most: 1830000000, source: s}",
        "{reference: 1830, most: 1980, source: elsewhere}",
    ],
)
def test_clocks_that_cannot_be_are_refused(tmp_path: Path, clocks: str) -> None:
    (tmp_path / "m.yaml").write_text(
        "maker: M\nsources: {s: {title: a page}}\ndevices:\n"
        "  - {id: x1, name: X1, role: training, source: s, confidence: secondary,\n"
        f"     peaks: {{fp16: 1}}, clocks: {clocks}, names: {{any: [X1]}}}}\n"
    )
    with pytest.raises(BadInput):
        read_catalogue(tmp_path)
