"""MLPerf logs: what was trained between run_start and run_stop, in the log's own unit."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.compute.readers.hostile import outcome

from declarant.compute.architecture import read_configuration
from declarant.compute.ledger import Purpose
from declarant.compute.readers import Given, read_recording
from declarant.compute.recorded import closed_form, utilisations
from declarant.compute.recording import Piece, Recording
from declarant.problems import BadInput, Severity

GPT3 = Path(__file__).parents[1] / "configurations" / "gpt3-175b.json"
BATCH, LENGTH = 64, 2048
BLOCK = 4 * BATCH * LENGTH
"""Tokens of four steps."""


def event(key: str, time: int, value: Any = None, **metadata: Any) -> str:
    document = {
        "namespace": "",
        "time_ms": 1_700_000_000_000 + time,
        "event_type": "POINT_IN_TIME",
        "key": key,
        "value": value,
        "metadata": {"file": "train.py", "lineno": 7, **metadata},
    }
    return f":::MLLOG {json.dumps(document)}\n"


def log(
    blocks: int = 3,
    *,
    benchmark: str = "gpt3",
    size: int = BLOCK,
    status: str | None = "success",
    stated: int | None = None,
    first: int = 0,
    length: int | None = LENGTH,
) -> str:
    text = event("submission_benchmark", 0, benchmark) + event("global_batch_size", 0, BATCH)
    text += event("submission_platform", 0, "tpu-v5p") + event("eval_samples", 0, 100)
    if length:
        text += event("max_sequence_length", 0, length)
    text += event("run_start", 1000)
    for place in range(blocks):
        at, began = 2000 + place * 10_000, first + place * size
        text += event("block_start", at, first_epoch_num=began, epoch_count=size)
        text += event("block_stop", at + 8000, first_epoch_num=began)
        text += event("eval_start", at + 8000, epoch_num=began + size)
        text += event("eval_accuracy", at + 9000, 2.7, epoch_num=began + size)
        text += event("eval_stop", at + 9000, epoch_num=began + size)
    if status is not None:
        text += event("run_stop", 100_000, status=status)
        text += event("train_samples", 100_000, stated or first + blocks * size)
    return text


@pytest.fixture
def read(tmp_path: Path):
    def reading(*texts: str, known: Given | None = None) -> Recording:
        files = {f"{place}.txt": text.encode() for place, text in enumerate(texts)}
        result = outcome(tmp_path, files, None, known or Given())
        assert isinstance(result, Recording), result
        return result

    return reading


def kept(recording: Recording) -> Piece:
    return recording.pieces[0]


def codes(recording: Recording) -> set[str]:
    return {item.code.removeprefix("mllog.") for item in recording.all_findings}


def test_tokens_under_the_name_of_samples_are_tokens(read) -> None:
    recording = read(log(), known=Given(devices=8))
    assert recording.format == "mllog"
    assert kept(recording).tokens.best == 3 * BLOCK
    assert kept(recording).samples.best == 12 * BATCH
    assert kept(recording).steps == 12
    assert kept(recording).device_seconds.best == 3 * 8 * 8
    assert "counts_tokens" in codes(recording)


def test_sequences_are_sequences_where_the_blocks_show_it(read) -> None:
    recording = read(log(benchmark="llama2_70b_lora", size=384))
    assert kept(recording).samples.best == 3 * 384
    assert kept(recording).tokens.best == 3 * 384 * LENGTH
    assert "counts_tokens" not in codes(recording)


def test_a_unit_that_nothing_settles_is_an_interval(read) -> None:
    recording = read(log(benchmark="unheard_of"))
    tokens = kept(recording).tokens
    assert (tokens.low, tokens.best, tokens.high) == (3 * BLOCK, None, 3 * BLOCK * LENGTH)
    assert "unit_unknown" in codes(recording)


def test_images_have_no_tokens(read) -> None:
    recording = read(log(benchmark="resnet", length=None, size=1000))
    assert kept(recording).samples.best == 3000
    assert kept(recording).tokens is None
    assert "sequence_length_unknown" in codes(recording)


def test_the_work_of_the_checkpoint_is_not_counted(read) -> None:
    recording = read(log(first=50 * BLOCK) + event("init_checkpoint_step", 0, 200))
    assert kept(recording).tokens.best == 3 * BLOCK
    assert {"starts_from_checkpoint", "stated_differs"} <= codes(recording)
    stated = next(i for i in recording.findings if i.code == "mllog.stated_differs")
    assert f"{50 * BLOCK:+d}" in stated.effect
    assert "e+03 %" in stated.effect or "1670 %" in stated.effect


def test_evaluation_is_apart_and_its_time_is_not_trainings(read) -> None:
    recording = read(log(), known=Given(devices=8))
    apart = recording.pieces[1]
    assert apart.purpose is Purpose.EVALUATION
    assert apart.samples.best == 300
    assert apart.tokens.best == 300 * LENGTH
    assert "evaluation_apart" in codes(recording)
    bare = "\n".join(line for line in log().splitlines() if "eval_st" not in line)
    assert "evaluation_in_blocks" in codes(read(bare))


def test_a_run_that_was_aborted_or_cut_says_so(read) -> None:
    aborted = read(log(status="aborted"))
    assert "not_success" in codes(aborted)
    assert kept(aborted).tokens.best == 3 * BLOCK
    begun = event("block_start", 50_000, first_epoch_num=3 * BLOCK, epoch_count=BLOCK)
    cut = read(log(status=None) + begun)
    assert kept(cut).tokens.best == 3 * BLOCK
    ended = next(item for item in cut.findings if item.code == "mllog.no_end")
    assert "33.3 %" in ended.effect


def test_what_several_ranks_log_counts_once(read) -> None:
    text = "".join(f"{rank}: {line}\n" for line in log().splitlines() for rank in (0, 1))
    recording = read(text)
    assert kept(recording).tokens.best == 3 * BLOCK
    assert recording.pieces[1].samples.best == 300
    assert "repeated_events" in codes(recording)


def test_the_number_of_devices_is_said_or_open(read) -> None:
    assert kept(read(log())).devices is None
    assert "devices_unknown" in codes(read(log()))
    ranks = read("".join(event("init_start", 0) for _ in range(16)) + log())
    assert kept(ranks).devices == 16
    assert "devices_from_ranks" in codes(ranks)
    said = event("num_nodes", 0, 4) + event("accelerators_per_node", 0, 8)
    both = read(said + log(), known=Given(devices=7))
    assert kept(both).devices == 32
    assert "devices_differ" in codes(both)


def test_the_number_format_is_never_in_the_log(read) -> None:
    said = {None: Severity.WARNING, "fp8": Severity.NOTE}
    for number_format, severity in said.items():
        recording = read(log(), known=Given(number_format=number_format))
        found = [i for i in recording.findings if i.code == "mllog.number_format_not_logged"]
        assert found[0].severity is severity
        assert recording.number_format == number_format


def test_a_run_that_ends_before_it_starts_has_no_times(read) -> None:
    recording = read(log(status=None) + event("run_stop", 0, status="success"))
    assert (kept(recording).start, kept(recording).end) == (None, None)
    assert kept(recording).tokens.best == 3 * BLOCK
    assert "times_disordered" in codes(recording)


def test_a_name_that_counts_cores_is_explained(read) -> None:
    assert "cores_not_chips" in codes(read(log()))


def test_a_log_without_training_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "log.txt"
    file.write_text(event("run_start", 0) + event("run_stop", 1, status="aborted"))
    with pytest.raises(BadInput, match="no block of training"):
        read_recording([file])


@pytest.mark.samples
def test_gpt3_on_11616_h100(samples: Path) -> None:
    """By hand: 23 blocks of 53,526,528 tokens, each 9 steps of 2,904 sequences of 2,048."""
    known = Given(
        device="H100 SXM", number_format="fp8", architecture=read_configuration(GPT3)
    )  # the log names neither the device nor the format
    recording = read_recording([samples / "mlperf" / "eos-1452x8-h100-gpt3.txt"], known)
    piece = kept(recording)
    assert piece.tokens.best == 23 * 53_526_528 == 1_231_110_144
    assert piece.samples.best == 601_128
    assert (piece.steps, piece.devices) == (207, 11_616)
    closed, _ = closed_form(recording, known)
    assert closed is not None
    assert abs(closed.short_form / (6 * 174.6e9 * 1_231_110_144) - 1) < 0.005
    assert abs(closed.model_operations.best / Fraction("1.307e21") - 1) < Fraction(1, 1000)
    used, _ = utilisations(recording, known, closed.model_operations)
    assert [(item.number_format, item.in_use) for item in used] == [
        ("fp8", True),
        ("16-bit", False),
    ]
    assert round(float(used[0].ratio.best), 3) == 0.297
    assert round(float(used[1].ratio.best), 3) == 0.595
    assert {"starts_from_checkpoint", "devices_from_ranks", "evaluation_apart"} <= codes(recording)


@pytest.mark.samples
def test_gpt3_on_12288_tpu_v5p_cores(samples: Path) -> None:
    """12,288 in the system's name are TensorCores: 1,536 hosts with 4 chips are 6,144 chips.

    In the name's number the run would have reached 19 % of the 8-bit peak; in chips it is 39 %,
    and 78 % of the 16-bit peak. Which format was used, the log does not say.
    """
    file = samples / "mlperf" / "tpu-v5p-12288-gpt3.txt"
    system = json.loads((samples / "mlperf" / "tpu-v5p-12288-system.json").read_text())
    chips = int(system["number_of_nodes"]) * int(system["accelerators_per_node"])
    assert chips == 6144
    known = Given(devices=chips, architecture=read_configuration(GPT3))
    recording = read_recording([file], known)
    piece = kept(recording)
    assert piece.tokens.best == 29 * 4 * 6144 * 2048 == 1_459_617_792
    assert piece.samples.best == 712_704
    closed, _ = closed_form(recording, known)
    assert closed is not None
    assert abs(closed.model_operations.best / Fraction("1.550e21") - 1) < Fraction(1, 1000)
    used, _ = utilisations(recording, known, closed.model_operations)
    assert [(item.number_format, item.in_use) for item in used] == [
        ("16-bit", None),
        ("8-bit", None),
    ]
    assert round(float(used[0].ratio.best), 3) == 0.779
    assert round(float(used[1].ratio.best), 3) == 0.389
    assert {"number_format_not_logged", "cores_not_chips"} <= codes(recording)
    assert {"evaluation_in_blocks", "starts_from_checkpoint"} <= codes(recording)
