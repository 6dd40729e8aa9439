"""Every format tells the same of the same samples; units are found, or asked for."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.compute.meter.telemetry import (
    BF16,
    CLOCK,
    H100,
    START,
    TENSOR,
    Row,
    codes,
    csv,
    every,
    exposition,
    finding,
    long_parquet,
    matrix,
    metered,
    operations,
    parquet,
    total,
)

from declarant.compute.meter import Known, Unit
from declarant.problems import BadInput

ROWS = [
    *(Row(15 * n, n / 10, 1000.0 + n, host="node1", pod="a-0") for n in range(9)),
    *(Row(15 * n, 0.9 - n / 10, 1500.5, gpu=1, host="node2") for n in range(9)),
]
Writer = Callable[[Path, Sequence[Row]], Path]


@pytest.mark.parametrize("write", [csv, long_parquet, exposition, matrix])
def test_every_format_tells_the_same(tmp_path: Path, write: Writer) -> None:
    wide = metered(parquet(tmp_path / "a.parquet", ROWS))
    assert metered(write(tmp_path / "other", ROWS)).segments == wide.segments


@pytest.mark.parametrize("write", [csv, exposition, matrix])
def test_packed_files_are_read(tmp_path: Path, write: Writer) -> None:
    plain = write(tmp_path / "plain", ROWS)
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert metered(packed).segments == metered(plain).segments


def test_a_folder_of_parquet_is_one_telemetry(tmp_path: Path) -> None:
    folder = tmp_path / "export" / "day=3"
    folder.mkdir(parents=True)
    parquet(folder / "1.parquet", ROWS[:5])
    parquet(folder / "2.parquet", ROWS[5:])
    whole = metered(parquet(tmp_path / "a.parquet", ROWS))
    assert metered(tmp_path / "export").segments == whole.segments


@pytest.mark.parametrize("scale", [1, 1000, 10**6, 10**9])
def test_times_in_any_unit(tmp_path: Path, scale: int) -> None:
    rows = every(15, 6)
    times = [row.moment // 1000 * scale for row in rows]
    found = metered(parquet(tmp_path / "a.parquet", rows, timestamp=times))
    assert total(found).best == operations(0.5, 90)
    assert found.segments[0].day.isoformat() == "2026-10-03"


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", None, "Asia/Taipei"])
def test_times_as_dates(tmp_path: Path, unit: str, zone: str | None) -> None:
    import pyarrow as pa

    rows = every(15, 6)
    scale = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    times = pa.array([row.moment // 1000 * scale for row in rows], pa.timestamp(unit, tz=zone))
    found = metered(parquet(tmp_path / "a.parquet", rows, timestamp=times))
    assert total(found).best == operations(0.5, 90)
    assert found.segments[0].day.isoformat() == "2026-10-03"
    assert ("meter.zone" in codes(found)) == (zone is None)


def test_dates_as_text_with_their_zone(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    lines = [f"timestamp,gpu,Hostname,modelName,{TENSOR},{CLOCK}"]
    lines += [f"2026-10-03T02:00:{n:02}+02:00,0,node1,{H100},0.5,1830" for n in range(0, 60, 15)]
    file.write_text("\n".join(lines))
    found = metered(file)
    assert total(found).best == operations(0.5, 60)
    assert found.segments[0].day.isoformat() == "2026-10-03"
    assert "meter.zone" not in codes(found)


def test_dates_without_a_zone_are_utc_and_said_or_in_the_zone_given(tmp_path: Path) -> None:
    from zoneinfo import ZoneInfo

    file = tmp_path / "a.csv"
    lines = [f"time,gpu,host,model,{TENSOR},{CLOCK}"]
    lines += [f"2026-10-03 00:00:{n:02},0,node1,{H100},0.5,1830" for n in range(0, 60, 15)]
    file.write_text("\n".join(lines))
    found = metered(file)
    assert "borders of days and jobs" in finding(found, "meter.zone").effect
    east = metered(file, Known(formats=BF16.formats, zone=ZoneInfo("Asia/Taipei")))
    assert east.segments[0].day.isoformat() == "2026-10-02"
    assert total(east) == total(found)
    assert "meter.zone" not in codes(east)


def test_a_ratio_exported_in_percent_is_seen(tmp_path: Path) -> None:
    rows = every(15, 6, 50.0)
    found = metered(parquet(tmp_path / "a.parquet", rows))
    assert total(found).best == operations(0.5, 90)
    assert "9,900 %" in finding(found, "meter.percent").effect


@pytest.mark.parametrize("glitch", [1.2, 5.0])
def test_one_glitch_of_a_ratio_is_a_question(tmp_path: Path, glitch: float) -> None:
    rows = every(15, 40)
    rows[20] = replace(rows[20], tensor=glitch)
    path = parquet(tmp_path / "a.parquet", rows)
    with pytest.raises(BadInput, match="glitched"):
        metered(path)
    found = metered(path, Known(formats=BF16.formats, units={TENSOR: Unit.RATIO}))
    assert total(found).low >= operations(0.5, 39 * 15)
    assert total(found).high >= operations(0.5, 40 * 15)
    assert "missing coverage" in finding(found, "meter.above_one").effect


def test_a_column_has_one_unit_in_all_sources(tmp_path: Path) -> None:
    busy = parquet(tmp_path / "a.parquet", every(15, 6, 50.0))
    idle = parquet(tmp_path / "b.parquet", every(15, 6, 0.8, host="node2"))
    for paths in ([busy, idle], [idle, busy]):
        found = metered(paths)
        assert total(found).best == operations(0.508, 90)
        assert finding(found, "meter.one_unit").where.file == str(idle)


@pytest.mark.parametrize(
    ("name", "value"), [("tensor_active", 0.5), ("tensor_active", 1.0), ("pipe_tensor_active", 0.9)]
)
def test_a_unit_that_nothing_tells_is_asked_for(tmp_path: Path, name: str, value: float) -> None:
    rows = every(15, 6)
    path = parquet(tmp_path / "a.parquet", rows, **{TENSOR: None, name: [value] * 6})
    with pytest.raises(BadInput, match=f"--unit {name}=ratio"):
        metered(path)
    given = Known(formats=BF16.formats, units={name: Unit.RATIO})
    assert total(metered(path, given)).best == operations(value, 90)
    given = Known(formats=BF16.formats, units={"activity": Unit.PERCENT})
    assert total(metered(path, given)).best == operations(round(value / 100, 4), 90)


def test_a_unit_that_cannot_be_is_refused(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(15, 6, 50.0))
    with pytest.raises(BadInput, match="more than a whole ratio"):
        metered(path, Known(units={TENSOR: Unit.RATIO}))
    with pytest.raises(BadInput, match="no share of cycles"):
        metered(parquet(tmp_path / "b.parquet", every(15, 6, 5000.0)))


def wandb(path: Path, values: list[float]) -> Path:
    rows = ["_timestamp,system.gpu.0.pipeTensorActive,system.gpu.0.smClock,"
            "system.gpu.1.pipeTensorActive,system.gpu.1.smClock,system.cpu"]  # fmt: skip
    rows += [
        f"{START / 1000 + 15 * n},{value},1830,{value / 2},1830,3" for n, value in enumerate(values)
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_columns_of_weights_and_biases(tmp_path: Path) -> None:
    known = Known(formats=BF16.formats, device="H100 SXM", run_label="run")
    found = metered(wandb(tmp_path / "run-7.csv", [50.0] * 6), known)
    assert total(found, "run-7").best == operations(0.5, 90) + operations(0.25, 90)


def test_a_percentage_that_never_exceeds_one_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="=percent"):
        metered(wandb(tmp_path / "a.csv", [0.5] * 6), Known(device="H100 SXM"))


def test_events_of_weights_and_biases(tmp_path: Path) -> None:
    file = tmp_path / "wandb-events.jsonl"
    file.write_text(
        "\n".join(
            json.dumps(
                {
                    "_timestamp": START / 1000 + 15 * n,
                    "system.gpu.0.pipeTensorActive": 50.0,
                    "system.gpu.0.smClock": 1830,
                    "system.gpu.0.temp": 60,
                }
            )
            for n in range(6)
        )
    )
    known = Known(formats=BF16.formats, device="H100 SXM")
    assert total(metered(file, known)).best == operations(0.5, 90)


def test_a_telemetry_without_activity_says_which_field_to_export(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(15, 6), **{TENSOR: None})
    with pytest.raises(BadInput, match="field 1004"):
        metered(path)


def test_samples_without_times_say_so(tmp_path: Path) -> None:
    file = tmp_path / "scrape.prom"
    file.write_text(f'{TENSOR}{{gpu="0",UUID="GPU-1"}} 0.5\n')
    with pytest.raises(BadInput, match="no times"):
        metered(file)


def test_late_samples_of_a_scrape_are_counted(tmp_path: Path) -> None:
    rows = every(15, 6)
    found = metered(exposition(tmp_path / "a.prom", [*rows[3:], *rows[:3]]))
    assert total(found).best == operations(0.5, 90)
    assert finding(found, "meter.out_of_order").effect.startswith("none")


def test_the_exporters_own_pod_is_not_the_runs(tmp_path: Path) -> None:
    rows = every(15, 6, pod="dcgm-exporter-x")
    path = parquet(tmp_path / "a.parquet", rows, exported_pod=["train-0"] * 6)
    found = metered(path, Known(formats=BF16.formats, run_label="pod"))
    assert found.runs == ("train-0",)


def test_a_file_named_twice_counts_once(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(15, 6))
    found = metered([path, path])
    assert total(found).best == operations(0.5, 90)
    assert "meter.repeated_source" in codes(found)


def test_escaped_labels_and_openmetrics_seconds(tmp_path: Path) -> None:
    file = tmp_path / "a.prom"
    lines = [
        f'{name}{{gpu="0",UUID="GPU-1",modelName="{H100}",pod="a\\"b}}c"}} {value} '
        f"{START / 1000 + 15 * n:.3f}"
        for n in range(6)
        for name, value in ((TENSOR, 0.5), (CLOCK, 1830))
    ]
    file.write_text("\n".join(lines) + "\n# EOF\n")
    found = metered(file, Known(formats=BF16.formats, run_label="pod"))
    assert total(found, 'a"b}c').best == operations(0.5, 90)
