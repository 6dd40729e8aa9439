"""Each term of the closed form with its numbers put in, so that anybody can work it out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from declarant.compute.architecture.operations import Work, keys_seen, term_of
from declarant.compute.architecture.parts import Architecture, Block, Core, Stream
from declarant.compute.architecture.terms import Term

_WHERE = {Stream.MAIN: "", Stream.ENCODER: " in the encoder", Stream.SEQUENCE: " once a sequence"}


def explained(architecture: Architecture, work: Work) -> Mapping[Term, str]:
    """Return, for each term, the operations of a forward pass for one token, as people write them.

    `126 x 3 x 2 x 16384 x 53248`: 126 layers, in each 3 matrices, a multiplication and an addition
    for each weight, and the matrix's two widths, the smaller first.
    """
    terms: dict[Term, Counter[str]] = {}
    for block in architecture.blocks:
        for term, pieces in _maps(block).items():
            for piece, used in pieces.items():
                words = f"{_times(used)}{piece}"
                terms.setdefault(term, Counter())[words] += block.count
        for core in block.cores:
            terms.setdefault(term_of(block, core), Counter())[_core(core, work)] += block.count
    return {
        term: " + ".join(f"{_times(count)}{words}" for words, count in pieces.items())
        for term, pieces in terms.items()
    }


def _maps(block: Block) -> Mapping[Term, Counter[str]]:
    """Return how many matrices of each shape a token passes through in one layer of a block."""
    terms: dict[Term, Counter[str]] = {}
    for item in block.maps:
        low, high = sorted((item.inputs, item.outputs))
        piece = f"2 x {low} x {high}{_WHERE[item.stream]}"
        terms.setdefault(term_of(block, item), Counter())[piece] += item.used
    return terms


def _core(core: Core, work: Work) -> str:
    seen = keys_seen(core, work.length(core.keys))
    keys = str(seen) if seen.denominator == 1 else f"{float(seen):.6g}"
    return f"2 x {core.heads} x ({core.key_size} + {core.value_size}) x {keys} keys"


def _times(count: int) -> str:
    return "" if count == 1 else f"{count} x "
