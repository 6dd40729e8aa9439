"""The closed form: forward operations of each term, for a number of tokens at a sequence length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from declarant.compute.architecture.parts import Architecture, Block, Core, Map, Stream
from declarant.compute.architecture.terms import Term


@dataclass(frozen=True, slots=True)
class Work:
    """What passes through the model.

    Attributes:
        tokens: positions of the main sequence, over the whole of training.
        sequence_length: of the main sequence.
        encoder_length: of the encoder's sequence that goes with each main one; 0 without encoder.
    """

    tokens: int
    sequence_length: int
    encoder_length: int = 0

    def positions(self, stream: Stream) -> Fraction:
        """Return how many positions of a stream are worked on."""
        sequences = Fraction(self.tokens, self.sequence_length)
        if stream is Stream.ENCODER:
            return sequences * self.encoder_length
        return sequences if stream is Stream.SEQUENCE else Fraction(self.tokens)

    def length(self, stream: Stream) -> int:
        """Return the length of one sequence of a stream."""
        return self.encoder_length if stream is Stream.ENCODER else self.sequence_length


@dataclass(frozen=True, slots=True)
class Forward:
    """Operations of one forward pass over all tokens, by term.

    `maps` are linear maps; `cores` the attention cores as masked (causal ones halved), `full` the
    same cores as frameworks count them, every query with every key of the sequence.
    """

    maps: Mapping[Term, Fraction]
    cores: Mapping[Term, Fraction]
    full: Mapping[Term, Fraction]


def forward(architecture: Architecture, work: Work) -> Forward:
    """Return the forward operations. A multiplication with an addition is two operations."""
    maps: dict[Term, Fraction] = {}
    cores: dict[Term, Fraction] = {}
    full: dict[Term, Fraction] = {}
    for block in architecture.blocks:
        for item in block.maps:
            _add(maps, term_of(block, item), block.count * _map_operations(item, work))
        for core in block.cores:
            queries = block.count * core.operations * work.positions(core.queries)
            term = term_of(block, core)
            _add(cores, term, queries * keys_seen(core, work.length(core.keys)))
            _add(full, term, queries * work.length(core.keys))
    return Forward(maps, cores, full)


def term_of(block: Block, part: Map | Core) -> Term:
    """Return the term a part is counted under; modules for training only have their own."""
    return Term.PREDICTION if block.training_only else part.term


def keys_seen(core: Core, length: int) -> Fraction:
    """Return how many keys a query sees on average in a sequence.

    Half of them when causal (s/2, the convention of Megatron-LM since March 2025 and of published
    figures); with a window of w < s keys, w - w*w/(2s) when causal, at most w otherwise.
    """
    window = length if core.window is None else min(core.window, length)
    if not core.causal:
        return Fraction(window)
    return Fraction(window) - Fraction(window * window, 2 * length)


def _map_operations(item: Map, work: Work) -> Fraction:
    return item.operations * work.positions(item.stream)


def _add(totals: dict[Term, Fraction], term: Term, amount: Fraction) -> None:
    totals[term] = totals.get(term, Fraction(0)) + amount
