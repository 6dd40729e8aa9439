from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.running import refused, run, run_json
from tests.compute.meter.telemetry import START, TENSOR, csv, every, operations, parquet

from declarant.compute.readers.read import read_recording


@pytest.fixture
def telemetry(tmp_path: Path) -> Path:
    rows = [*every(15, 10, 0.5, pod="a-0"), *every(15, 10, 0.25, host="node2", gpu=1, pod="b-0")]
    return parquet(tmp_path / "telemetry.parquet", rows)


def test_the_keys_that_others_build_on(telemetry: Path, tmp_path: Path) -> None:
    out = tmp_path / "kept" / "metered.parquet"
    words = ("--run", "alpha", "--number-format", "bf16", "--out", out)
    found = run_json("meter", telemetry, *words)
    expected = operations(0.5, 150) + operations(0.25, 150)
    (held,) = found["runs"]
    assert held["run"] == "alpha"
    assert set(held["executed_operations"]) == {"low", "best", "high"}
    assert int(held["executed_operations"]["best"]) == round(expected)
    (segment,) = found["segments"]
    for name in ("samples", "samples_expected", "duplicates", "measured_ms", "missing_ms"):
        assert str(int(segment[name])) == segment[name]
    assert segment["day"] == "2026-10-03"
    assert segment["devices"] == ["h100-sxm"]
    assert found["version"] == "meter/1"
    assert found["no_run"]["executed_operations"]["high"] == "0"
    assert len(found["evidence"][0]["sha256"]) == 64
    assert read_recording([out]).pieces[0].run == "alpha"


def test_people_see_runs_days_coverage_and_what_is_open(telemetry: Path) -> None:
    shown = run("meter", telemetry, "--run-label", "pod").stdout
    for words in ("a-0", "b-0", "2026-10-03", "100.00%", "number format is not known"):
        assert words in shown


def test_work_of_no_run_is_shown(telemetry: Path) -> None:
    assert "(no run)" in run("meter", telemetry, "--number-format", "bf16").stdout


def test_jobs_formats_and_names(telemetry: Path, tmp_path: Path) -> None:
    jobs, formats, names = (tmp_path / name for name in ("jobs.csv", "formats.csv", "names.csv"))
    jobs.write_text(
        "run,host,start,end\n"
        f"job-1,node1,{START // 1000},{START // 1000 + 150}\n"
        f"job-2,node2,{START // 1000},{START // 1000 + 150}\n"
    )
    names.write_text("name,run\njob-1,alpha\njob-2,alpha\n")
    formats.write_text("run,number_format\nalpha,bf16\n")
    found = run_json("meter", telemetry, "--jobs", jobs, "--runs", names, "--formats", formats)
    (held,) = found["runs"]
    assert held["run"] == "alpha"
    assert held["executed_operations"]["best"] is not None


def test_a_file_of_one_format_and_a_device_that_is_named(tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", every(15, 4, model=""))
    words = ("--number-format", "bf16", "--device", "H100 SXM", "--run", "x", "--interval", "15s")
    found = run_json("meter", path, *words)
    assert found["runs"][0]["executed_operations"]["best"] == str(round(operations(0.5, 60)))


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (["--number-format", "bf17"], "--number-format"),
        (["--interval", "often"], "--interval"),
        (["--interval", "0s"], "--interval"),
        (["--unit", "percent"], "--unit"),
        (["--unit", f"{TENSOR}=parts"], "--unit"),
        (["--zone", "Mars/Olympus"], "--zone"),
        (["--run", "a", "--run-label", "pod"], "--run"),
        (["--run-label", "colour"], "--run-label"),
        (["--engine", "postgres"], "--engine"),
        (["--memory-limit", "much"], "--memory-limit"),
        (["--work", "nowhere"], "--work"),
        (["--reference-clock", "7"], "--reference-clock"),
        (["--jobs", "nowhere.csv"], "nowhere.csv"),
        (["--formats", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    telemetry: Path, words: list[str], where: str
) -> None:
    assert where in refused("meter", telemetry, *words)["where"]


def test_a_missing_source(tmp_path: Path) -> None:
    assert refused("meter", tmp_path / "none.parquet")["code"] == "file.missing"


def test_parquet_of_something_else_is_named(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "not.parquet"
    pq.write_table(pa.table({"x": [1]}), path)
    assert "not.parquet" in refused("meter", path)["where"]


def test_out_is_a_file(telemetry: Path, tmp_path: Path) -> None:
    error = refused("meter", telemetry, "--out", tmp_path)
    assert "is a folder" in error["what"]
    assert "metered.parquet" in error["mend"]


def test_formats_of_one_peak_are_named_together(telemetry: Path) -> None:
    shown = " ".join(run("meter", telemetry, "--number-format", "bf16").stdout.split())
    assert "16-bit (bf16 or fp16)" in shown


def test_a_question_names_the_option(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "a.parquet", every(15, 4), **{TENSOR: None, "tensor_active": [0.5] * 4}
    )
    assert "--unit tensor_active=ratio" in refused("meter", path)["mend"]
    found = run_json("meter", path, "--unit", "tensor_active=ratio", "--number-format", "bf16")
    assert found["no_run"]["executed_operations"]["best"] == str(round(operations(0.5, 60)))
