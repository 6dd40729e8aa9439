"""What is to be known about a trainer_state.json, each with what it does to the total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from declarant.compute.architecture import active_parameters, total_parameters
from declarant.compute.readers.hugging_face.convention import NEAR, Converted
from declarant.compute.readers.hugging_face.file import State
from declarant.compute.readers.registry import Given
from declarant.compute.readers.shares import share_of
from declarant.problems import Finding, Place, Severity
from declarant.quantities import show_interval, show_operations


def findings_of(
    states: Sequence[State],
    results: Sequence[Converted],
    resets: Sequence[tuple[State, State]],
    given: Given,
) -> tuple[Finding, ...]:
    """Return every finding about the states of a run."""
    found: list[Finding] = []
    for state, result in zip(states, results, strict=True):
        where = Place(state.file)
        found += _convention(state, result, given, where)
        found += _tokens(state, result, where)
        found += _experts(given, where)
        found += _went_back(state, where)
        found += result.notes
    found += _resets(resets)
    return tuple(dict.fromkeys(found))


def _convention(state: State, result: Converted, given: Given, where: Place) -> Iterator[Finding]:
    printed = show_operations(state.operations)
    place = Place(where.file, field="total_flos")
    if not state.operations:
        yield Finding(
            "trainer_state.no_total",
            "total_flos is 0: the model's main input was not found, or nothing was trained.",
            place,
            "Enable include_num_input_tokens_seen next time; give tokens from elsewhere now.",
            effect="operations are not known from this file"
            if result.model is None
            else "operations rest on num_input_tokens_seen alone",
        )
    elif result.model is not None:
        yield Finding(
            "trainer_state.convention",
            "total_flos counts no attention, counts padding, and takes every parameter as trained "
            "and active.",
            place,
            "For adapters, or where only a part was trained, count with "
            "`declarant estimate --trained-parameters`.",
            Severity.NOTE,
            effect=f"{printed} as written; in closed form over its tokens, model operations are "
            f"{show_interval(result.model)}",
        )
    else:
        yield Finding(
            "trainer_state.not_converted",
            "total_flos counts no attention, counts padding, and takes every parameter as trained "
            "and active; without the model it cannot be converted.",
            place,
            "Give the model's configuration.",
            effect=f"operations are not known. For a dense model trained in full, model operations "
            f"are {printed} and attention more; for adapters from two thirds of it; for a mixture "
            "of experts far less, by its active share",
        )
    if given.sequence_length is None and result.model is not None:
        yield Finding(
            "trainer_state.sequence_length",
            "the file does not say how long the sequences were.",
            where,
            "Give the sequence length.",
            effect="the attention core is counted at the length the configuration names",
        )


def _tokens(state: State, result: Converted, where: Place) -> Iterator[Finding]:
    seen, implied = state.tokens_seen, result.from_operations
    if seen is None:
        yield Finding(
            "trainer_state.tokens_not_counted",
            "num_input_tokens_seen is 0: counting was not enabled, which does not mean that no "
            "tokens were seen.",
            Place(where.file, field="num_input_tokens_seen"),
            "Set include_num_input_tokens_seen in the training arguments next time.",
            Severity.NOTE,
            effect="tokens are taken from total_flos"
            if implied is not None
            else "tokens are not known",
        )
    elif implied is not None and abs(implied - seen) > seen * NEAR:
        yield Finding(
            "trainer_state.tokens_disagree",
            f"num_input_tokens_seen is {seen}, and total_flos implies {implied}.",
            Place(where.file, field="num_input_tokens_seen"),
            "Check the configuration; adapters, experts, quantised weights and another main input "
            "all change it.",
            effect=f"tokens differ by {share_of(abs(implied - seen), seen)}; the interval holds "
            "both",
        )


def _experts(given: Given, where: Place) -> Iterator[Finding]:
    if given.architecture is None:
        return
    total, active = total_parameters(given.architecture), active_parameters(given.architecture)
    if active * 100 < total * 95:
        yield Finding(
            "trainer_state.experts",
            "total_flos counts every expert of the mixture, and a token passes through some only.",
            where,
            severity=Severity.NOTE,
            effect=f"{active} of {total} parameters are active "
            f"({share_of(active, total)}); the closed form counts those",
        )


def _went_back(state: State, where: Place) -> Iterator[Finding]:
    for before, after in state.went_back[:20]:
        yield Finding(
            "trainer_state.went_back",
            f"the history goes back from step {before} to {after}: training was resumed from an "
            "earlier checkpoint.",
            Place(where.file, field="log_history"),
            "Look at the output of the job that ended; steps after its checkpoint were lost.",
            effect=f"{before - after} steps or more were done twice "
            f"({share_of(before - after, state.step)}); total_flos is read back from the "
            "checkpoint and leaves the lost ones out",
        )


def _resets(resets: Sequence[tuple[State, State]]) -> Iterator[Finding]:
    for before, after in resets:
        yield Finding(
            "trainer_state.counts_restarted",
            f"{after.file} counts {after.step} steps, and {before.file} before it {before.step}: "
            "the counts began anew.",
            Place(after.file),
            "Name the files in the order of training, the last state of each start; leave out "
            "those of the same start.",
            effect=f"both are added: {show_operations(before.operations)} and "
            f"{show_operations(after.operations)} by the trainer's convention",
        )
