"""trainer_state.json: total_flos is never taken as it stands."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.compute.readers.hostile import outcome

from declarant.compute.architecture import Recompute, estimate, read_configuration
from declarant.compute.readers import Given, read_recording
from declarant.compute.readers.hugging_face.convention import outside_embeddings
from declarant.compute.recording import Recording
from declarant.problems import BadInput

CONFIGURATIONS = Path(__file__).parents[1] / "configurations"
QWEN = read_configuration(CONFIGURATIONS / "qwen3-8b.json")
MIXTURE = read_configuration(CONFIGURATIONS / "olmoe-1b-7b.json")
TOKENS = 10**9


def state(**changed: Any) -> str:
    document = {
        "best_metric": None,
        "epoch": 1.0,
        "global_step": 1000,
        "is_world_process_zero": True,
        "log_history": [{"epoch": 0.5, "loss": 2.0, "step": 500}, {"loss": 1.9, "step": 1000}],
        "max_steps": 2000,
        "num_input_tokens_seen": 0,
        "num_train_epochs": 2,
        "total_flos": float(6 * TOKENS * outside_embeddings(QWEN)),
        "train_batch_size": 8,
        **changed,
    }
    return json.dumps(document, indent=2)


@pytest.fixture
def read(tmp_path: Path):
    def reading(*texts: str, known: Given | None = None) -> Recording:
        files = {f"{place}/trainer_state.json": text.encode() for place, text in enumerate(texts)}
        result = outcome(tmp_path, files, None, known or Given())
        assert isinstance(result, Recording), result
        return result

    return reading


def codes(recording: Recording) -> set[str]:
    return {item.code.removeprefix("trainer_state.") for item in recording.all_findings}


def test_tokens_come_back_out_of_the_convention(read) -> None:
    known = Given(architecture=QWEN, sequence_length=4096, recompute=Recompute.NONE)
    recording = read(state(), known=known)
    kept = recording.pieces[0]
    closed = estimate(QWEN, TOKENS, sequence_length=4096)
    assert recording.format == "trainer-state"
    assert kept.steps == 1000
    assert abs(kept.tokens.best / TOKENS - 1) < Fraction(1, 10**12)
    assert abs(kept.model_operations.best / closed.model_operations.best - 1) < Fraction(1, 10**9)
    assert kept.model_operations == kept.executed_operations
    assert {"convention", "tokens_not_counted"} <= codes(recording)


def test_without_the_model_nothing_is_claimed(read) -> None:
    recording = read(state())
    kept = recording.pieces[0]
    assert (kept.model_operations, kept.executed_operations, kept.tokens) == (None, None, None)
    bounds = next(i for i in recording.findings if i.code == "trainer_state.not_converted")
    for words in ("dense", "adapters", "mixture"):
        assert words in bounds.effect


def test_a_mixture_of_experts_is_counted_by_what_is_active(read) -> None:
    text = state(total_flos=float(6 * TOKENS * outside_embeddings(MIXTURE)))
    recording = read(text, known=Given(architecture=MIXTURE, sequence_length=4096))
    kept = recording.pieces[0]
    closed = estimate(MIXTURE, TOKENS, sequence_length=4096)
    assert abs(kept.model_operations.best / closed.model_operations.best - 1) < Fraction(1, 10**6)
    assert kept.model_operations.best < 6 * TOKENS * outside_embeddings(MIXTURE) / 3
    assert "experts" in codes(recording)


def test_tokens_that_were_counted_are_a_check(read) -> None:
    known = Given(architecture=QWEN, sequence_length=4096)
    agreed = read(state(num_input_tokens_seen=TOKENS), known=known)
    assert agreed.pieces[0].tokens.best == TOKENS
    assert not {"tokens_disagree", "tokens_not_counted"} & codes(agreed)
    off = read(state(num_input_tokens_seen=TOKENS // 2), known=known)
    tokens = off.pieces[0].tokens
    assert (tokens.low, tokens.best) == (TOKENS // 2, None)
    assert abs(tokens.high / TOKENS - 1) < Fraction(1, 10**9)
    assert "tokens_disagree" in codes(off)
    alone = read(state(num_input_tokens_seen=TOKENS))
    assert alone.pieces[0].tokens.best == TOKENS


@pytest.mark.parametrize(("off", "agree"), [(100, True), (99, False)])
def test_two_counts_agree_within_one_part_in_a_hundred(read, off: int, agree: bool) -> None:
    text = state(num_input_tokens_seen=round(TOKENS / (1 + Fraction(1, off))))
    recording = read(text, known=Given(architecture=QWEN, sequence_length=4096))
    assert ("tokens_disagree" not in codes(recording)) == agree


def test_a_history_that_goes_back_says_what_was_done_twice(read) -> None:
    history = [{"loss": 2.0, "step": step} for step in (500, 800, 600, 1000)]
    recording = read(state(log_history=history))
    back = next(i for i in recording.findings if i.code == "trainer_state.went_back")
    assert "200 steps" in back.effect
    assert "20 %" in back.effect


def test_later_states_of_one_run_count_once(read) -> None:
    first = state(global_step=500, total_flos=3 * TOKENS * outside_embeddings(QWEN))
    recording = read(first, state(), known=Given(architecture=QWEN, sequence_length=4096))
    assert [piece.steps for piece in recording.pieces] == [1000]


def test_counts_that_began_anew_are_added(read) -> None:
    second = state(global_step=500, total_flos=3 * TOKENS * outside_embeddings(QWEN))
    recording = read(state(), second, known=Given(architecture=QWEN, sequence_length=4096))
    assert [piece.steps for piece in recording.pieces] == [1000, 500]
    assert "counts_restarted" in codes(recording)


def test_a_run_without_operations_says_so(read) -> None:
    assert "no_total" in codes(read(state(total_flos=0)))


@pytest.mark.parametrize(
    "changed",
    [
        {"global_step": None},
        {"global_step": -1},
        {"total_flos": "many"},
        {"total_flos": float("nan")},
        {"total_flos": float("inf")},
        {"total_flos": True},
        {"log_history": 3},
    ],
)
def test_what_is_no_state_is_refused_with_its_field(tmp_path: Path, changed) -> None:
    file = tmp_path / "trainer_state.json"
    file.write_text(state(**changed))
    with pytest.raises(BadInput) as refused:
        read_recording([file])
    assert refused.value.findings[0].where.field in changed


@pytest.mark.slow
def test_parameters_are_those_that_transformers_counts(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("torch")
    for tied in (False, True):
        settings = {
            "hidden_size": 64,
            "intermediate_size": 160,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "vocab_size": 500,
            "max_position_embeddings": 128,
            "tie_word_embeddings": tied,
        }
        config = transformers.LlamaConfig(**settings)
        model = transformers.LlamaForCausalLM(config)
        counted = model.num_parameters(exclude_embeddings=True)
        folder = tmp_path / str(tied)
        config.save_pretrained(folder)
        architecture = read_configuration(folder)
        assert outside_embeddings(architecture) == counted


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 1, 0), (2, 0, 1)])
def test_checkpoints_of_one_run_count_once_in_any_order(read, order: tuple[int, ...]) -> None:
    """A shell lists checkpoint-1000, checkpoint-1500, checkpoint-500."""
    history = [{"loss": 2.0 - step / 1000, "step": step} for step in (500, 1000, 1500)]
    one = 6 * TOKENS * outside_embeddings(QWEN)
    states = [
        state(
            global_step=500 * number,
            total_flos=float(number * one),
            log_history=history[:number],
            max_steps=1500,
        )
        for number in (1, 2, 3)
    ]
    known = Given(architecture=QWEN, sequence_length=4096, recompute=Recompute.NONE)
    recording = read(*(states[place] for place in order), known=known)
    assert len(recording.pieces) == 1
    assert float(recording.pieces[0].tokens.best) == pytest.approx(3 * TOKENS, rel=1e-6)
