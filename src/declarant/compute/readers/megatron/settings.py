"""The arguments that Megatron-LM prints when it starts, and what else is known of a run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from declarant.compute.architecture import Term, estimate
from declarant.compute.readers.registry import Given
from declarant.problems import BadInput

_ARGUMENT = re.compile(rb"(?:^|[ \]:])([a-z][a-z0-9_]{1,60}) \.{2,} (\S.{0,200})$", re.ASCII)
_WORLD = re.compile(rb"using world size: (\d{1,9})(?=[,. ]|$)", re.ASCII)
_WANTED = frozenset(
    {
        "world_size", "seq_length", "num_layers", "hidden_size", "ffn_hidden_size",
        "num_attention_heads", "kv_channels", "group_query_attention", "num_query_groups",
        "padded_vocab_size", "swiglu", "num_experts", "multi_latent_attention",
        "hybrid_override_pattern", "hybrid_attention_ratio", "is_hybrid_model", "mtp_num_layers",
        "recompute_granularity", "checkpoint_activations", "bf16", "fp16", "fp8", "fp4",
        "log_interval", "eval_iters", "global_batch_size", "train_iters", "finetune",
        "transformer_impl", "encoder_num_layers", "decoder_num_layers",
    }
)  # fmt: skip
_LARGEST = 10**12


@dataclass(frozen=True, slots=True)
class Settings:
    """What lines of one start of the trainer have in common; None where it is not known.

    Attributes:
        devices: the world size.
        sequence_length: tokens in a sample.
        recompute: "none", "selective", "full" or "unknown".
        number_format: of the matrix arithmetic.
        log_interval: iterations between lines.
        batch: samples in an iteration, as an argument.
        evaluated: iterations in one evaluation.
        half_core: operations of causal attention in training on one token (half of the core).
        head: operations of the output head in training on one token.
        printed_full: operations of one sample by the trainer's formula with attention in full,
            for dense models only.
        attention: how the throughput counts attention: "full", "half" or "unknown".
        kind: of throughput, see `lines`.
        finetune: the iteration is set to 0 when a checkpoint is loaded.
    """

    devices: int | None = None
    sequence_length: int | None = None
    recompute: str = "unknown"
    number_format: str | None = None
    log_interval: int | None = None
    batch: int | None = None
    evaluated: int | None = None
    half_core: int | None = None
    head: int | None = None
    printed_full: Fraction | None = None
    attention: str = "unknown"
    kind: int = 0
    finetune: bool = False

    def of_line(self, attention: str, kind: int) -> Settings:
        """Return the settings for lines whose throughput is of this convention."""
        return replace(self, attention=attention, kind=kind)


class Arguments:
    """Collects the arguments as their lines come; a new start replaces what it names again."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._held: dict[str, str] = {}

    def take(self, line: bytes) -> bool:
        """Read a line; return whether it was an argument of interest, or named the world size."""
        found = _ARGUMENT.search(line)
        if found is not None:
            name = found[1].decode()
            if name not in _WANTED:
                return False
            self._held[name] = found[2].decode("utf-8", "replace").strip()
            return True
        world = _WORLD.search(line)
        if world is not None:
            self._held["world_size"] = world[1].decode()
        return world is not None

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The arguments that matter here, as last printed."""
        return tuple(sorted(self._held.items()))

    def whole(self, name: str) -> int | None:
        """Return an argument that is a number from 1 on; None when it is not one."""
        text = self._held.get(name, "")
        if not (text.isascii() and text.isdigit() and len(text) <= 12):
            return None
        return int(text) if 1 <= int(text) <= _LARGEST else None

    def settings(self) -> Settings:
        """Return what is known now: the log's own word first, then what was given."""
        given = self._given
        length = self.whole("seq_length") or given.sequence_length
        half_core, head = self._shares(length)
        return Settings(
            devices=self.whole("world_size") or given.devices,
            sequence_length=length,
            recompute=self._recompute(),
            number_format=self._number_format() or given.number_format,
            log_interval=self.whole("log_interval"),
            batch=self.whole("global_batch_size"),
            evaluated=self.whole("eval_iters"),
            half_core=half_core,
            head=head,
            printed_full=self._printed(length),
            finetune=self._held.get("finetune") == "True",
        )

    def _recompute(self) -> str:
        said = self._held.get("recompute_granularity")
        older = self._held.get("checkpoint_activations")
        if said in ("full", "selective"):
            return said
        if older == "True":
            return "full"
        if said == "None" or older == "False":
            return "none"
        return self._given.recompute.value

    def _number_format(self) -> str | None:
        for name, none in (("fp4", ("None", "False")), ("fp8", ("None", "False"))):
            if self._held.get(name, "None") not in none:
                return name
        return next((name for name in ("bf16", "fp16") if self._held.get(name) == "True"), None)

    def _shares(self, length: int | None) -> tuple[int | None, int | None]:
        """Return the operations of half the attention core and of the head, for one token."""
        layers, hidden = self.whole("num_layers"), self.whole("hidden_size")
        if length and layers and hidden and not self._is_special():
            vocabulary = self.whole("padded_vocab_size")
            return (
                6 * layers * length * (self._query_width() or hidden),
                6 * hidden * vocabulary if vocabulary else None,
            )
        core, rest = self._closed_form(length)
        head = rest.get(Term.OUTPUT_HEAD)
        if core is None or not length:
            return None, None
        return core // length, None if head is None else head // length

    def _closed_form(self, length: int | None) -> tuple[int | None, Mapping[Term, int]]:
        """Return half the core and all terms for one sample of the given model, if they are told.

        None where attention is not of one kind in all layers.
        """
        architecture = self._given.architecture
        if architecture is None or not length:
            return None, {}
        try:
            terms = estimate(architecture, length, sequence_length=length).terms
        except BadInput:
            return None, {}
        if Term.WINDOWED_CORE in terms or Term.CROSS_ATTENTION in terms:
            return None, {}
        return terms.get(Term.ATTENTION_CORE), terms

    def _query_width(self) -> int | None:
        heads, width = self.whole("num_attention_heads"), self.whole("kv_channels")
        return heads * width if heads and width else None

    def _is_special(self) -> bool:
        """Whether layers are not all alike, or attention is of another kind."""
        return (
            self._held.get("multi_latent_attention", "False") != "False"
            or self._held.get("hybrid_override_pattern", "None") != "None"
            or self._held.get("is_hybrid_model", "False") != "False"
            or self._held.get("mtp_num_layers", "None") not in ("None", "0")
        )

    def _printed(self, length: int | None) -> Fraction | None:
        """Return the operations of one sample as the trainer's formula has them, attention in full.

        `num_floating_point_operations` of Megatron-LM, for dense models: 12 s L h^2 times
        (1 + g / n + s / h) x query width / h + (f / h) x (3/2 when gated) + V / (2 L h). Where
        the log does not print the arguments, the closed form of the model that is given.
        """
        layers, hidden = self.whole("num_layers"), self.whole("hidden_size")
        heads, vocabulary = self.whole("num_attention_heads"), self.whole("padded_vocab_size")
        inner = self.whole("ffn_hidden_size")
        if not (layers and hidden and heads and vocabulary and inner and length):
            core, terms = self._closed_form(length)
            return None if core is None else Fraction(sum(terms.values()) + core)
        if self._is_special() or self._held.get("num_experts", "None") != "None":
            return None
        groups = heads
        if self._held.get("group_query_attention") == "True":
            groups = self.whole("num_query_groups") or heads
        gate = Fraction(3, 2) if self._held.get("swiglu") == "True" else Fraction(1)
        width = Fraction(self._query_width() or hidden, hidden)
        attention = (1 + Fraction(groups, heads) + Fraction(length, hidden)) * width
        whole = attention + Fraction(inner, hidden) * gate
        whole += Fraction(vocabulary, 2 * layers * hidden)
        return 12 * length * layers * hidden**2 * whole
