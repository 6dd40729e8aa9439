"""Families that nobody registered: read when they can only be plain decoders, else refused."""

from __future__ import annotations

from typing import Any

import pytest

from declarant.compute.architecture import read_configuration, total_parameters
from declarant.problems import BadInput, Severity

PLAIN: dict[str, Any] = {
    "model_type": "newcomer",
    "hidden_act": "silu",
    "hidden_size": 4096,
    "intermediate_size": 11008,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "vocab_size": 32000,
    "max_position_embeddings": 4096,
    "tie_word_embeddings": False,
}


def test_a_plain_decoder_is_read_and_the_reader_warned() -> None:
    architecture = read_configuration(PLAIN)
    assert total_parameters(architecture) == 6_738_415_616  # as Llama 2 7B, which it is built like
    found = {item.code: item.severity for item in architecture.findings}
    assert found["configuration.unknown_family"] is Severity.WARNING


@pytest.mark.parametrize(
    "part",
    [
        {"num_experts": 128, "num_experts_per_tok": 8},
        {"n_routed_experts": 256},
        {"moe_intermediate_size": 2048},
        {"kv_lora_rank": 512},
        {"mamba_d_state": 16},
        {"attn_layer_period": 8},
        {"linear_attn_config": {"num_heads": 32}},
        {"is_encoder_decoder": True},
        {"num_nextn_predict_layers": 1},
    ],
)
def test_parts_that_it_would_leave_out_refuse_it(part: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as error:
        read_configuration({**PLAIN, **part})
    finding = error.value.findings[0]
    assert finding.code == "configuration.unknown_parts"
    assert finding.where.field in part
    assert "model_type" in finding.mend


@pytest.mark.parametrize(
    "part",
    [
        {"num_experts": None},
        {"num_experts": 0},
        {"num_experts": 1},
        {"is_encoder_decoder": False},
        {"kv_lora_rank": None},
        {"num_nextn_predict_layers": 0},
    ],
)
def test_parts_that_are_switched_off_do_not(part: dict[str, Any]) -> None:
    read_configuration({**PLAIN, **part})


def test_what_it_lacks_to_be_read_is_named() -> None:
    with pytest.raises(BadInput, match="lacks intermediate_size, hidden_act") as error:
        read_configuration({**PLAIN, "intermediate_size": None, "hidden_act": None})
    assert error.value.findings[0].where.field == "model_type"
