"""The operations of training a model, in closed form: what is counted, how, and how surely.

Per token and layer a forward pass costs two operations for each weight of a linear map and, in the
attention core, two for each element of queries times keys and of weights times values. Training
costs three times a forward pass: forward, gradient of activations, gradient of weights. Full
recomputation of activations adds one more forward pass to the executed operations only.

Sources: Kaplan et al. 2020, arXiv:2001.08361; Narayanan et al. 2021, arXiv:2104.04473, section 5.1;
Korthikanti et al. 2022, arXiv:2205.05198, appendix A.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from declarant.compute.architecture.explanation import explained
from declarant.compute.architecture.keys import LARGEST
from declarant.compute.architecture.operations import Forward, Work, forward
from declarant.compute.architecture.parameters import active_parameters, total_parameters
from declarant.compute.architecture.parts import Architecture
from declarant.compute.architecture.terms import Term
from declarant.compute.short_form import short_form
from declarant.problems import Finding, Place, Severity, bad_input
from declarant.quantities import Interval

FORMULA_VERSION = "closed-form/1"
UNCOUNTED = Fraction(1, 200)
"""Look-ups, norms, activations, softmax, loss and optimizer together: under 0.5 % of the rest."""


MOST_TOKENS = 10**30
"""No text, image or sound on Earth comes near; what is larger is a slip of the pen."""


class Recompute(StrEnum):
    """Whether activations were computed again in the backward pass, to save memory."""

    NONE = "none"
    FULL = "full"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What training uses.

    Attributes:
        parameters_total: of the model that is kept.
        parameters_active: that a token passes through in training.
        short_form: 6 x active parameters x tokens.
        model_operations: what the mathematics needs. Best: the closed form, causal attention
            halved. Low: documents packed in one sequence and masked from each other leave less of
            the attention core, at the least none. High: the core in full, as frameworks count it,
            and what is not counted.
        executed_operations: with recomputation; the best value is unknown when that is.
        terms: the closed form by term; they add up to the best model operations.
        sequence_length: that was used, and `sequence_from` says where it came from.
        formula: the calculation with its values.
        explanations: each term's forward operations for one token, with the numbers put in.
    """

    parameters_total: int
    parameters_active: int
    short_form: int
    model_operations: Interval
    executed_operations: Interval
    terms: Mapping[Term, int]
    sequence_length: int
    sequence_from: str
    formula: str
    findings: tuple[Finding, ...]
    formula_version: str = FORMULA_VERSION
    explanations: Mapping[Term, str] = field(default_factory=dict)


def estimate(
    architecture: Architecture,
    tokens: int,
    *,
    sequence_length: int | None = None,
    encoder_length: int | None = None,
    recompute: Recompute = Recompute.NONE,
    trained_parameters: int | None = None,
) -> Estimate:
    """Return the operations of training on `tokens` tokens.

    Args:
        architecture: the model.
        tokens: positions of the main sequence seen in training, padding included.
        sequence_length: of the main sequence; taken from the configuration when None.
        encoder_length: of the encoder's sequence for each main one; as long as that when None.
        recompute: whether activations were recomputed.
        trained_parameters: for adapters (LoRA), the parameters that are trained, of which the
            gradient of weights is taken; None trains all.

    Raises:
        BadInput: when tokens, lengths or trained parameters are out of bounds, or no sequence
            length is known.
    """
    total, active = total_parameters(architecture), active_parameters(architecture)
    _within("tokens", tokens, MOST_TOKENS)
    _within("trained parameters", trained_parameters, total)
    length, came_from, notes = _sequence_length(architecture, sequence_length)
    encoder, noted = _encoder_length(architecture, encoder_length, length)
    work = Work(tokens, length, encoder)
    passed = forward(architecture, work)
    terms = _training_terms(passed, tokens, trained_parameters)
    best = sum(terms.values())
    cores = _whole(sum(passed.cores.values(), Fraction(0)) * 3)
    full = _whole(sum(passed.full.values(), Fraction(0)) * 3)
    low = best if architecture.whole_sequences else best - cores
    high = best - cores + full
    model = Interval.between(
        low,
        high + high * UNCOUNTED,
        best,
        "attention between documents, masked or not, and what is not counted (0.5 %)",
    )
    return Estimate(
        parameters_total=total,
        parameters_active=active,
        short_form=short_form(active, tokens),
        model_operations=model,
        executed_operations=_executed(model, passed, recompute),
        terms=terms,
        sequence_length=length,
        sequence_from=came_from,
        formula=_formula(tokens, length, encoder, active, trained_parameters, recompute),
        findings=(*architecture.findings, *notes, *noted),
        explanations={**explained(architecture, work), **_trained(trained_parameters)},
    )


def adapter_parameters(architecture: Architecture, rank: int) -> int:
    """Return the parameters of low-rank adapters on every projection of attention.

    A map of shape (a, b) gets two of shape (a, rank) and (rank, b); Hu et al. 2021,
    arXiv:2106.09685.
    """
    adapted = (Term.QUERIES, Term.KEYS_VALUES, Term.OUTPUT)
    return sum(
        block.count * item.held * rank * (item.inputs + item.outputs)
        for block in architecture.blocks
        for item in block.maps
        if item.term in adapted
    )


def _training_terms(passed: Forward, tokens: int, trained: int | None) -> dict[Term, int]:
    """Return the operations of training by term; every term is a whole number."""
    times = 3 if trained is None else 2  # without the gradient of frozen weights
    terms = {term: _whole(amount * times) for term, amount in passed.maps.items()}
    for term, amount in passed.cores.items():  # a core has two inputs and no weights
        terms[term] = terms.get(term, 0) + _whole(amount * 3)
    if trained is not None:
        terms[Term.ADAPTERS] = 4 * trained * tokens  # forward, and gradient of activations
        terms[Term.TRAINED_WEIGHTS] = 2 * trained * tokens
    return terms


def _trained(trained: int | None) -> dict[Term, str]:
    if trained is None:
        return {}
    return {
        Term.ADAPTERS: f"2 x {trained}, as much for the gradient of activations",
        Term.TRAINED_WEIGHTS: f"none; 2 x {trained} for the gradient of weights",
    }


def _executed(model: Interval, passed: Forward, recompute: Recompute) -> Interval:
    if recompute is Recompute.NONE:
        return model
    maps = sum(passed.maps.values(), Fraction(0))
    once = sum(passed.cores.values(), Fraction(0))
    full = sum(passed.full.values(), Fraction(0))
    again = Interval.between(
        _whole(maps if model.low < (model.best or 0) else maps + once),
        _whole((maps + full) * (1 + UNCOUNTED)),
        _whole(maps + once),
        "one more forward pass",
    )
    if recompute is Recompute.FULL:
        return model + again
    return Interval.between(
        model.low,
        (model + again).high,
        reason=f"{model.reason}; whether activations were recomputed is not known",
    )


def _sequence_length(
    architecture: Architecture, given: int | None
) -> tuple[int, str, tuple[Finding, ...]]:
    context = architecture.context
    if given is not None:
        _within("sequence length", given, LARGEST)
        return given, "given", ()
    if context.trained is not None:
        return context.trained, context.trained_key, ()
    if context.longest is None:
        raise bad_input(
            "estimate.sequence_length",
            "no sequence length is given, and the configuration names none.",
            mend="Give --sequence-length, the length in tokens that the model was trained at.",
            file=architecture.file,
        )
    note = Finding(
        "estimate.sequence_length_assumed",
        f"the sequence length is taken from {context.longest_key!r}: {context.longest}.",
        Place(architecture.file, field=context.longest_key),
        "Give the length most tokens were trained at; longest and trained length may differ.",
        Severity.NOTE,
        effect="the attention core grows with it",
    )
    return context.longest, context.longest_key, (note,)


def _encoder_length(
    architecture: Architecture, given: int | None, length: int
) -> tuple[int, tuple[Finding, ...]]:
    if not architecture.has_encoder:
        return 0, ()
    if given is not None:
        _within("encoder length", given, LARGEST)
        return given, ()
    note = Finding(
        "estimate.encoder_length_assumed",
        f"the encoder's sequences are taken to be as long as the decoder's: {length}.",
        Place(architecture.file),
        "Give --encoder-length.",
        Severity.NOTE,
        effect="the encoder's share of the operations grows with it",
    )
    return length, (note,)


def _within(name: str, amount: int | None, most: int) -> None:
    if amount is not None and not 1 <= amount <= most:
        shown = str(amount) if abs(amount) <= MOST_TOKENS else "a number beyond all bounds"
        raise bad_input(
            f"estimate.{name.replace(' ', '_')}",
            f"{name}: {shown} does not lie between 1 and {most}.",
            mend="Correct the number.",
        )


def _formula(
    tokens: int,
    length: int,
    encoder: int,
    active: int,
    trained: int | None,
    recompute: Recompute,
) -> str:
    passes = "3 x forward" if trained is None else "2 x forward + 3 x attention core + adapters"
    executed = {
        Recompute.NONE: "executed = model (no recomputation)",
        Recompute.FULL: "executed = model + 1 x forward (full recomputation)",
        Recompute.UNKNOWN: "executed: recomputation not known",
    }[recompute]
    lengths = f"sequences of {length}" + (f" and {encoder} in the encoder" if encoder else "")
    return (
        f"model = {passes} over {tokens} tokens in {lengths}; forward = 2 x weights of each linear "
        f"map + attention core, halved when causal; {active} active parameters; {executed}. Not "
        "counted: look-ups, norms, activations, softmax, loss, optimizer (under 0.5 %)."
    )


def _whole(amount: Fraction) -> int:
    return round(amount)
