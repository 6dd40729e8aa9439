"""Damaged logs of trainers: findings or a refusal, whatever stands in them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.compute.readers import megatron_logs as logs
from tests.compute.readers import test_megatron_progress as progress
from tests.compute.readers import test_mllog as mllog
from tests.compute.readers import test_trainer_state as trainer_state
from tests.compute.readers.hostile import damaged, outcome

from declarant.compute.architecture import Recompute, read_configuration
from declarant.compute.readers import Given
from declarant.compute.recording import Recording
from declarant.problems import BadInput

DAY = datetime(2024, 10, 2)  # noqa: DTZ001 - the trainer writes no zone
MEGATRON = (
    logs.arguments()
    + logs.iterations(range(1, 13), DAY)
    + logs.loaded(6)
    + logs.iterations(range(7, 15), DAY, skipped=1)
    + logs.evaluated(14)
    + logs.bigscience(15)
)
PROGRESS = progress.RUN + progress.line(21, "Starting job", 8)
PROGRESS += progress.saved(31, 1500, 2.2e22, 6.3, 8) + progress.saved(41, 500, 1e20, 2.0, 9)
CONTENTS = {
    "megatron-log": MEGATRON.encode(),
    "megatron-progress": PROGRESS.encode(),
    "mllog": mllog.log().encode(),
    "trainer-state": trainer_state.state(num_input_tokens_seen=10**8).encode(),
}
KNOWN = Given(
    sequence_length=2048,
    devices=64,
    device="H100 SXM",
    number_format="bf16",
    architecture=read_configuration(Path(__file__).parents[1] / "configurations/gpt3-small.json"),
    recompute=Recompute.FULL,
)


@pytest.mark.parametrize("format", CONTENTS)
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damage_ends_in_findings_or_a_refusal(tmp_path: Path, format: str, data) -> None:
    content = data.draw(damaged(CONTENTS[format]))
    known = data.draw(st.sampled_from((Given(), KNOWN)))
    outcome(tmp_path, {"log": content}, format, known)


@pytest.mark.parametrize("format", CONTENTS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=st.data())
def test_two_files_of_which_one_is_damaged(tmp_path: Path, format: str, first) -> None:
    content = first.draw(damaged(CONTENTS[format], most=2))
    outcome(tmp_path, {"a": content, "b": CONTENTS[format]}, format, KNOWN)


@pytest.mark.parametrize("format", CONTENTS)
def test_the_content_alone_says_the_format(tmp_path: Path, format: str) -> None:
    result = outcome(tmp_path, {"log": CONTENTS[format]}, None)
    assert isinstance(result, Recording)
    assert result.format == format


@pytest.mark.parametrize("format", CONTENTS)
@pytest.mark.parametrize("content", [b"\0" * 5000, b"\xff\xfe" * 100, b"{}", b"[" * 100_000])
def test_what_is_none_of_it_is_refused(tmp_path: Path, format: str, content: bytes) -> None:
    assert isinstance(outcome(tmp_path, {"log": content}, format), BadInput)


def test_a_line_without_end_is_read_in_bounds(tmp_path: Path) -> None:
    content = MEGATRON.encode() + b" iteration " + b"9" * (3 << 20) + b"\n" + MEGATRON.encode()
    result = outcome(tmp_path, {"log": content}, "megatron-log")
    assert isinstance(result, Recording)
    assert any(item.code == "megatron_log.overlong_lines" for item in result.findings)


def test_a_long_line_of_many_beginnings_is_no_hang(tmp_path: Path) -> None:
    line = logs.iteration(1, DAY).encode().rstrip(b"\n")
    begin = line[: line.index(b"learning rate")]
    for content in (begin * 4000, line[: line.index(b"number of skipped")] * 3000):
        result = outcome(tmp_path, {"log": MEGATRON.encode() + content}, "megatron-log")
        assert isinstance(result, Recording)
