"""Multi-head latent attention: queries, keys and values through low-rank maps."""

from __future__ import annotations

from dataclasses import dataclass

from declarant.compute.architecture.parts import Core, Map
from declarant.compute.architecture.terms import Term


@dataclass(frozen=True, slots=True)
class LatentAttention:
    """Attention as in DeepSeek-V2 (arXiv:2405.04434, section 2.1), in the form used in training.

    Attributes:
        hidden: width of the residual stream.
        heads: heads of queries, keys and values alike.
        query_rank: width of the compressed query; None when queries are not compressed.
        key_value_rank: width of the compressed keys and values.
        plain_size: part of a head's key without position.
        rope_size: part with rotary position; one such key is shared by all heads.
        value_size: width of one head's value.
        bias: whether the maps that compress add a bias.
    """

    hidden: int
    heads: int
    query_rank: int | None
    key_value_rank: int
    plain_size: int
    rope_size: int
    value_size: int
    bias: bool = False

    def maps(self) -> tuple[Map, ...]:
        """Return the maps down to the latent widths and up to the heads, and the output."""
        key_size = self.plain_size + self.rope_size
        query_width = self.heads * key_size
        if self.query_rank is None:
            queries: tuple[Map, ...] = (Map(Term.QUERIES, self.hidden, query_width),)
        else:
            queries = (
                Map(Term.QUERIES, self.hidden, self.query_rank, self.bias),
                Map(Term.QUERIES, self.query_rank, query_width),
            )
        raised = self.heads * (self.plain_size + self.value_size)
        return (
            *queries,
            Map(Term.KEYS_VALUES, self.hidden, self.key_value_rank + self.rope_size, self.bias),
            Map(Term.KEYS_VALUES, self.key_value_rank, raised),
            Map(Term.OUTPUT, self.heads * self.value_size, self.hidden, self.bias),
        )

    def cores(self) -> tuple[Core, ...]:
        """Return the attention core; keys are wider than values."""
        key_size = self.plain_size + self.rope_size
        return (Core(Term.ATTENTION_CORE, self.heads, key_size, self.value_size),)

    @property
    def vectors(self) -> int:
        """Weights of the norms on the compressed query, and keys and values."""
        return (self.query_rank or 0) + self.key_value_rank
