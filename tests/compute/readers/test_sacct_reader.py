"""Slurm accounting: device-seconds worked by hand, each trap once, and damage of every kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from tests.compute.readers.hostile import damaged, outcome

from declarant.compute.ledger import Method
from declarant.compute.readers import Given, read_recording
from declarant.compute.readers.slurm.jobs import Jobs
from declarant.compute.readers.slurm.notes import Notes
from declarant.compute.readers.slurm.rows import rows
from declarant.compute.readers.slurm.times import Moments
from declarant.compute.readers.source import Source
from declarant.compute.recording import Recording
from declarant.problems import BadInput, Finding, Severity
from declarant.quantities import Interval

COLUMNS = "JobIDRaw|JobName|State|Submit|Start|End|ElapsedRaw|NNodes|NodeList|AllocTRES|Restarts"
EIGHT = "billing=96,cpu=96,gres/gpu:h100=8,gres/gpu=8,node=1"
SAMPLE = Path(__file__).parents[3] / "docs" / "how-to" / "files" / "runs" / "sacct.txt"


def row(
    job: str = "7",
    *,
    name: str = "train",
    state: str = "COMPLETED",
    start: str = "2026-03-01T08:00:00",
    end: str = "2026-03-01T09:00:00",
    elapsed: int | str = 3600,
    nodes: int = 1,
    node_list: str = "gpu001",
    tres: str = EIGHT,
    restarts: int | str = 0,
) -> str:
    submit = "2026-03-01T07:00:00"
    values = (job, name, state, submit, start, end, elapsed, nodes, node_list, tres, restarts)
    return "|".join(str(value) for value in values)


def read(tmp_path: Path, *lines: str, header: str = COLUMNS, **given: object) -> Recording:
    file = tmp_path / "sacct.txt"
    file.write_text("\n".join((header, *lines)) + "\n")
    return read_recording([file], Given(**given))  # type: ignore[arg-type]


def used(recording: Recording) -> Interval | None:
    return recording.total(lambda piece: piece.device_seconds)


def found(recording: Recording, code: str) -> Finding:
    return next(item for item in recording.all_findings if item.code == f"sacct.{code}")


def codes(recording: Recording) -> set[str]:
    return {item.code.removeprefix("sacct.") for item in recording.all_findings}


def test_one_job_is_devices_times_seconds(tmp_path: Path) -> None:
    recording = read(tmp_path, row(tres="cpu=96,gres/gpu:h100=8"), zone=UTC)
    assert recording.method is Method.CHIP_TIME
    piece = recording.pieces[0]
    assert piece.device_seconds == Interval.exactly(8 * 3600)
    assert (piece.id, piece.run, piece.devices, piece.device) == ("7", "train", 8, "h100")
    assert piece.start == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert piece.end == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert "idling" in piece.includes
    assert not recording.all_findings


@pytest.mark.parametrize(
    ("tres", "low", "high", "code"),
    [
        ("gres/gpu:h100=8,gres/gpu=8", 8, 8, "double_tres"),
        ("gres/gpu=8", 8, 8, ""),
        ("gres/gpu:h100=4,gres/gpu:a100=2,gres/gpu=6", 6, 6, "double_tres"),
        ("gres/gpu:h100=4,gres/gpu=6", 4, 6, "counts_disagree"),
        ("gres/gpu:h100=8,gres/gpu=6", 6, 8, "counts_disagree"),
        ("gres/gpu:h100_1g.10gb=7,gres/gpu=7", 0, 7, "slices"),
        ("cpu=4,gres/gpu=0", 0, 0, ""),
        ("gres/shard=40,gres/gpumem=80G,gres/npu=2", 2, 2, ""),
    ],
)
def test_devices_are_counted_once(
    tmp_path: Path, tres: str, low: int, high: int, code: str
) -> None:
    recording = read(tmp_path, row(tres=tres, elapsed=10, end="2026-03-01T08:00:10"), zone=UTC)
    amount = used(recording)
    assert amount is not None
    assert (amount.low, amount.high) == (low * 10, high * 10)
    assert code in codes(recording) if code else not recording.all_findings


def test_a_double_count_is_named_with_what_it_would_add(tmp_path: Path) -> None:
    recording = read(tmp_path, row())
    assert used(recording) == Interval.exactly(28_800)
    assert "adds 28,800 device-seconds (100.0 %)" in found(recording, "double_tres").effect


def test_an_untyped_count_that_is_greater_holds_all_devices(tmp_path: Path) -> None:
    amount = used(read(tmp_path, row(tres="gres/gpu:h100=4,gres/gpu=6", elapsed=100)))
    assert amount is not None
    assert amount.best == 600


def test_steps_are_passed_over(tmp_path: Path) -> None:
    steps = [row(f"7.{step}", name=step) for step in ("batch", "extern", "0")]
    recording = read(tmp_path, row(), *steps)
    assert used(recording) == Interval.exactly(28_800)
    finding = found(recording, "steps")
    assert "3 rows (7)" in finding.what
    assert finding.effect == "adds 86,400 device-seconds (300.0 %) if counted"


def test_a_job_known_by_its_steps_alone_is_a_lower_bound(tmp_path: Path) -> None:
    recording = read(tmp_path, row("7.batch", elapsed=60), row("7.extern", elapsed=100))
    amount = used(recording)
    assert amount is not None
    assert (amount.low, amount.best, amount.high) == (800, None, None)
    assert "only_steps" in codes(recording)


def test_a_step_that_stands_before_its_job_is_no_job(tmp_path: Path) -> None:
    recording = read(tmp_path, row("7.batch"), row("7"))
    assert used(recording) == Interval.exactly(28_800)
    assert len(recording.pieces) == 1


def test_a_running_job_is_open_and_counted_so_far(tmp_path: Path) -> None:
    recording = read(tmp_path, row(state="RUNNING", end="Unknown", elapsed=7200))
    piece = recording.pieces[0]
    assert piece.end is None
    assert piece.device_seconds == Interval.exactly(8 * 7200)
    assert "57,600 device-seconds (100.0 %) so far" in found(recording, "running").effect


def test_attempts_of_a_requeued_job_are_counted_once_each(tmp_path: Path) -> None:
    first = row(state="NODE_FAIL", elapsed=3600)
    second = row(start="2026-03-01T10:00:00", end="2026-03-01T12:00:00", elapsed=7200, restarts=1)
    recording = read(tmp_path, first, second, second)
    assert used(recording) == Interval.exactly(8 * (3600 + 7200))
    assert len(recording.pieces) == 1
    assert "adds 57,600 device-seconds" in found(recording, "repeated").effect
    assert "28,800 device-seconds (33.3 %)" in found(recording, "requeued").effect
    assert "28,800 device-seconds (33.3 %)" in found(recording, "failed").effect
    assert "attempts_missing" not in codes(recording)


def test_attempts_that_are_not_there_open_the_bound(tmp_path: Path) -> None:
    recording = read(tmp_path, row(restarts=2))
    amount = used(recording)
    assert amount is not None
    assert (amount.low, amount.high) == (28_800, None)
    assert found(recording, "attempts_missing").mend == "Run sacct with -D (--duplicates)."


def test_the_later_export_of_a_running_job_wins(tmp_path: Path) -> None:
    recording = read(tmp_path, row(state="RUNNING", end="Unknown", elapsed=1800), row())
    assert used(recording) == Interval.exactly(28_800)
    assert "running" not in codes(recording)
    assert "adds 14,400 device-seconds (50.0 %)" in found(recording, "repeated").effect


def test_attempts_that_overlap_are_named(tmp_path: Path) -> None:
    second = row(start="2026-03-01T08:45:00", end="2026-03-01T09:45:00", restarts=1)
    recording = read(tmp_path, row(node_list=""), second.replace("gpu001", ""))
    assert "7,200 device-seconds (12.5 %)" in found(recording, "attempts_overlap").effect


@pytest.mark.parametrize(
    ("end", "elapsed", "counted"),
    [
        ("2026-03-01T09:00:00", 3600, 3000),  # elapsed holds the ten minutes
        ("2026-03-01T09:00:00", 3000, 3000),  # elapsed leaves them out
        ("Unknown", 3600, 3000),
    ],
)
def test_suspension_is_taken_off_once(tmp_path: Path, end: str, elapsed: int, counted: int) -> None:
    header = f"{COLUMNS}|Suspended"
    recording = read(tmp_path, f"{row(end=end, elapsed=elapsed)}|00:10:00", header=header)
    assert used(recording) == Interval.exactly(8 * counted)
    if elapsed == 3600:
        assert "adds 4,800 device-seconds (20.0 %)" in found(recording, "suspended").effect


def test_jobs_on_the_same_nodes_are_named_beyond_what_a_node_has(tmp_path: Path) -> None:
    half = "gres/gpu=4"
    lines = [
        row("1", node_list="gpu[001-002]", nodes=2, tres="gres/gpu=16"),
        row("2", node_list="gpu002", start="2026-03-01T08:30:00", end="2026-03-01T09:30:00"),
        row("3", node_list="gpu003", tres=half),
        row("4", node_list="gpu003", tres=half),
    ]
    recording = read(tmp_path, *lines)
    finding = found(recording, "nodes_overlap")
    assert "1 job (2)" in finding.what
    assert "14,400 device-seconds" in finding.effect  # 8 devices x 1,800 s
    assert used(recording) == Interval.exactly(3600 * (16 + 8 + 4 + 4))


def test_what_never_ran_is_nothing(tmp_path: Path) -> None:
    nothing = {"start": "Unknown", "end": "2026-03-01T08:00:00", "elapsed": 0, "tres": ""}
    recording = read(
        tmp_path,
        row("7"),
        row("8", state="CANCELLED by 1000", **nothing),
        row("9_[5-9%2]", state="PENDING", **nothing),
        row("10", state="FAILED", elapsed=0, end="2026-03-01T08:00:00"),
    )
    assert [piece.id for piece in recording.pieces] == ["7"]
    assert "3 jobs (8, 9_[5-9%2], 10)" in found(recording, "never_started").what


def test_tasks_and_components_are_jobs_of_their_own(tmp_path: Path) -> None:
    header = COLUMNS.replace("JobIDRaw", "JobID")
    jobs = ["123_4", "123_5", "200+0", "200+1"]
    recording = read(tmp_path, *(row(job, node_list="") for job in jobs), header=header)
    assert [piece.id for piece in recording.pieces] == jobs
    assert used(recording) == Interval.exactly(4 * 28_800)
    assert "57,600 device-seconds (50.0 %)" in found(recording, "components").effect


def test_no_device_named_is_unknown_and_not_nothing(tmp_path: Path) -> None:
    recording = read(tmp_path, row("7"), row("8", tres="cpu=4,node=1", node_list="cpu1"))
    amount = used(recording)
    assert amount is not None
    assert (amount.low, amount.best, amount.high) == (28_800, None, None)
    assert "3,600 job-seconds" in found(recording, "no_devices").effect


def test_a_number_given_stands_in_only_where_no_row_names_one(tmp_path: Path) -> None:
    alone = read(tmp_path, row(tres="cpu=4"), devices=4, device="h100-sxm")
    assert used(alone) == Interval.exactly(14_400)
    assert alone.pieces[0].device == "h100-sxm"
    assert "14,400 device-seconds (100.0 %)" in found(alone, "devices_given").effect
    beside = read(tmp_path, row(tres="cpu=4"), row("8"), devices=4)
    assert "no_devices" in codes(beside)


def test_capacity_is_device_seconds_times_the_dense_peak(tmp_path: Path) -> None:
    tres = "gres/gpu:nvidia_a100-sxm4-80gb=8"
    piece = read(tmp_path, row(tres=tres), number_format="bf16").pieces[0]
    assert piece.capacity == Interval.exactly(28_800 * 312 * 10**12)
    assert read(tmp_path, row(tres=tres)).pieces[0].capacity is None
    vague = read(tmp_path, row(), number_format="fp8").pieces[0].capacity
    assert vague is not None
    assert not vague.is_exact  # h100 may be SXM, PCIe or NVL
    strange = read(tmp_path, row(tres="gres/gpu:zz9=8"), number_format="bf16")
    assert strange.pieces[0].capacity is None
    assert "28,800 device-seconds" in found(strange, "device_unknown").effect


def test_capacity_of_two_types_is_the_sum(tmp_path: Path) -> None:
    tres = "gres/gpu:nvidia_a100-sxm4-80gb=4,gres/gpu:mi300x=2"
    piece = read(tmp_path, row(tres=tres, elapsed=10), number_format="bf16").pieces[0]
    assert piece.capacity is not None
    assert piece.capacity.best == 40 * 312 * 10**12 + 20 * Fraction("1307.4e12")
    assert piece.device == "mi300x, nvidia_a100-sxm4-80gb"


@pytest.mark.parametrize(
    ("text", "zone", "moment", "unsure"),
    [
        ("2026-03-01T08:00:00", None, datetime(2026, 3, 1, 8, tzinfo=UTC), True),
        (
            "2026-03-01T08:00:00",
            timezone(timedelta(hours=8)),
            datetime(2026, 3, 1, 0, tzinfo=UTC),
            False,
        ),
        ("2026-03-01T08:00:00-0500", None, datetime(2026, 3, 1, 13, tzinfo=UTC), False),
        ("1772352000", None, datetime(2026, 3, 1, 8, tzinfo=UTC), False),
    ],
)
def test_zones_are_known_given_or_remarked(
    tmp_path: Path, text: str, zone: timezone | None, moment: datetime, unsure: bool
) -> None:
    recording = read(tmp_path, row(start=text, end="Unknown", state="RUNNING"), zone=zone)
    assert recording.pieces[0].start == moment
    assert ("zone_unknown" in codes(recording)) is unsure


def test_moments_in_words_are_unknown_and_time_is_counted(tmp_path: Path) -> None:
    recording = read(tmp_path, row(start="1 Mar 08:00", end="09:00"))
    assert recording.pieces[0].start is None
    assert used(recording) == Interval.exactly(28_800)
    assert "2 moments" in found(recording, "moment_unreadable").what


@pytest.mark.parametrize(
    ("text", "counted"),
    [("1-02:03:04", 93_784), ("02:03:04", 7384), ("03:04", 184), ("03:04.250", 184)],
)
def test_elapsed_in_words(tmp_path: Path, text: str, counted: int) -> None:
    header = "JobID|Elapsed|AllocTRES"
    recording = read(tmp_path, f"7|{text}|gres/gpu=1", header=header)
    assert used(recording) == Interval.exactly(counted)
    assert found(recording, "column_missing").effect


def test_elapsed_that_is_not_the_span_is_named(tmp_path: Path) -> None:
    recording = read(tmp_path, row(elapsed=7200))  # an hour that the clock went back
    assert used(recording) == Interval.exactly(57_600)
    assert "28,800 device-seconds (50.0 %)" in found(recording, "elapsed_disagrees").effect


def test_a_zone_explains_a_change_of_the_clock(tmp_path: Path) -> None:
    job = row(start="2026-10-25T01:00:00", end="2026-10-25T04:00:00", elapsed=14_400)
    assert "elapsed_disagrees" in codes(read(tmp_path, job))
    recording = read(tmp_path, job, zone=ZoneInfo("Europe/Berlin"))
    assert "elapsed_disagrees" not in codes(recording)
    assert used(recording) == Interval.exactly(8 * 14_400)


def test_a_bar_in_a_name_and_one_at_the_end_are_read(tmp_path: Path) -> None:
    recording = read(tmp_path, row(name="a|b|c"))
    assert recording.pieces[0].run == "a|b|c"
    trailing = read(tmp_path, row() + "|", header=COLUMNS + "|")
    assert used(trailing) == Interval.exactly(28_800)


def test_a_file_cut_off_says_so(tmp_path: Path) -> None:
    file = tmp_path / "sacct.txt"
    whole = "\n".join((COLUMNS, row("7"), row("8", node_list="gpu002"))) + "\n"
    file.write_text(whole[:-40])
    recording = read_recording([file])
    assert {"row_damaged", "cut_off"} <= codes(recording)
    assert found(recording, "row_damaged").severity is Severity.ERROR
    assert found(recording, "row_damaged").where.line == 3
    assert used(recording) == Interval.exactly(28_800)
    file.write_text(whole[:-1])
    assert "cut_off" in codes(read_recording([file]))


def test_two_exports_that_overlap_count_each_job_once(tmp_path: Path) -> None:
    first, second = tmp_path / "january", tmp_path / "february"
    first.write_text(f"{COLUMNS}\n{row('7')}\n{row('8', node_list='')}\n")
    second.write_text(f"{COLUMNS}\n{row('8', node_list='')}\n{row('9', node_list='')}\n")
    recording = read_recording([first, second])
    assert used(recording) == Interval.exactly(3 * 28_800)
    assert len(recording.evidence) == 2


def test_numbers_and_nodes_are_those_of_one_cluster(tmp_path: Path) -> None:
    header = f"{COLUMNS}|Cluster"
    recording = read(tmp_path, f"{row()}|alpha", f"{row()}|beta", f"{row()}|beta", header=header)
    assert [piece.id for piece in recording.pieces] == ["alpha:7", "beta:7"]
    assert used(recording) == Interval.exactly(2 * 28_800)
    assert {"nodes_overlap", "requeued"}.isdisjoint(codes(recording))


def test_no_header_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sacct.txt"
    file.write_text(row() + "\n")
    with pytest.raises(BadInput, match="does not name the columns"):
        read_recording([file], format="sacct")


def test_more_jobs_than_are_held_are_summed_under_their_names(tmp_path: Path) -> None:
    file = tmp_path / "sacct.txt"
    lines = [
        row(str(number), name=f"n{number % 2}", elapsed=number, node_list="", restarts="")
        for number in range(1, 3001)
    ]
    file.write_text("\n".join((COLUMNS, *lines)) + "\n")
    notes = Notes()
    jobs = Jobs(notes, Moments(UTC), most=2000)
    for line in rows(Source(file), lambda *_: None):
        jobs.add(line)
    held = jobs.finish()
    assert len(held) <= 2000
    total = sum(item.held for item in held) * 8 + sum(item.used.low for item in jobs.sums.values())
    assert total == 8 * 3000 * 3001 // 2
    assert set(jobs.sums) == {"n0", "n1"}
    assert any(item.code == "sacct.summed" for item in notes.findings(int(total)))


@drawn(
    st.lists(
        st.tuples(st.integers(1, 20), st.integers(0, 5), st.integers(0, 64), st.integers(0, 10**6)),
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory,
    jobs: list[tuple[int, int, int, int]],
    random: object,
) -> None:
    tmp_path = tmp_path_factory.mktemp("order")
    lines = [
        row(
            str(job),
            start=f"2026-03-{day + 1:02d}T00:00:00",
            end="Unknown",
            elapsed=elapsed,
            tres=f"gres/gpu={devices}",
            node_list="",
            restarts="",
        )
        for job, day, devices, elapsed in jobs
    ]
    before = used(read(tmp_path, *lines))
    random.shuffle(lines)  # type: ignore[attr-defined]
    assert used(read(tmp_path, *lines, *lines)) == before


@drawn(damaged(SAMPLE.read_bytes()))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_export_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    outcome(tmp_path_factory.mktemp("damaged"), {"sacct.txt": content}, "sacct")


def test_the_sample_of_the_manual(tmp_path: Path) -> None:
    recording = read_recording([SAMPLE])
    by_job = {piece.id: piece.device_seconds for piece in recording.pieces}
    assert by_job["4101"] == Interval.exactly(32 * (43_200 + 172_800 - 3600))
    assert by_job["4117"] == Interval.exactly(8 * 14_400)
    assert by_job["4130"] == Interval.exactly(64 * 86_400)
    assert {"nodes_overlap", "row_damaged"}.isdisjoint(codes(recording))
