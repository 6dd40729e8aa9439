"""Multi-head, grouped-query and multi-query attention, sliding windows, and cross-attention."""

from __future__ import annotations

from dataclasses import dataclass

from declarant.compute.architecture.parts import Core, Map, Stream
from declarant.compute.architecture.terms import Term


@dataclass(frozen=True, slots=True)
class Attention:
    """Attention of a sequence to itself, with `key_value_heads` heads of keys and values.

    As many as `heads` is multi-head, one is multi-query, between them grouped-query attention
    (Shazeer 2019, arXiv:1911.02150; Ainslie et al. 2023, arXiv:2305.13245).

    Attributes:
        hidden: width of the residual stream.
        heads: query heads.
        key_value_heads: heads of keys and of values; divides `heads`.
        head_size: width of one head.
        bias: whether queries, keys and values add a bias.
        output_bias: whether the output projection does.
        window: positions a query sees at most, itself included; None for all.
        causal: whether it sees no later positions.
        stream: the sequence it works on.
    """

    hidden: int
    heads: int
    key_value_heads: int
    head_size: int
    bias: bool = False
    output_bias: bool = False
    window: int | None = None
    causal: bool = True
    stream: Stream = Stream.MAIN

    def maps(self) -> tuple[Map, ...]:
        """Return the projections of queries, of keys and values, and of the output."""
        query_width = self.heads * self.head_size
        key_width = self.key_value_heads * self.head_size
        return (
            Map(Term.QUERIES, self.hidden, query_width, self.bias, stream=self.stream),
            Map(
                Term.KEYS_VALUES,
                self.hidden,
                key_width,
                self.bias,
                held=2,
                used=2,
                stream=self.stream,
            ),
            Map(Term.OUTPUT, query_width, self.hidden, self.output_bias, stream=self.stream),
        )

    def cores(self) -> tuple[Core, ...]:
        """Return the attention core."""
        return (
            Core(
                Term.ATTENTION_CORE if self.window is None else Term.WINDOWED_CORE,
                self.heads,
                self.head_size,
                self.head_size,
                causal=self.causal,
                window=self.window,
                queries=self.stream,
                keys=self.stream,
            ),
        )


@dataclass(frozen=True, slots=True)
class CrossAttention:
    """Attention of the decoder's positions to all of the encoder's, multi-head."""

    hidden: int
    heads: int
    head_size: int

    def maps(self) -> tuple[Map, ...]:
        """Return its projections; keys and values are made once for each encoder position."""
        width = self.heads * self.head_size
        term = Term.CROSS_ATTENTION
        return (
            Map(term, self.hidden, width),
            Map(term, self.hidden, width, held=2, used=2, stream=Stream.ENCODER),
            Map(term, width, self.hidden),
        )

    def cores(self) -> tuple[Core, ...]:
        """Return the attention core."""
        return (
            Core(
                Term.CROSS_ATTENTION,
                self.heads,
                self.head_size,
                self.head_size,
                causal=False,
                keys=Stream.ENCODER,
            ),
        )
