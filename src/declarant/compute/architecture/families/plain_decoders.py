"""Decoders with a plain feed-forward: gpt2, gpt_neox, falcon, phi."""

from __future__ import annotations

from declarant.compute.architecture.attention import Attention
from declarant.compute.architecture.customs import Custom
from declarant.compute.architecture.decoder import Layer, Vocabulary, decoder
from declarant.compute.architecture.families.gated_decoders import read_heads, tied_or
from declarant.compute.architecture.families.registry import family
from declarant.compute.architecture.feed_forward import FeedForward
from declarant.compute.architecture.keys import Keys
from declarant.compute.architecture.parts import Architecture
from declarant.problems import bad_input


@family("gpt2")
def read_gpt2(keys: Keys, name: str) -> Architecture:
    """Read gpt2: learned positions, biases everywhere, tied embedding."""
    hidden = keys.whole("n_embd")
    heads = keys.whole("n_head")
    inner = keys.whole_or("n_inner", 4 * hidden, "four times the width")
    layer = Layer(
        Attention(hidden, heads, heads, _head_size(keys, hidden, heads), True, True),
        FeedForward(hidden, inner, gated=False, bias=True),
        vectors=4 * hidden,
    )
    layers = [layer] * keys.layers("n_layer")
    positions = keys.whole("n_positions", "n_ctx")
    vocabulary = Vocabulary(keys.whole("vocab_size"), tied_or(keys, True), positions)
    return decoder(keys, name, hidden, layers, vocabulary, final_norm=2 * hidden)


@family("gpt_neox")
def read_gpt_neox(keys: Keys, name: str) -> Architecture:
    """Read gpt_neox (Pythia): rotary positions, biases, two norms with bias."""
    heads = read_heads(keys, Custom(bias=True))
    layer = Layer(
        Attention(heads.hidden, heads.heads, heads.heads, heads.head_size, True, True),
        FeedForward(heads.hidden, keys.whole("intermediate_size"), gated=False, bias=True),
        vectors=4 * heads.hidden,
    )
    layers = [layer] * keys.layers("num_hidden_layers")
    vocabulary = Vocabulary(keys.whole("vocab_size"), tied_or(keys, False))
    return decoder(keys, name, heads.hidden, layers, vocabulary, final_norm=2 * heads.hidden)


@family("falcon", "RefinedWeb", "RefinedWebModel")
def read_falcon(keys: Keys, name: str) -> Architecture:
    """Read falcon: multi-query attention, or groups of heads in its newer decoder."""
    hidden = keys.whole("hidden_size")
    heads = keys.whole("num_attention_heads", "n_head")
    newer = keys.flag_or("new_decoder_architecture", False)
    if newer:
        groups = keys.whole("num_kv_heads", "n_head_kv")
    else:
        groups = 1 if keys.flag_or("multi_query", True) else heads
    parallel = keys.flag_or("parallel_attn", True)
    norms = 2 if newer or not parallel else 1
    bias = keys.flag_or("bias", False)
    inner = keys.optional("ffn_hidden_size") or 4 * hidden
    layer = Layer(
        Attention(hidden, heads, groups, _head_size(keys, hidden, heads), bias, bias),
        FeedForward(hidden, inner, gated=False, bias=bias),
        vectors=norms * 2 * hidden,
    )
    layers = [layer] * keys.layers("num_hidden_layers", "n_layer")
    vocabulary = Vocabulary(keys.whole("vocab_size"), tied_or(keys, True))
    return decoder(keys, name, hidden, layers, vocabulary, final_norm=2 * hidden)


@family("phi")
def read_phi(keys: Keys, name: str) -> Architecture:
    """Read phi (1, 1.5, 2): attention and feed-forward side by side after one norm, biases."""
    heads = read_heads(keys, Custom(bias=True))
    layer = Layer(
        Attention(heads.hidden, heads.heads, heads.key_value_heads, heads.head_size, True, True),
        FeedForward(heads.hidden, keys.whole("intermediate_size"), gated=False, bias=True),
        vectors=2 * heads.hidden,
    )
    layers = [layer] * keys.layers("num_hidden_layers")
    vocabulary = Vocabulary(keys.whole("vocab_size"), tied_or(keys, False), head_bias=True)
    return decoder(keys, name, heads.hidden, layers, vocabulary, final_norm=2 * heads.hidden)


def _head_size(keys: Keys, hidden: int, heads: int) -> int:
    if hidden % heads:
        raise bad_input(
            "configuration.value",
            f"{heads} heads do not divide the width {hidden}.",
            mend="Take the model's own config.json.",
            file=keys.file,
            field="n_head" if keys.has("n_head") else "num_attention_heads",
        )
    return hidden // heads
