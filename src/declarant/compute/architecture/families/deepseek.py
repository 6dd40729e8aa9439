"""DeepSeek-V2 and V3: latent attention, fine-grained experts, multi-token prediction."""

from __future__ import annotations

from declarant.compute.architecture.decoder import Inner, Layer, Vocabulary, decoder, layer_block
from declarant.compute.architecture.families.expert_decoders import check_chosen
from declarant.compute.architecture.families.gated_decoders import tied_or
from declarant.compute.architecture.families.registry import family
from declarant.compute.architecture.feed_forward import FeedForward
from declarant.compute.architecture.keys import Keys
from declarant.compute.architecture.latent_attention import LatentAttention
from declarant.compute.architecture.mixture_of_experts import MixtureOfExperts
from declarant.compute.architecture.parts import Architecture, Block, Map
from declarant.compute.architecture.terms import Term


@family("deepseek_v2", "deepseek_v3")
def read_deepseek(keys: Keys, name: str) -> Architecture:
    """Read a configuration of DeepSeek-V2 (arXiv:2405.04434) or V3 (arXiv:2412.19437)."""
    hidden = keys.whole("hidden_size")
    attention = LatentAttention(
        hidden,
        keys.whole("num_attention_heads"),
        keys.optional("q_lora_rank"),
        keys.whole("kv_lora_rank"),
        keys.whole("qk_nope_head_dim"),
        keys.whole("qk_rope_head_dim"),
        keys.whole("v_head_dim"),
    )
    inner = keys.whole("moe_intermediate_size")
    shared = keys.count("n_shared_experts")
    experts = MixtureOfExperts(
        hidden,
        keys.whole("n_routed_experts"),
        keys.whole("num_experts_per_tok"),
        inner,
        shared_inner=shared * inner,
        router_bias=name == "deepseek_v3",  # the correction of each expert's score
    )
    check_chosen(keys, experts)
    dense = FeedForward(
        hidden, keys.whole("intermediate_size"), gated=True, term=Term.DENSE_FEED_FORWARD
    )
    vectors = 2 * hidden + attention.vectors
    count = keys.layers("num_hidden_layers")
    dense_first = _dense_first(keys, name)
    every = keys.whole_or("moe_layer_freq", 1, "every later layer has experts")
    layers = [
        Layer(attention, _inner(number, dense_first, every, dense, experts), vectors)
        for number in range(count)
    ]
    vocabulary = Vocabulary(keys.whole("vocab_size"), tied_or(keys, False))
    predicted = keys.count("num_nextn_predict_layers")
    last = Layer(attention, experts, vectors)
    return decoder(
        keys,
        name,
        hidden,
        layers,
        vocabulary,
        final_norm=hidden,
        extra=(_prediction(last, hidden, vocabulary.size, predicted),) if predicted else (),
        look_up_is_active=False,
    )


def _dense_first(keys: Keys, name: str) -> int:
    """Return how many layers, from the first, are dense; 0 is a value of its own here."""
    key = "first_k_dense_replace"
    if name == "deepseek_v3" and not keys.has(key):
        return keys.whole_or(key, 3, "as the family has it")
    return keys.count(key)


def _inner(
    number: int, dense_first: int, every: int, dense: FeedForward, experts: MixtureOfExperts
) -> Inner:
    return experts if number >= dense_first and number % every == 0 else dense


def _prediction(layer: Layer, hidden: int, vocabulary: int, count: int) -> Block:
    """Return the modules that predict tokens further ahead; embedding and head are shared.

    Each joins two vectors by a map of width 2h to h, and has a layer and the head of its own
    (arXiv:2412.19437, section 2.2). They are trained, and left out of the model that is kept.
    """
    block = layer_block(layer, count)
    maps = (
        *block.maps,
        Map(Term.PREDICTION, 2 * hidden, hidden),
        Map(Term.PREDICTION, hidden, vocabulary, shared=True),
    )
    return Block(
        "multi-token prediction",
        count,
        maps,
        block.cores,
        vectors=layer.vectors + 3 * hidden,
        training_only=True,
    )
