"""The terms a model's operations are divided into, with the words people read."""

from __future__ import annotations

from enum import StrEnum


class Term(StrEnum):
    """One part of a forward pass; the value is its key in JSON."""

    QUERIES = "query_projection"
    KEYS_VALUES = "key_value_projection"
    OUTPUT = "output_projection"
    ATTENTION_CORE = "attention_core"
    WINDOWED_CORE = "windowed_attention_core"
    CROSS_ATTENTION = "cross_attention"
    FEED_FORWARD = "feed_forward"
    DENSE_FEED_FORWARD = "dense_layers_feed_forward"
    ROUTER = "router"
    EXPERTS = "experts"
    SHARED_EXPERTS = "shared_experts"
    PATCH_EMBEDDING = "patch_embedding"
    CONDITIONING = "conditioning"
    OUTPUT_HEAD = "output_head"
    PREDICTION = "multi_token_prediction"
    ADAPTERS = "adapters"
    TRAINED_WEIGHTS = "trained_weights"

    @property
    def words(self) -> str:
        """The term in the words of the field."""
        return _TITLES[self]


_TITLES = {
    Term.QUERIES: "queries",
    Term.KEYS_VALUES: "keys and values",
    Term.OUTPUT: "attention output",
    Term.ATTENTION_CORE: "attention core",
    Term.WINDOWED_CORE: "attention core, sliding window",
    Term.CROSS_ATTENTION: "cross-attention",
    Term.FEED_FORWARD: "feed-forward",
    Term.DENSE_FEED_FORWARD: "feed-forward of the dense layers",
    Term.ROUTER: "router",
    Term.EXPERTS: "experts",
    Term.SHARED_EXPERTS: "shared experts",
    Term.PATCH_EMBEDDING: "patch embedding",
    Term.CONDITIONING: "conditioning, once an image",
    Term.OUTPUT_HEAD: "output head",
    Term.PREDICTION: "multi-token prediction",
    Term.ADAPTERS: "adapters",
    Term.TRAINED_WEIGHTS: "gradients of the trained weights",
}
