"""Decoders with rotary positions and a gated feed-forward: llama and those built like it."""

from __future__ import annotations

from dataclasses import dataclass

from declarant.compute.architecture.attention import Attention
from declarant.compute.architecture.decoder import Layer, Vocabulary, decoder
from declarant.compute.architecture.families.registry import family
from declarant.compute.architecture.feed_forward import FeedForward
from declarant.compute.architecture.keys import Keys
from declarant.compute.architecture.parts import Architecture
from declarant.problems import bad_input


@dataclass(frozen=True, slots=True)
class Custom:
    """What a family does where its configuration is silent.

    Attributes:
        tied: whether embedding and output head share weights.
        bias: whether queries, keys and values add a bias (None: `attention_bias` says).
        norms: norms of the hidden width in each layer.
        head_norms: "" none, "head" one of the head's width for queries and keys, "whole" one of
            their whole width.
    """

    tied: bool = False
    bias: bool | None = None
    norms: int = 2
    head_norms: str = ""


CUSTOMS = {
    "llama": Custom(),
    "mistral": Custom(bias=False),
    "mixtral": Custom(bias=False),
    "qwen2": Custom(bias=True),
    "qwen2_moe": Custom(bias=True),
    "qwen3": Custom(head_norms="head"),
    "qwen3_moe": Custom(head_norms="head"),
    "gemma": Custom(tied=True),
    "gemma2": Custom(tied=True, norms=4),
    "gemma3": Custom(tied=True, norms=4, head_norms="head"),
    "gemma3_text": Custom(tied=True, norms=4, head_norms="head"),
    "olmo": Custom(norms=0),
    "olmo2": Custom(head_norms="whole"),
    "olmoe": Custom(head_norms="whole"),
    "phi3": Custom(bias=False),
}


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
    layers = [Layer(heads.attention(window), inner, vectors) for window in windows(keys, name)]
    return decoder(
        keys,
        name,
        heads.hidden,
        layers,
        Vocabulary(keys.whole("vocab_size"), tied_or(keys, custom.tied)),
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
    heads = keys.whole("num_attention_heads")
    groups = keys.whole_or("num_key_value_heads", heads, "as many as query heads")
    if not keys.has("head_dim") and hidden % heads:
        raise bad_input(
            "configuration.value",
            f"{heads} heads do not divide the width {hidden}, and no 'head_dim' is given.",
            mend="Take the model's own config.json.",
            file=keys.file,
            field="num_attention_heads",
        )
    if heads % groups:
        raise bad_input(
            "configuration.value",
            f"{groups} key-value heads do not divide {heads} heads.",
            mend="Take the model's own config.json.",
            file=keys.file,
            field="num_key_value_heads",
        )
    head_size = keys.optional("head_dim") or hidden // heads
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


def windows(keys: Keys, name: str) -> list[int | None]:
    """Return, for each layer, how many positions a query sees at most; None for all."""
    count = keys.whole("num_hidden_layers")
    if count > 100_000:
        raise bad_input(
            "configuration.value",
            f"'num_hidden_layers' is {count}, more than any model has.",
            mend="Take the model's own config.json.",
            file=keys.file,
            field="num_hidden_layers",
        )
    window = keys.optional("sliding_window")
    kinds = keys.words("layer_types")
    if window is None:
        return [None] * count
    if len(kinds) == count:
        return [window if kind == "sliding_attention" else None for kind in kinds]
    if name.startswith("qwen"):
        if not keys.flag_or("use_sliding_window", False):
            return [None] * count
        whole = keys.whole_or("max_window_layers", count, "all layers see everything")
        return [None if layer < whole else window for layer in range(count)]
    if name == "gemma2":
        keys.note("assumed", "every second layer, from the first, has the sliding window.")
        return [window if layer % 2 == 0 else None for layer in range(count)]
    if name.startswith("gemma3"):
        every = keys.whole_or("sliding_window_pattern", 6, "one layer in six sees everything")
        return [None if (layer + 1) % every == 0 else window for layer in range(count)]
    return [window] * count
