"""A family that nobody registered: read as a plain gated decoder when it can be one, or refused.

A wrong guess here is wrong by the factor between a model's active and total parameters, so
whatever hints at parts that this reading would leave out refuses it.
"""

from __future__ import annotations

import difflib

from declarant.compute.architecture.families.gated_decoders import read_gated_decoder
from declarant.compute.architecture.families.registry import families
from declarant.compute.architecture.keys import Keys
from declarant.compute.architecture.parts import Architecture
from declarant.problems import bad_input

_NEEDED = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
_GATED = ("silu", "swish", "swiglu", "geglu", "gelu_pytorch_tanh")
_EXPERTS = "experts"
_LATENT = ("kv_lora_rank", "q_lora_rank")
_OTHER_PARTS = (
    "attn_layer_indices",
    "attn_layer_period",
    "block_types",
    "cross_attention_layers",
    "hybrid_override_pattern",
    "layers_block_type",
    "linear_attn_config",
    "linear_num_value_heads",
    "num_nextn_predict_layers",
    "ssm_cfg",
    "state_size",
)
_OTHER_BEGINNINGS = ("mamba", "ssm", "moe", "rwkv")


def read_newcomer(keys: Keys, name: str) -> Architecture:
    """Read a configuration whose `model_type` is not registered.

    Raises:
        BadInput: when it holds parts that no plain decoder has, or lacks what one needs.
    """
    strange = sorted(key for key in keys.data if keys.has(key) and _is_strange(key, keys))
    if strange:
        raise bad_input(
            "configuration.unknown_parts",
            f"the family {name!a} is not known, and {strange[0]!a} says that it is no "
            "plain decoder; counted as one the figure would be far off.",
            mend="If it is built like a known family (mixtral, qwen3_moe, deepseek_v3), give a "
            "copy whose model_type says so; else count it by chip time or its own logs.",
            file=keys.file,
            field=strange[0] if strange[0].isidentifier() else None,
        )
    if all(keys.has(key) for key in _NEEDED) and keys.text("hidden_act") in _GATED:
        keys.note(
            "unknown_family",
            f"the family {name!a} is not known; it is counted as a gated decoder like llama.",
            "Compare the parameters below with the published number.",
            warn=True,
        )
        return read_gated_decoder(keys, name or "unknown")
    known = families()
    near = difflib.get_close_matches(name, known, n=1) if name else []
    hint = f"Did you mean {near[0]!r}? " if near else ""
    missing = [key for key in (*_NEEDED, "hidden_act") if not keys.has(key)]
    lacks = (
        f" To be read as a plain gated decoder it lacks {', '.join(missing)}." if missing else ""
    )
    what = (
        f"the family {name!a} (model_type) is not known." if name else ("'model_type' is missing.")
    )
    raise bad_input(
        "configuration.unknown_family",
        what + lacks,
        mend=f"{hint}Known: {', '.join(known)}.",
        file=keys.file,
        field="model_type",
    )


def _is_strange(key: str, keys: Keys) -> bool:
    value = keys.data[key]
    if not value:  # switched off
        return False
    if _EXPERTS in key and value == 1 and value is not True:  # one, that every token passes through
        return False
    return (
        key == "is_encoder_decoder"
        or _EXPERTS in key
        or key in _LATENT
        or key in _OTHER_PARTS
        or key.startswith(_OTHER_BEGINNINGS)
    )
