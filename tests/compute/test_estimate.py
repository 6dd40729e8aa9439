"""What holds for every model, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declarant.compute.architecture import (
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


def test_more_layers_more_operations() -> None:
    less = read_configuration({**content("olmo-2-7b"), "num_hidden_layers": 31})
    more = read_configuration(content("olmo-2-7b"))
    assert estimate(less, 10**9).short_form < estimate(more, 10**9).short_form


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
