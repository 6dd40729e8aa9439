"""Whose work it is: by jobs of a scheduler, by labels, and what belongs to nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.compute.meter.telemetry import (
    BF16,
    HIGHEST,
    START,
    codes,
    every,
    finding,
    metered,
    operations,
    parquet,
    total,
)

from declarant.compute.meter import Job, Jobs, Known, read_jobs
from declarant.problems import BadInput
from declarant.quantities import NumberFormat


def job(run: str, host: str, start: float, end: float | None, gpus: int | None = None) -> Job:
    until = None if end is None else START + round(end * 1000)
    return Job(run, host, START + round(start * 1000), until, gpus)


def test_work_is_cut_at_the_borders_of_jobs(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(15, 20, 0.5))
    held = Jobs((job("a", "node1", 0, 100), job("b", "node1", 110, 300)))
    found = metered(path, jobs=held)
    assert total(found, "a").best == operations(0.5, 100)
    assert total(found, "b").best == operations(0.5, 190)
    assert total(found, "").best == operations(0.5, 10)
    assert total(found).best == operations(0.5, 300)
    assert "at most" in finding(found, "meter.borders").effect
    assert "in the total of no run" in finding(found, "meter.no_run").effect


def test_a_host_by_its_short_name(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(15, 4, host="node1.cluster.example"))
    found = metered(path, jobs=Jobs((job("a", "node1", 0, 60),)))
    assert total(found, "a").best == operations(0.5, 60)


def test_time_of_a_job_without_samples_is_missing(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(15, 10, 0.5))
    amount = total(metered(path, jobs=Jobs((job("a", "node1", 0, 200),))), "a")
    assert amount.low == operations(0.5, 150)
    assert amount.best == operations(0.5, 200)
    assert amount.high == operations(0.5, 150) + operations(1.0, 50, HIGHEST)


def test_a_host_without_telemetry_leaves_no_upper_bound(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(15, 10, 0.5))
    held = Jobs((job("a", "node1", 0, 150), job("a", "node2", 0, 150)))
    found = metered(path, jobs=held)
    assert total(found, "a").high is None
    assert "node2" in finding(found, "meter.host_unseen").what


def test_or_one_where_gpus_and_device_are_known(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(15, 10, 0.5))
    held = Jobs((job("a", "node1", 0, 150, 1), job("a", "node2", 0, 150, 2)))
    amount = total(metered(path, Known(formats=BF16.formats, device="H100 SXM"), jobs=held), "a")
    assert amount.high == operations(0.5, 150) + 2 * operations(1.0, 150, HIGHEST)


def test_gpus_of_a_job_that_telemetry_does_not_show(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(15, 10, 0.5))
    amount = total(metered(path, jobs=Jobs((job("a", "node1", 0, 150, 3),))), "a")
    assert amount.high == operations(0.5, 150) + 2 * operations(1.0, 150, HIGHEST)


def test_on_a_shared_host_each_run_did_any_part(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(15, 10, 0.5))
    held = Jobs((job("a", "node1", 0, 150), job("b", "node1", 75, 150)))
    found = metered(path, jobs=held)
    assert total(found, "a").low == operations(0.5, 75)
    assert total(found, "a").high == operations(0.5, 150)
    assert (total(found, "b").low, total(found, "b").best) == (0, None)
    assert total(found, "b").high == operations(0.5, 75)


def test_labels_over_time(tmp_path: Path) -> None:
    rows = [*every(15, 5, 0.5, pod="a-0"), *every(15, 5, 0.25, begin=75, pod="b-0")]
    path = parquet(tmp_path / "a.parquet", [*rows, *every(15, 5, 0.1, begin=150)])
    found = metered(path, Known(formats=BF16.formats, run_label="pod"))
    assert total(found, "a-0").best == operations(0.5, 75)
    assert total(found, "b-0").best == operations(0.25, 75)
    assert total(found, "").best == operations(0.1, 75)
    named = Known(formats=BF16.formats, run_label="pod", run_of_label={"a-0": "alpha"})
    found = metered(path, named)
    assert found.runs == ("alpha",)
    assert total(found, "").best == operations(0.25, 75) + operations(0.1, 75)


def test_a_gap_belongs_to_the_run_before_it(tmp_path: Path) -> None:
    rows = [*every(15, 9, 0.5, pod="a"), *every(15, 9, 0.5, begin=240, pod="b")]
    path = parquet(tmp_path / "a.parquet", rows)
    found = metered(path, Known(formats=BF16.formats, run_label="pod"))
    assert sum(item.missing_ms for item in found.of_run("a")) == 90_000
    assert sum(item.missing_ms for item in found.of_run("b")) == 0


def test_one_run_for_all(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", every(15, 10, 0.5))
    found = metered(path, Known(formats=BF16.formats, run="only"))
    assert found.runs == ("only",)
    assert "meter.no_run" not in codes(found)


def test_formats_differ_by_run(tmp_path: Path) -> None:
    rows = [*every(1, 10, 1.0), *every(1, 10, 1.0, host="node2")]
    held = Jobs((job("a", "node1", 0, 10), job("b", "node2", 0, 10)))
    known = Known(formats={"a": NumberFormat.FP16, "b": NumberFormat.FP8})
    found = metered(parquet(tmp_path / "a.parquet", rows), known, jobs=held)
    assert total(found, "a").best == 10 * 989_400_000_000_000
    assert total(found, "b").best == 10 * 1_978_900_000_000_000


def test_a_job_over_midnight_is_cut_there(tmp_path: Path) -> None:
    rows = every(15, 10, 0.5, begin=86_400 - 70)
    held = Jobs((job("a", "node1", 86_400 - 70, 86_400 + 80),))
    found = metered(parquet(tmp_path / "a.parquet", rows), jobs=held).of_run("a")
    assert [item.measured_ms for item in found] == [70_000, 80_000]


TABLE = """run,host,start,end,gpus
alpha,gpu[001-002],2026-10-03T00:00:00Z,2026-10-03T01:00:00Z,8
beta,gpu003,2026-10-03T01:00:00Z,,
"""


def test_a_job_that_stands_twice_counts_once(tmp_path: Path) -> None:
    telemetry = parquet(tmp_path / "a.parquet", every(15, 10))
    row = f"a,node1,{START // 1000},{START // 1000 + 150},1\n"
    table = tmp_path / "jobs.csv"
    table.write_text("run,host,start,end,gpus\n" + row * 2)
    found = metered(telemetry, jobs=read_jobs(table))
    assert total(found, "a").best == operations(0.5, 150)
    assert finding(found, "meter.jobs_repeated").what.startswith("1 rows")


def test_a_table_of_jobs(tmp_path: Path) -> None:
    file = tmp_path / "jobs.csv"
    file.write_text(TABLE, encoding="utf-8")
    found = read_jobs(file)
    assert found.jobs == (
        Job("alpha", "gpu001", START, START + 3_600_000, 8),
        Job("alpha", "gpu002", START, START + 3_600_000, 8),
        Job("beta", "gpu003", START + 3_600_000, None),
    )
    assert found.findings == ()


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (",gpu1,2026-10-03,2026-10-04,", "names no run"),
        ("a,,2026-10-03,2026-10-04,", "names no host"),
        ("a,gpu[1-,2026-10-03,2026-10-04,", "no list of hosts"),
        ("a,gpu[1-999999999],2026-10-03,2026-10-04,", "are the most"),
        ("a,gpu1,yesterday,2026-10-04,", "'yesterday' is no time"),
        ("a,gpu1,2026-10-05,2026-10-04,", "ends before it starts"),
        ("a,gpu1,2026-10-03,2026-10-04,many", "no number of GPUs"),
    ],
)
def test_a_table_that_cannot_be_used_says_where(tmp_path: Path, line: str, what: str) -> None:
    file = tmp_path / "jobs.csv"
    file.write_text("run,host,start,end,gpus\n" + line + "\n", encoding="utf-8")
    with pytest.raises(BadInput, match=what) as refused:
        read_jobs(file)
    assert refused.value.findings[0].where.line == 2


SACCT = """JobIDRaw|JobName|State|Start|End|NodeList|AllocTRES
11|alpha|COMPLETED|2026-10-03T00:00:00|2026-10-03T00:01:40|node1|gres/gpu:h100=1,gres/gpu=1
11.batch|batch|COMPLETED|2026-10-03T00:00:00|2026-10-03T00:01:40|node1|
12|beta|RUNNING|2026-10-03T00:01:40|Unknown|node1|gres/gpu=1
13|gamma|PENDING|Unknown|Unknown|None assigned|
"""


def test_jobs_of_slurm(tmp_path: Path) -> None:
    file = tmp_path / "sacct.txt"
    file.write_text(SACCT, encoding="utf-8")
    held = read_jobs(file)
    assert held.jobs == (
        Job("alpha", "node1", START, START + 100_000, 1),
        Job("beta", "node1", START + 100_000, None, 1),
    )
    path = parquet(tmp_path / "a.parquet", every(15, 20, 0.5))
    found = metered(path, jobs=held)
    assert total(found, "alpha").best == operations(0.5, 100)
    assert total(found, "beta").best == operations(0.5, 200)
    assert [item.path for item in found.evidence] == [str(path), str(file)]
    assert "meter.zone" in codes(found)
