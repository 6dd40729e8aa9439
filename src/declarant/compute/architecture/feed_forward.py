"""Feed-forward layers: plain (two matrices) and gated (three: SwiGLU, GeGLU)."""

from __future__ import annotations

from dataclasses import dataclass

from declarant.compute.architecture.parts import Map, Stream
from declarant.compute.architecture.terms import Term


@dataclass(frozen=True, slots=True)
class FeedForward:
    """Up to `inner` and down again; gated ones go up twice (Shazeer 2020, arXiv:2002.05202)."""

    hidden: int
    inner: int
    gated: bool
    bias: bool = False
    term: Term = Term.FEED_FORWARD
    stream: Stream = Stream.MAIN

    def maps(self) -> tuple[Map, ...]:
        """Return the matrices up (with the gate's, if any) and down."""
        up = 2 if self.gated else 1
        return (
            Map(self.term, self.hidden, self.inner, self.bias, up, up, self.stream),
            Map(self.term, self.inner, self.hidden, self.bias, stream=self.stream),
        )
