"""Decoders with mixtures of experts: mixtral, qwen2_moe, qwen3_moe, olmoe."""

from __future__ import annotations

from declarant.compute.architecture.customs import CUSTOMS
from declarant.compute.architecture.decoder import Inner, Layer, Vocabulary, decoder
from declarant.compute.architecture.families.gated_decoders import (
    norms_of,
    read_heads,
    tied_or,
)
from declarant.compute.architecture.families.registry import family
from declarant.compute.architecture.feed_forward import FeedForward
from declarant.compute.architecture.keys import Keys
from declarant.compute.architecture.mixture_of_experts import MixtureOfExperts
from declarant.compute.architecture.parts import Architecture
from declarant.compute.architecture.terms import Term
from declarant.compute.architecture.windows import windows
from declarant.problems import bad_input


@family("mixtral", "qwen2_moe", "qwen3_moe", "olmoe")
def read_expert_decoder(keys: Keys, name: str) -> Architecture:
    """Read a decoder whose layers have routed experts, some layers perhaps dense."""
    custom = CUSTOMS[name]
    heads = read_heads(keys, custom)
    vectors = norms_of(custom, heads)
    shared = keys.whole("shared_expert_intermediate_size") if name == "qwen2_moe" else 0
    experts = MixtureOfExperts(
        heads.hidden,
        keys.whole("num_local_experts", "num_experts"),
        keys.whole("num_experts_per_tok"),
        keys.whole("moe_intermediate_size", "intermediate_size"),
        shared_inner=shared,
        shared_gate=bool(shared),
    )
    check_chosen(keys, experts)
    dense = _dense_layers(keys, name)
    layers = [
        Layer(
            heads.attention(window), _inner(keys, heads.hidden, experts, number in dense), vectors
        )
        for number, window in enumerate(windows(keys, name, custom))
    ]
    return decoder(
        keys,
        name,
        heads.hidden,
        layers,
        Vocabulary(keys.whole("vocab_size"), tied_or(keys, custom.tied)),
        final_norm=heads.hidden,
    )


def check_chosen(keys: Keys, experts: MixtureOfExperts) -> None:
    """Refuse a mixture that chooses more experts than it has."""
    if experts.chosen > experts.experts:
        raise bad_input(
            "configuration.value",
            f"{experts.chosen} of {experts.experts} experts cannot be chosen.",
            mend="Take the model's own config.json.",
            file=keys.file,
            field="num_experts_per_tok",
        )


def _dense_layers(keys: Keys, name: str) -> frozenset[int]:
    if name not in ("qwen2_moe", "qwen3_moe"):
        return frozenset()
    step = keys.whole_or("decoder_sparse_step", 1, "every layer has experts")
    count = keys.layers("num_hidden_layers")
    skipped = {layer for layer in range(count) if (layer + 1) % step}
    return frozenset(skipped | set(keys.numbers("mlp_only_layers")))


def _inner(keys: Keys, hidden: int, experts: MixtureOfExperts, dense: bool) -> Inner:
    if not dense:
        return experts
    inner = keys.whole("intermediate_size")
    return FeedForward(hidden, inner, gated=True, term=Term.DENSE_FEED_FORWARD)
