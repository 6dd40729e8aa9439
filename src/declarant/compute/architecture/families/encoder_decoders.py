"""Encoder-decoders: t5 and its kin."""

from __future__ import annotations

from declarant.compute.architecture.attention import Attention, CrossAttention
from declarant.compute.architecture.decoder import context_of
from declarant.compute.architecture.families.gated_decoders import tied_or
from declarant.compute.architecture.families.registry import family
from declarant.compute.architecture.feed_forward import FeedForward
from declarant.compute.architecture.keys import Keys
from declarant.compute.architecture.parts import Architecture, Block, Map, Stream, Table
from declarant.compute.architecture.terms import Term


@family("t5", "mt5", "umt5")
def read_t5(keys: Keys, name: str) -> Architecture:
    """Read t5 (Raffel et al. 2020, arXiv:1910.10683): relative positions, no biases."""
    hidden, heads, size = keys.whole("d_model"), keys.whole("num_heads"), keys.whole("d_kv")
    inner = keys.whole("d_ff")
    gated = keys.text("feed_forward_proj").startswith("gated") or name in ("mt5", "umt5")
    layers = keys.whole("num_layers")
    below = keys.whole_or("num_decoder_layers", layers, "as many as encoder layers")
    vocabulary = keys.whole("vocab_size")
    tied = tied_or(keys, name == "t5")
    buckets = keys.whole_or("relative_attention_num_buckets", 32, "as the family has it") * heads

    encoder_attention = Attention(hidden, heads, heads, size, causal=False, stream=Stream.ENCODER)
    encoder_inner = FeedForward(hidden, inner, gated, stream=Stream.ENCODER)
    attention = Attention(hidden, heads, heads, size)
    crossing = CrossAttention(hidden, heads, size)
    head = Map(Term.OUTPUT_HEAD, hidden, vocabulary, shared=tied)
    return Architecture(
        family=name,
        blocks=(
            Block(
                "embedding",
                1,
                (),
                tables=(Table(vocabulary, hidden, is_output_head=tied),),
                vectors=2 * buckets,
                is_layer=False,
            ),
            Block(
                "encoder",
                layers,
                (*encoder_attention.maps(), *encoder_inner.maps()),
                encoder_attention.cores(),
                vectors=2 * hidden,
            ),
            Block(
                "decoder",
                below,
                (
                    *attention.maps(),
                    *crossing.maps(),
                    *FeedForward(hidden, inner, gated).maps(),
                ),
                (*attention.cores(), *crossing.cores()),
                vectors=3 * hidden,
            ),
            Block("output head", 1, (head,), vectors=2 * hidden, is_layer=False),
        ),
        hidden=hidden,
        context=context_of(keys),
        file=keys.file,
        findings=tuple(keys.findings),
    )
