"""Decoders with rotary positions and a gated feed-forward: llama and those built like it."""

from __future__ import annotations

from dataclasses import dataclass

from declarant.compute.architecture.attention import Attention
from declarant.compute.architecture.customs import CUSTOMS, Custom
from declarant.compute.architecture.decoder import Layer, Vocabulary, decoder
from declarant.compute.architecture.families.registry import family
from declarant.compute.architecture.feed_forward import FeedForward
from declarant.compute.architecture.keys import Keys
from declarant.compute.architecture.parts import Architecture
from declarant.compute.architecture.windows import windows
from declarant.problems import bad_input


@dataclass(frozen=True, slots=True)
class Heads:
    """Attention heads of a configuration."""

    hidden: int
    heads: int
    key_value_heads: int
    head_size: int
    bias: bool
    output_bias: bool

    def attention(self, window: int | None) -> Attention:
        """Return the attention of a layer with that window."""
        return Attention(
            self.hidden,
            self.heads,
            self.key_value_heads,
            self.head_size,
            self.bias,
            self.output_bias,
            window,
        )


@family(
    "llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3", "gemma3_text",
    "olmo", "olmo2", "phi3",
)  # fmt: skip
def read_gated_decoder(keys: Keys, name: str) -> Architecture:
    """Read a dense decoder of one of these families."""
    custom = CUSTOMS.get(name, Custom())
    heads = read_heads(keys, custom)
    bias = keys.has("mlp_bias") and keys.flag_or("mlp_bias", False)
    inner = FeedForward(heads.hidden, keys.whole("intermediate_size"), gated=True, bias=bias)
    vectors = norms_of(custom, heads)
    layers = [
        Layer(heads.attention(window), inner, vectors) for window in windows(keys, name, custom)
    ]
    return decoder(
        keys,
        name,
        heads.hidden,
        layers,
        Vocabulary(_whole_or(keys, "vocab_size", custom.vocabulary), tied_or(keys, custom.tied)),
        final_norm=heads.hidden if custom.norms else 0,
    )


def tied_or(keys: Keys, custom: bool) -> bool:
    """Return whether embedding and output head share weights."""
    return keys.flag_or("tie_word_embeddings", custom)


def read_heads(keys: Keys, custom: Custom) -> Heads:
    """Read hidden width and attention heads.

    Raises:
        BadInput: when heads do not divide what they have to.
    """
    hidden = keys.whole("hidden_size")
    heads = _whole_or(keys, "num_attention_heads", custom.heads)
    head_size = _head_size(keys, custom, hidden, heads)
    groups = _groups(keys, custom, heads)
    if heads % groups:
        raise bad_input(
            "configuration.value",
            f"{groups} key-value heads do not divide {heads} heads.",
            mend="Take the model's own config.json.",
            file=keys.file,
            field="num_key_value_heads",
        )
    said = keys.has("attention_bias") and keys.flag_or("attention_bias", False)
    bias = said if custom.bias is None else custom.bias
    return Heads(hidden, heads, groups, head_size, bias, bool(said) and custom.bias is None)


def norms_of(custom: Custom, heads: Heads) -> int:
    """Return the norms' parameters in one layer."""
    on_heads = {
        "": 0,
        "head": 2 * heads.head_size,
        "whole": (heads.heads + heads.key_value_heads) * heads.head_size,
    }[custom.head_norms]
    return custom.norms * heads.hidden + on_heads


def _groups(keys: Keys, custom: Custom, heads: int) -> int:
    key = "num_key_value_heads"  # null stands for as many as query heads; no such key need not
    if custom.key_value_heads is not None and key not in keys.data:
        return keys.whole_or(key, custom.key_value_heads, "as the family has it")
    return keys.whole_or(key, heads, "as many as query heads")


def _head_size(keys: Keys, custom: Custom, hidden: int, heads: int) -> int:
    if custom.head_size is not None and "head_dim" not in keys.data:
        return keys.whole_or("head_dim", custom.head_size, "as the family has it")
    if not keys.has("head_dim") and hidden % heads:
        raise bad_input(
            "configuration.value",
            f"{heads} heads do not divide the width {hidden}, and no 'head_dim' is given.",
            mend="Take the model's own config.json.",
            file=keys.file,
            field="num_attention_heads",
        )
    return keys.whole_or("head_dim", hidden // heads, "the width divided among the heads")


def _whole_or(keys: Keys, key: str, custom: int | None) -> int:
    return keys.whole(key) if custom is None else keys.whole_or(key, custom, "as the family has it")
