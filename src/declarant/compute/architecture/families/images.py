"""Transformers for images: vision transformers and diffusion transformers."""

from __future__ import annotations

from declarant.compute.architecture.attention import Attention
from declarant.compute.architecture.families.registry import family
from declarant.compute.architecture.feed_forward import FeedForward
from declarant.compute.architecture.keys import Keys
from declarant.compute.architecture.parts import (
    Architecture,
    Block,
    Context,
    Map,
    Stream,
    Table,
)
from declarant.compute.architecture.terms import Term
from declarant.problems import bad_input

TIME_FREQUENCIES = 256
"""Width of the sinusoidal code of a time step; Peebles and Xie 2022, arXiv:2212.09748."""


@family("vit")
def read_vit(keys: Keys, name: str) -> Architecture:
    """Read a vision transformer (Dosovitskiy et al. 2020, arXiv:2010.11929).

    A token is a patch; one more stands for the class.
    """
    hidden, heads = keys.whole("hidden_size"), keys.whole("num_attention_heads")
    patch = keys.whole("patch_size")
    patches = _patches(keys, keys.whole("image_size"), patch)
    channels = keys.whole_or("num_channels", 3, "red, green and blue")
    bias = keys.flag_or("qkv_bias", True)
    if hidden % heads:
        raise bad_input(
            "configuration.value",
            f"{heads} heads do not divide the width {hidden}.",
            mend="Take the model's own config.json.",
            file=keys.file,
            field="num_attention_heads",
        )
    keys.note("head", "the classifier on top, once an image, is not counted.")
    attention = Attention(hidden, heads, heads, hidden // heads, bias, True, causal=False)
    inner = FeedForward(hidden, keys.whole("intermediate_size"), gated=False, bias=True)
    return Architecture(
        family=name,
        blocks=(
            Block(
                "embedding",
                1,
                (Map(Term.PATCH_EMBEDDING, patch * patch * channels, hidden, True),),
                tables=(Table(patches + 1, hidden),),
                vectors=hidden,
                is_layer=False,
            ),
            Block(
                "layers",
                keys.whole("num_hidden_layers"),
                (*attention.maps(), *inner.maps()),
                attention.cores(),
                vectors=4 * hidden,
            ),
            Block("final norm", 1, (), vectors=2 * hidden, is_layer=False),
        ),
        hidden=hidden,
        context=Context(patches + 1, "image_size and patch_size"),
        file=keys.file,
        whole_sequences=True,
        findings=tuple(keys.findings),
    )


@family("dit", "DiTTransformer2DModel", "Transformer2DModel")
def read_dit(keys: Keys, name: str) -> Architecture:
    """Read a diffusion transformer (Peebles and Xie 2022, arXiv:2212.09748) as diffusers writes it.

    A token is a patch of the latent image. Time and class condition each layer once an image.
    """
    heads, size = keys.whole("num_attention_heads"), keys.whole("attention_head_dim")
    hidden = heads * size
    patch = keys.whole("patch_size")
    patches = _patches(keys, keys.whole("sample_size"), patch)
    entering = keys.whole("in_channels")
    leaving = keys.whole_or("out_channels", entering, "as many channels as go in")
    classes = keys.optional("num_embeds_ada_norm") or 0
    attention = Attention(hidden, heads, heads, size, True, True, causal=False)
    inner = FeedForward(hidden, 4 * hidden, gated=False, bias=True)

    def conditioning(inputs: int, outputs: int) -> Map:
        return Map(Term.CONDITIONING, inputs, outputs, True, stream=Stream.SEQUENCE)

    keys.note("assumed", "time and class are embedded once, and not again in each layer.")
    return Architecture(
        family="dit",
        blocks=(
            Block(
                "embedding",
                1,
                (
                    Map(Term.PATCH_EMBEDDING, patch * patch * entering, hidden, True),
                    conditioning(TIME_FREQUENCIES, hidden),
                    conditioning(hidden, hidden),
                ),
                tables=(Table(classes + 1, hidden),) if classes else (),
                is_layer=False,
            ),
            Block(
                "layers",
                keys.whole("num_layers"),
                (*attention.maps(), *inner.maps(), conditioning(hidden, 6 * hidden)),
                attention.cores(),
            ),
            Block(
                "output",
                1,
                (
                    conditioning(hidden, 2 * hidden),
                    Map(Term.OUTPUT_HEAD, hidden, patch * patch * leaving, True),
                ),
                is_layer=False,
            ),
        ),
        hidden=hidden,
        context=Context(patches, "sample_size and patch_size"),
        file=keys.file,
        whole_sequences=True,
        findings=tuple(keys.findings),
    )


def _patches(keys: Keys, side: int, patch: int) -> int:
    if side < patch or side > 1_000_000:
        raise bad_input(
            "configuration.value",
            f"an image of side {side} has no patches of side {patch} that could be counted.",
            mend="Take the model's own config.json.",
            file=keys.file,
            field="patch_size",
        )
    return (side // patch) ** 2
