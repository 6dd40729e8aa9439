"""The reader of MLPerf training logs: lines `:::MLLOG {json}`.

Keys after the compliance rules of MLPerf Training (github.com/mlcommons/training_policies and
github.com/mlcommons/logging). A block of training says in `first_epoch_num` and `epoch_count` which
samples it covers; of GPT-3 and later language models those count tokens, see `mlperf.units`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction

from declarant.compute.ledger import Method, Purpose
from declarant.compute.progress import Progress
from declarant.compute.readers.capacity import dense_capacity
from declarant.compute.readers.mlperf.events import Events, Run
from declarant.compute.readers.mlperf.findings import findings_of
from declarant.compute.readers.mlperf.units import Unit, evaluated, unit_of
from declarant.compute.readers.registry import Given, reader
from declarant.compute.readers.same_files import distinct
from declarant.compute.readers.source import Source
from declarant.compute.recording import Piece, Recording
from declarant.formats import Sample
from declarant.problems import bad_input
from declarant.quantities import Interval

VERSION = "mllog/1"


def _is_mllog(sample: Sample) -> bool:
    return b':::MLLOG {"' in sample.content


@reader("mllog", shows="MLPerf training log", suffixes=(".txt", ".log", ".out"), sniff=_is_mllog)
def read(sources: Sequence[Source], given: Given) -> Recording:
    """Read the events of a run; several files are outputs of ranks, or parts, of one log.

    Raises:
        BadInput: when the files hold no block of training and no count of samples.
    """
    events = Events()
    parts, copies = distinct(sources)
    for source in parts:
        events.read(source)
    run = events.run()
    unit = unit_of(run, given)
    if not run.blocks and run.stated is None:
        raise bad_input(
            "mllog.no_training",
            "holds no block of training and no number of samples.",
            mend="Name the log of the rank that prints block_start and block_stop.",
            file=sources[0].shown,
        )
    pieces = [_training(run, unit, given)]
    evaluation = _evaluation(run, unit)
    if evaluation is not None:
        pieces.append(evaluation)
    return Recording(
        "mllog",
        VERSION,
        Method.TRAINER_LOG,
        tuple(item for source in parts for item in source.evidence),
        tuple(pieces),
        Progress.of(run.marks(unit)),
        given.number_format,
        run.facts,
        (*copies, *findings_of(run, unit, given, pieces, parts)),
    )


def _training(run: Run, unit: Unit, given: Given) -> Piece:
    done = run.trained
    samples = tokens = None
    if done is not None:
        samples = unit.samples(done)
        tokens = unit.tokens(done)
    steps = None
    if samples is not None and run.batch and samples.best is not None:
        steps = round(samples.best / run.batch)
    span = run.training_milliseconds
    devices = run.devices or given.devices or run.ranks
    device = given.device or run.device
    seconds = None
    if span is not None and devices:
        seconds = Interval.exactly(Fraction(span, 1000) * devices, "time of the blocks of training")
    return Piece(
        "kept",
        None,
        _moment(run.started),
        _moment(run.stopped),
        steps,
        samples,
        tokens,
        device_seconds=seconds,
        devices=devices,
        device=device,
        capacity=dense_capacity(device, given.number_format, seconds),
        formula=f"{unit.words(done)}; time between block_start and block_stop",
        includes="work between run_start and run_stop; nothing of the checkpoint it starts from",
        run=run.name,
    )


def _evaluation(run: Run, unit: Unit) -> Piece | None:
    if not run.evaluations:
        return None
    samples, tokens = evaluated(run, unit)
    return Piece(
        "evaluation",
        Purpose.EVALUATION,
        samples=samples,
        tokens=tokens,
        formula=f"{run.evaluations} evaluations x eval_samples",
        includes="forward passes only",
        run=run.name,
    )


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
