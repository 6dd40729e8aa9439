"""The reader of `trainer_state.json`, which the Trainer of Hugging Face transformers saves.

`total_flos` is 6 x elements of the main input x parameters outside of embeddings
(`floating_point_ops` in transformers/modeling_utils.py): no attention, padding counted, all experts
of a mixture, the frozen weights of adapters as if they were trained.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from declarant.compute.ledger import Method
from declarant.compute.readers.capacity import dense_capacity
from declarant.compute.readers.hugging_face.convention import Converted, convert
from declarant.compute.readers.hugging_face.file import State, read_state
from declarant.compute.readers.hugging_face.findings import findings_of
from declarant.compute.readers.registry import Given, reader
from declarant.compute.readers.source import Source
from declarant.compute.recording import Piece, Recording
from declarant.formats import Sample
from declarant.quantities import Interval

VERSION = "trainer-state/1"


def _is_trainer_state(sample: Sample) -> bool:
    if not sample.head.lstrip("\ufeff \t\r\n").startswith("{"):
        return False
    found = [f'"{key}"' in sample.head for key in ("log_history", "global_step")]
    if all(found):
        return True
    # keys are sorted: of a long run the head ends within the history
    return found[0] and '"best_metric"' in sample.head and '"step"' in sample.head


@reader(
    "trainer-state", shows="trainer_state.json of transformers", suffixes=(".json",),
    sniff=_is_trainer_state,
)  # fmt: skip
def read(sources: Sequence[Source], given: Given) -> Recording:
    """Read the states of one run, each the later checkpoint of it, or a start from the beginning.

    Raises:
        BadInput: when a file is no such state, or is too large to be one.
    """
    states = [read_state(source) for source in sources]
    last, resets = _kept(states)
    results = [convert(state, given) for state in last]
    pieces = tuple(
        _piece("kept" if place == 0 else f"kept-{place + 1}", state, result, given)
        for place, (state, result) in enumerate(zip(last, results, strict=True))
    )
    return Recording(
        "trainer-state",
        VERSION,
        Method.TRAINER_LOG,
        tuple(item for source in sources for item in source.evidence),
        pieces,
        None,
        given.number_format,
        last[-1].facts,
        findings_of(last, results, resets, given),
    )


def _kept(states: Sequence[State]) -> tuple[list[State], list[tuple[State, State]]]:
    """Keep the last state of each count: a state whose counts fall began to count anew.

    An earlier checkpoint that is named after a later one (as a shell lists them) is no new count.
    """
    kept: list[State] = []
    resets: list[tuple[State, State]] = []
    for state in states:
        if not kept:
            kept.append(state)
        elif state.step >= kept[-1].step and state.operations >= kept[-1].operations:
            kept[-1] = state
        elif any(state.is_earlier_than(other) for other in kept):
            continue
        elif (state.step, state.operations) != (kept[-1].step, kept[-1].operations):
            resets.append((kept[-1], state))
            kept.append(state)
    return kept, resets


def _piece(name: str, state: State, result: Converted, given: Given) -> Piece:
    seconds = None
    if state.runtime is not None and given.devices:
        seconds = Interval.exactly(
            Fraction(state.runtime) * given.devices, "train_runtime of the last start"
        )
    return Piece(
        name,
        None,
        steps=state.step,
        tokens=result.tokens,
        model_operations=result.model,
        executed_operations=result.executed,
        device_seconds=seconds,
        devices=given.devices,
        device=given.device or "",
        capacity=dense_capacity(given.device, given.number_format, seconds),
        formula=result.formula,
        includes="training, padding included; no evaluation",
    )
