from __future__ import annotations

import time
from pathlib import Path

import pytest

from declarant.hardware.catalogue import FOLDER, read_catalogue
from declarant.problems import BadInput

FILE = """maker: M
sources: {{s: {{title: a page}}}}
devices:
  - id: x1
    name: X1
    role: training
    source: s
    confidence: secondary
    peaks: {peaks}
    names: {{any: [X1]}}
"""


def read(folder: Path, text: str) -> None:
    (folder / "m.yaml").write_text(text, encoding="utf-8")
    read_catalogue(folder)


def test_rates_are_exact_whole_operations(tmp_path: Path) -> None:
    read(tmp_path, FILE.format(peaks='{fp16: "989.4", int8: {between: [1, "1.5"]}}'))
    found = read_catalogue(tmp_path)["x1"].device
    assert {key.value: (cell.low, cell.high) for key, cell in found.peaks.items()} == {
        "fp16": (989_400_000_000_000, 989_400_000_000_000),
        "int8": (10**12, 15 * 10**11),
    }


def test_an_unknown_rate_may_have_a_bound_or_none(tmp_path: Path) -> None:
    read(tmp_path, FILE.format(peaks='{fp8: {unknown: true, at_most: "5"}, int8: {unknown: true}}'))
    fp8, int8 = read_catalogue(tmp_path)["x1"].device.peaks.values()
    assert (fp8.low, fp8.high, fp8.rate_is_known) == (0, 5 * 10**12, False)
    assert (int8.low, int8.high, int8.rate_is_known) == (0, None, False)
    assert int8.interval.high is None


@pytest.mark.parametrize(
    "peaks",
    [
        "{fp16: fast}",
        "{fp16: 0}",
        '{fp16: "-1"}',
        '{fp16: "0.0000000000001"}',
        "{fp16: true}",
        "{fp17: 1}",
        "{fp16: {}}",
        "{fp16: {value: 1, unknown: true}}",
        "{fp16: {value: 1, at_most: 2}}",
        "{fp16: {between: [2, 1]}}",
        "{fp16: {value: 1, source: nowhere}}",
        "{fp16: {value: 1, speed: 1}}",
    ],
)
def test_what_is_no_rate_is_refused_with_its_place(tmp_path: Path, peaks: str) -> None:
    with pytest.raises(BadInput) as raised:
        read(tmp_path, FILE.format(peaks=peaks))
    assert raised.value.findings[0].where.file == "m.yaml"


def test_two_devices_of_one_id_are_refused(tmp_path: Path) -> None:
    text = FILE.format(peaks="{fp16: 1}")
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="two devices 'x1'") as raised:
        read(tmp_path, text)
    assert (raised.value.findings[0].where.file, raised.value.findings[0].where.line) == (
        "m.yaml",
        4,
    )


def test_reading_the_whole_catalogue_is_quick() -> None:
    best = 9.0
    for _ in range(5):
        began = time.process_time()
        read_catalogue(FOLDER)
        best = min(best, time.process_time() - began)
    assert best < 0.1
