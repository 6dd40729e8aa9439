"""From the Trainer's total_flos to tokens, and from tokens to operations in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from declarant.compute.architecture import Architecture, estimate
from declarant.compute.readers.hugging_face.file import State
from declarant.compute.readers.registry import Given
from declarant.problems import BadInput, Finding
from declarant.quantities import Interval

NEAR = Fraction(1, 100)
"""Two counts of tokens that differ by less agree; embeddings of positions make the rest."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What a state comes to.

    Attributes:
        tokens: positions seen, padding included; an interval where two counts disagree.
        from_operations: tokens that total_flos implies, None without a configuration.
        model: in closed form; None without a configuration.
        executed: the same with recomputation, as far as it is known.
        formula: how, with the values put in.
        notes: of the closed form.
    """

    tokens: Interval | None
    from_operations: int | None
    model: Interval | None
    executed: Interval | None
    formula: str
    notes: tuple[Finding, ...] = ()


def outside_embeddings(architecture: Architecture) -> int:
    """Return the parameters outside of look-up tables, as `num_parameters` counts them.

    A head that is tied to the embedding is in the table, and left out with it.
    """
    return sum(
        block.count * (sum(item.parameters for item in block.maps) + block.vectors)
        for block in architecture.blocks
        if not block.training_only
    )


def convert(state: State, given: Given) -> Converted:
    """Return tokens and operations of a state; never total_flos itself."""
    implied = None
    if given.architecture is not None and state.operations:
        implied = round(Fraction(state.operations, 6 * outside_embeddings(given.architecture)))
    tokens = _tokens(state.tokens_seen, implied)
    if given.architecture is None or tokens is None or tokens.high is None or tokens.low < 1:
        return Converted(tokens, implied, None, None, _formula(state, implied, None))
    try:
        bounds = [
            estimate(
                given.architecture,
                int(amount),
                sequence_length=given.sequence_length,
                recompute=given.recompute,
            )
            for amount in dict.fromkeys((tokens.low, tokens.high))
        ]
    except BadInput as refused:
        notes = tuple(
            Finding(item.code, item.what, item.where, item.mend, effect="no closed form")
            for item in refused.findings
        )
        return Converted(tokens, implied, None, None, _formula(state, implied, None), notes)
    least, most = bounds[0], bounds[-1]
    return Converted(
        tokens,
        implied,
        _spanning(least.model_operations, most.model_operations, tokens),
        _spanning(least.executed_operations, most.executed_operations, tokens),
        _formula(state, implied, least.formula),
        least.findings,
    )


def _tokens(seen: int | None, implied: int | None) -> Interval | None:
    if seen is None:
        return None if implied is None else Interval.exactly(implied, "from total_flos")
    if implied is None or abs(implied - seen) <= seen * NEAR:
        return Interval.exactly(seen, "num_input_tokens_seen")
    return Interval.between(
        min(seen, implied),
        max(seen, implied),
        None,
        "num_input_tokens_seen and total_flos disagree",
    )


def _spanning(least: Interval, most: Interval, tokens: Interval) -> Interval:
    if tokens.is_exact:
        return least
    return Interval.between(least.low, most.high, None, f"{tokens.reason}; {least.reason}")


def _formula(state: State, implied: int | None, closed: str | None) -> str:
    said = f"total_flos {state.operations} = 6 x tokens x parameters outside of embeddings"
    if implied is not None:
        said += f", so that tokens = {implied}"
    if state.tokens_seen is not None:
        said += f"; num_input_tokens_seen = {state.tokens_seen}"
    return f"{said}. {closed}" if closed else said
