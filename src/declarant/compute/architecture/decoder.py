"""A decoder put together: embedding, layers in groups of equals, output head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from declarant.compute.architecture.keys import Keys
from declarant.compute.architecture.parts import Architecture, Block, Context, Core, Map, Table
from declarant.compute.architecture.terms import Term


class Mixer(Protocol):
    """What mixes positions: a kind of attention."""

    def maps(self) -> tuple[Map, ...]:
        """Return its linear maps."""
        ...

    def cores(self) -> tuple[Core, ...]:
        """Return its attention cores."""
        ...


class Inner(Protocol):
    """What works on each position alone: feed-forward or mixture of experts."""

    def maps(self) -> tuple[Map, ...]:
        """Return its linear maps."""
        ...


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer; `vectors` are its parameters that no matrix holds (norms)."""

    attention: Mixer
    inner: Inner
    vectors: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Embedding and output head: `size` tokens; learned positions are a table of their own."""

    size: int
    tied: bool
    positions: int = 0
    head_bias: bool = False


def layer_block(layer: Layer, count: int) -> Block:
    """Return `count` equal layers as a block."""
    return Block(
        "layers",
        count,
        (*layer.attention.maps(), *layer.inner.maps()),
        layer.attention.cores(),
        vectors=layer.vectors,
    )


def decoder(
    keys: Keys,
    family: str,
    hidden: int,
    layers: Sequence[Layer],
    vocabulary: Vocabulary,
    *,
    final_norm: int,
    extra: tuple[Block, ...] = (),
    look_up_is_active: bool = True,
) -> Architecture:
    """Return a decoder.

    Args:
        keys: the configuration it was read from; its findings go along.
        family: as the configuration calls it.
        hidden: width of the residual stream.
        layers: every layer, in order.
        vocabulary: embedding and output head.
        final_norm: parameters of the norm after the last layer.
        extra: blocks besides (multi-token prediction).
        look_up_is_active: see `Architecture`.
    """
    tables = [Table(vocabulary.size, hidden, is_output_head=vocabulary.tied)]
    if vocabulary.positions:
        tables.append(Table(vocabulary.positions, hidden))
    grouped = [(layer, len(tuple(same))) for layer, same in groupby(layers)]
    head = Map(
        Term.OUTPUT_HEAD,
        hidden,
        vocabulary.size,
        vocabulary.head_bias,
        shared=vocabulary.tied,
    )
    return Architecture(
        family=family,
        blocks=(
            Block("embedding", 1, (), tables=tuple(tables), is_layer=False),
            *(layer_block(layer, count) for layer, count in grouped),
            Block("output head", 1, (head,), vectors=final_norm, is_layer=False),
            *extra,
        ),
        hidden=hidden,
        context=context_of(keys),
        file=keys.file,
        look_up_is_active=look_up_is_active,
        findings=tuple(keys.findings),
    )


def context_of(keys: Keys) -> Context:
    """Return the sequence lengths a configuration names.

    With rotary scaling (YaRN and the like) the length before extension is the one most tokens of
    pre-training were seen at.
    """
    names = ("max_position_embeddings", "n_positions", "max_sequence_length", "seq_length")
    longest_key = next((name for name in names if keys.has(name)), "")
    longest = keys.optional(longest_key) if longest_key else None
    original = "original_max_position_embeddings"
    for name in ("rope_scaling", "rope_parameters", ""):
        held = keys.data.get(name) if name else keys.data
        trained = Keys(held, keys.file).optional(original) if isinstance(held, Mapping) else None
        if trained is not None:
            return Context(
                trained, f"{name}.{original}" if name else original, longest, longest_key
            )
    return Context(None, "", longest, longest_key)
