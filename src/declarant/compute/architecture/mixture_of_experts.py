"""Mixtures of experts: a router, of many experts the chosen ones, and experts that all share."""

from __future__ import annotations

from dataclasses import dataclass

from declarant.compute.architecture.feed_forward import FeedForward
from declarant.compute.architecture.parts import Map
from declarant.compute.architecture.terms import Term


@dataclass(frozen=True, slots=True)
class MixtureOfExperts:
    """A feed-forward of which each position passes through `chosen` of `experts` (all gated).

    Attributes:
        hidden: width of the residual stream.
        experts: routed experts held.
        chosen: routed experts a position passes through.
        inner: inner width of one routed expert.
        shared_inner: inner width of all shared experts together; 0 for none.
        shared_gate: whether a map of width 1 weighs the shared experts.
        router_bias: whether the router adds a bias, or a correction, for each expert.
    """

    hidden: int
    experts: int
    chosen: int
    inner: int
    shared_inner: int = 0
    shared_gate: bool = False
    router_bias: bool = False

    def maps(self) -> tuple[Map, ...]:
        """Return the router's map, the experts' and the shared experts'."""
        maps = [
            Map(Term.ROUTER, self.hidden, self.experts, self.router_bias),
            Map(
                Term.EXPERTS,
                self.hidden,
                self.inner,
                held=2 * self.experts,
                used=2 * self.chosen,
            ),
            Map(Term.EXPERTS, self.inner, self.hidden, held=self.experts, used=self.chosen),
        ]
        if self.shared_inner:
            shared = FeedForward(self.hidden, self.shared_inner, True, term=Term.SHARED_EXPERTS)
            maps.extend(shared.maps())
        if self.shared_gate:
            maps.append(Map(Term.SHARED_EXPERTS, self.hidden, 1))
        return tuple(maps)
