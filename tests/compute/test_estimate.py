"""What holds for every model, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declarant.compute.architecture import (
    Estimate,
    Recompute,
    Term,
    adapter_parameters,
    estimate,
    read_configuration,
)
from declarant.problems import BadInput

CONFIGURATIONS = Path(__file__).parent / "configurations"
NAMES = sorted(file.stem for file in CONFIGURATIONS.glob("*.json"))


def content(name: str) -> dict[str, Any]:
    return dict(json.loads((CONFIGURATIONS / f"{name}.json").read_text()))


@pytest.mark.parametrize("name", NAMES)
def test_what_holds_for_every_model(name: str) -> None:
    architecture = read_configuration(content(name))
    result = estimate(architecture, 10**9, sequence_length=1024)
    best = result.model_operations.best
    assert sum(result.terms.values()) == best
    assert all(amount > 0 for amount in result.terms.values())
    for model, executed in (
        (result.model_operations.low, result.executed_operations.low),
        (best, result.executed_operations.best),
        (result.model_operations.high, result.executed_operations.high),
    ):
        assert model is not None
        assert executed is not None
        assert executed >= model
    only_in_training = sum(
        item.active_parameters * block.count
        for block in architecture.blocks
        if block.training_only
        for item in block.maps
    )
    vectors = sum(b.vectors * b.count for b in architecture.blocks if b.training_only)
    assert result.parameters_active <= result.parameters_total + only_in_training + vectors
    assert result.short_form == 6 * result.parameters_active * 10**9
    full = estimate(architecture, 10**9, sequence_length=1024, recompute=Recompute.FULL)
    assert best is not None
    assert full.executed_operations.best == pytest.approx(best * 4 / 3, rel=1e-9)
    unknown = estimate(architecture, 10**9, sequence_length=1024, recompute=Recompute.UNKNOWN)
    assert unknown.executed_operations.best is None
    assert unknown.executed_operations.low == result.executed_operations.low
    assert unknown.executed_operations.high == full.executed_operations.high


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["llama-3.1-405b", "deepseek-v3", "gemma-2-9b", "t5-11b"]),
    st.integers(min_value=1, max_value=10**14),
    st.integers(min_value=1, max_value=200_000),
)
def test_operations_grow_with_tokens_and_with_the_sequence(
    name: str, tokens: int, length: int
) -> None:
    architecture = read_configuration(content(name))
    one = estimate(architecture, tokens, sequence_length=length)
    twice = estimate(architecture, 2 * tokens, sequence_length=length)
    longer = estimate(architecture, tokens, sequence_length=length + 1)
    assert one.model_operations.low <= one.executed_operations.low
    best, double = one.model_operations.best, twice.model_operations.best
    assert best is not None
    assert double is not None
    assert abs(double - 2 * best) <= len(Term)  # rounding of each term
    assert longer.model_operations.high is not None
    assert one.model_operations.high is not None
    assert longer.model_operations.high >= one.model_operations.high
    assert longer.model_operations.best is not None
    assert longer.model_operations.best + len(Term) >= best


@given(st.integers(1, 200))
def test_more_layers_more_operations(layers: int) -> None:
    def counted(number: int) -> Estimate:
        made = read_configuration({**content("olmo-2-7b"), "num_hidden_layers": number})
        return estimate(made, 10**9, sequence_length=4096)

    less, more = counted(layers), counted(layers + 1)
    assert less.short_form < more.short_form
    assert (less.model_operations.best or 0) < (more.model_operations.best or 0)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"dit-xl-2", "t5-11b"}))
def test_each_explanation_gives_its_term(name: str) -> None:
    tokens = 10**9
    result = estimate(read_configuration(content(name)), tokens, sequence_length=1024)
    assert set(result.explanations) == set(result.terms)
    for term, words in result.explanations.items():
        product = words.replace(" keys", "").replace("x", "*")
        assert set(product) <= set("0123456789.*+() ")
        assert 3 * tokens * eval(product) == pytest.approx(result.terms[term], rel=1e-5)


def test_what_is_predicted_further_ahead_is_a_term_of_its_own() -> None:
    with_it = read_configuration(content("deepseek-v3"))
    without = read_configuration({**content("deepseek-v3"), "num_nextn_predict_layers": 0})
    terms = estimate(with_it, 10**9).terms
    less = estimate(without, 10**9).terms
    assert set(terms) - set(less) == {Term.PREDICTION}
    assert {term: terms[term] for term in less} == less


def test_the_length_of_an_encoder_is_said_to_be_assumed() -> None:
    architecture = read_configuration(content("t5-11b"))
    silent = estimate(architecture, 10**9, sequence_length=512)
    said = estimate(architecture, 10**9, sequence_length=512, encoder_length=512)
    assert silent.terms == said.terms
    assert "estimate.encoder_length_assumed" in {item.code for item in silent.findings}
    assert "estimate.encoder_length_assumed" not in {item.code for item in said.findings}


@pytest.mark.parametrize(
    "wrong",
    [
        {"tokens": 0},
        {"tokens": 10**31},
        {"tokens": 10**5000},
        {"sequence_length": 0},
        {"sequence_length": 10**13},
        {"encoder_length": -4},
        {"trained_parameters": -5},
        {"trained_parameters": 10**30},
    ],
)
def test_amounts_out_of_bounds_are_refused(wrong: dict[str, int]) -> None:
    architecture = read_configuration(content("t5-11b"))
    with pytest.raises(BadInput) as error:
        estimate(architecture, **{"tokens": 10**9, "sequence_length": 512, **wrong})
    assert error.value.findings[0].code == f"estimate.{next(iter(wrong))}"


def test_adapters_leave_the_gradient_of_frozen_weights_out() -> None:
    architecture = read_configuration(content("olmo-2-7b"))
    trained = adapter_parameters(architecture, rank=16)
    # on each of 32 layers: four maps of 4096 x 4096, each with 16 x (4096 + 4096)
    assert trained == 32 * 4 * 16 * 8192
    whole = estimate(architecture, 10**9).model_operations.best
    adapted = estimate(architecture, 10**9, trained_parameters=trained).model_operations.best
    assert whole is not None
    assert adapted is not None
    assert 0.66 < adapted / whole < 0.72


def test_a_length_from_the_longest_context_is_said_to_be_assumed() -> None:
    architecture = read_configuration(content("olmo-2-7b"))
    codes = {finding.code for finding in estimate(architecture, 10**9).findings}
    assert "estimate.sequence_length_assumed" in codes
    given = estimate(architecture, 10**9, sequence_length=4096)
    assert "estimate.sequence_length_assumed" not in {item.code for item in given.findings}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hidden_size": None}, "hidden_size"),
        ({"intermediate_size": None}, "intermediate_size"),
        ({"vocab_size": None}, "vocab_size"),
        ({"num_hidden_layers": 0}, "num_hidden_layers"),
        ({"num_hidden_layers": 10**9}, "num_hidden_layers"),
        ({"num_hidden_layers": "many"}, "num_hidden_layers"),
        ({"hidden_size": -4096}, "hidden_size"),
        ({"hidden_size": True}, "hidden_size"),
        ({"hidden_size": 10**400}, "hidden_size"),
        ({"hidden_size": 10**5000}, "hidden_size"),
        ({"layer_types": ["linear_attention"] * 32}, "layer_types"),
        ({"layer_types": ["full_attention"] * 31}, "layer_types"),
        ({"layer_types": "full_attention"}, "layer_types"),
        ({"layer_types": ["sliding_attention"] * 32}, "sliding_window"),
        ({"model_type": "\ud800"}, "model_type"),
        ({"model_type": "olmo2\x1b[31m"}, "model_type"),
        ({"num_attention_heads": 33}, "num_attention_heads"),
        ({"num_key_value_heads": 5}, "num_key_value_heads"),
        ({"tie_word_embeddings": "yes"}, "tie_word_embeddings"),
        ({"model_type": "lama"}, "model_type"),
        ({"model_type": None}, "model_type"),
    ],
)
def test_a_wrong_key_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as error:
        read_configuration({**content("olmo-2-7b"), **change})
    finding = error.value.findings[0]
    assert finding.where.field == field
    assert finding.mend


def test_an_unknown_family_that_looks_like_a_decoder_is_read_with_a_warning() -> None:
    architecture = read_configuration(
        {**content("olmo-2-7b"), "model_type": "newcomer", "hidden_act": "silu"}
    )
    assert "configuration.unknown_family" in {item.code for item in architecture.findings}


@pytest.mark.parametrize(
    "written",
    [b"", b"   ", b"{", b"[1]", b"\xff\xfe", b'{"a": 1, "a": 2}', b'{"a": NaN}', b"[" * 100_000],
)
def test_what_is_no_configuration_is_refused(tmp_path: Path, written: bytes) -> None:
    file = tmp_path / "config.json"
    file.write_bytes(written)
    with pytest.raises(BadInput) as error:
        read_configuration(file)
    assert error.value.findings[0].where.file == str(file)
    assert error.value.findings[0].mend


def test_what_never_ends_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("declarant.compute.architecture.json_source.LARGEST", 100)
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"a": "b" * 92}))  # 101 bytes
    assert file.stat().st_size == 101
    with pytest.raises(BadInput, match="more than 100 bytes"):
        read_configuration(file)


@pytest.mark.parametrize(
    ("name", "key"),
    [("gpt3-small", "n_layer"), ("falcon-7b", "num_hidden_layers"), ("pythia-12b", None),
     ("phi-2", None), ("deepseek-v3", None), ("mixtral-8x7b", None), ("qwen3-30b-a3b", None)],
)  # fmt: skip
def test_more_layers_than_any_model_has_are_refused(name: str, key: str | None) -> None:
    field = key or "num_hidden_layers"
    with pytest.raises(BadInput) as error:
        read_configuration({**content(name), field: 100_001})
    assert error.value.findings[0].where.field == field


def test_a_folder_with_a_configuration_will_do(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(content("phi-2")))
    architecture = read_configuration(tmp_path)
    assert architecture.family == "phi"
    assert len(architecture.sha256) == 64
    with pytest.raises(BadInput, match="no such file"):
        read_configuration(tmp_path / "nothing")


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_any_change_of_a_configuration_is_read_or_refused(name: str, data: st.DataObject) -> None:
    made = content(name)
    for key in data.draw(st.lists(st.sampled_from(sorted(made)), max_size=3)):
        made[key] = data.draw(scalars)
    try:
        result = estimate(read_configuration(made), 1000, sequence_length=16)
    except BadInput as error:
        assert all(item.what and item.mend for item in error.findings)  # noqa: PT017
    else:
        assert sum(result.terms.values()) == result.model_operations.best
