"""What a configuration leaves to its family's custom, and that it is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from declarant.compute.architecture import (
    Architecture,
    estimate,
    read_configuration,
    total_parameters,
)

CONFIGURATIONS = Path(__file__).parent / "configurations"
GEMMA_3_4B = {
    "model_type": "gemma3",
    "text_config": {
        "hidden_size": 2560,
        "intermediate_size": 10240,
        "model_type": "gemma3_text",
        "num_hidden_layers": 34,
        "sliding_window": 1024,
    },
    "vision_config": {"hidden_size": 1152},
}


def content(name: str, *without: str, **changed: object) -> dict[str, Any]:
    data = json.loads((CONFIGURATIONS / f"{name}.json").read_text())
    return {key: value for key, value in {**data, **changed}.items() if key not in without}


def assumed(architecture: Architecture) -> str:
    codes = ("configuration.assumed", "configuration.text_only")
    return "\n".join(item.what for item in architecture.findings if item.code in codes)


def test_a_configuration_written_as_differences_is_read_like_a_whole_one() -> None:
    architecture = read_configuration(GEMMA_3_4B)
    # 3.88 billion without the encoder of images (google/gemma-3-4b-it)
    assert total_parameters(architecture) == 3_880_263_168
    for key in ("num_attention_heads", "num_key_value_heads", "head_dim", "vocab_size"):
        assert f"'{key}' is not given" in assumed(architecture)
    assert "only the language model" in assumed(architecture)


def test_a_key_that_is_absent_differs_from_null() -> None:
    published = total_parameters(read_configuration(content("mistral-7b")))
    absent = read_configuration(content("mistral-7b", "num_key_value_heads"))
    assert total_parameters(absent) == published
    assert "'num_key_value_heads' is not given; taken as 8" in assumed(absent)
    null = read_configuration(content("mistral-7b", num_key_value_heads=None))
    assert total_parameters(null) > published


def test_a_window_that_is_absent_differs_from_null() -> None:
    def best(data: dict[str, Any]) -> int:
        made = estimate(read_configuration(data), 10**12, sequence_length=32768)
        return int(made.model_operations.best or 0)

    whole = best(content("mistral-7b", sliding_window=None))
    assert best(content("mistral-7b", "sliding_window")) == best(content("mistral-7b")) < whole


def test_tying_said_for_the_whole_model_holds_for_its_language_model() -> None:
    inner = content("olmo-2-7b", "tie_word_embeddings")
    tied = read_configuration({"tie_word_embeddings": True, "text_config": inner})
    untied = read_configuration({"tie_word_embeddings": False, "text_config": inner})
    table = inner["vocab_size"] * inner["hidden_size"]
    assert total_parameters(untied) - total_parameters(tied) == table


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        ({"rope_scaling": {"original_max_position_embeddings": 8192}}, 8192),
        ({"rope_parameters": {"original_max_position_embeddings": 8192}}, 8192),
        ({"original_max_position_embeddings": 8192}, 8192),
        ({"rope_scaling": None}, 131072),
    ],
)
def test_the_length_before_an_extension_is_taken(
    extension: dict[str, object], expected: int
) -> None:
    data = content("llama-3.1-405b", "rope_scaling", max_position_embeddings=131072)
    made = estimate(read_configuration({**data, **extension}), 10**12)
    assert made.sequence_length == expected
    assert made.sequence_from.endswith("max_position_embeddings")
