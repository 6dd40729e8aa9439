"""What each family of decoders does where its configuration is silent.

The values are those its published configuration class falls back on, so that a configuration
written as differences from them reads the same here. Each one that is used is noted.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Custom:
    """The custom of one family; None where it has none.

    Attributes:
        tied: whether embedding and output head share weights.
        bias: whether queries, keys and values add a bias (None: `attention_bias` says).
        norms: norms of the hidden width in each layer.
        head_norms: "" none, "head" one of the head's width for queries and keys, "whole" one of
            their whole width.
        heads: query heads.
        key_value_heads: heads of keys and values (None: as many as query heads).
        head_size: width of a head (None: the hidden width divided among the heads).
        window: positions a windowed layer sees.
        vocabulary: tokens.
    """

    tied: bool = False
    bias: bool | None = None
    norms: int = 2
    head_norms: str = ""
    heads: int | None = None
    key_value_heads: int | None = None
    head_size: int | None = None
    window: int | None = None
    vocabulary: int | None = None


_GEMMA_3 = Custom(
    tied=True,
    norms=4,
    head_norms="head",
    heads=8,
    key_value_heads=4,
    head_size=256,
    window=4096,
    vocabulary=262_208,
)
CUSTOMS = {
    "llama": Custom(),
    "mistral": Custom(bias=False, key_value_heads=8, window=4096),
    "mixtral": Custom(bias=False, key_value_heads=8),
    "qwen2": Custom(bias=True, key_value_heads=32),
    "qwen2_moe": Custom(bias=True, key_value_heads=16),
    "qwen3": Custom(head_norms="head", key_value_heads=32, head_size=128),
    "qwen3_moe": Custom(head_norms="head", key_value_heads=4),
    "gemma": Custom(tied=True, key_value_heads=16, head_size=256),
    "gemma2": Custom(tied=True, norms=4, key_value_heads=4, head_size=256, window=4096),
    "gemma3": _GEMMA_3,
    "gemma3_text": _GEMMA_3,
    "olmo": Custom(norms=0),
    "olmo2": Custom(head_norms="whole"),
    "olmoe": Custom(head_norms="whole"),
    "phi3": Custom(bias=False),
}
