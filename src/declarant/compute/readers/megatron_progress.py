"""The reader of `progress.txt`, which Megatron-LM keeps beside its checkpoints (--log-progress).

Fields are parted by tabs, as `append_to_progress_log` in megatron/training/training.py writes them:
time, `Job ID: ...`, `# GPUs: ...`, and then `Starting job`, or `Saved checkpoint` with iteration,
throughputs, and running totals of operations (three digits) and tokens. The totals are read back
from the checkpoint on a restart, so that steps lost in a crash leave no trace in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from fractions import Fraction

from declarant.compute.ledger import Method, Purpose
from declarant.compute.progress import Progress
from declarant.compute.readers.capacity import dense_capacity
from declarant.compute.readers.megatron.progress_findings import findings_of
from declarant.compute.readers.megatron.progress_history import History, Unseen
from declarant.compute.readers.megatron.progress_lines import is_progress_line, saved
from declarant.compute.readers.megatron.progress_totals import converted, rounded
from declarant.compute.readers.registry import Given, reader
from declarant.compute.readers.same_files import distinct
from declarant.compute.readers.source import Source
from declarant.compute.recording import Piece, Recording
from declarant.formats import Sample
from declarant.problems import bad_input
from declarant.quantities import Interval

VERSION = "megatron-progress/1"


def _is_progress(sample: Sample) -> bool:
    lines = sample.content[:1_000_000].split(b"\n", 20)
    return any(is_progress_line(line) for line in lines)


@reader(
    "megatron-progress", shows="progress.txt of Megatron-LM", suffixes=(".txt",), sniff=_is_progress
)
def read(sources: Sequence[Source], given: Given) -> Recording:
    """Read the checkpoints of a run in the order of the files.

    Raises:
        BadInput: when no saved checkpoint with its running total can be read.
    """
    history = History()
    parts, copies = distinct(sources)
    for source in parts:
        for number, line in source.lines():
            if is_progress_line(line):
                history.take(saved(line, source.shown, number, given.zone or UTC))
            elif line.strip():
                history.damaged.append((source.shown, number))
                del history.damaged[1000:]
    if history.last is None:
        raise bad_input(
            "megatron_progress.no_checkpoint",
            "no saved checkpoint with its running total of operations can be read.",
            mend="Name the progress.txt of a run that has saved a checkpoint.",
            file=sources[0].shown,
        )
    pieces = _pieces(history, given)
    return Recording(
        "megatron-progress",
        VERSION,
        Method.TRAINER_LOG,
        tuple(item for source in parts for item in source.evidence),
        pieces,
        Progress.of(history.marks()),
        given.number_format,
        (("jobs", str(len(history.jobs))), ("checkpoints", str(history.checkpoints))),
        (*copies, *findings_of(history, pieces, given, parts)),
    )


def _pieces(history: History, given: Given) -> tuple[Piece, ...]:
    kept = history.kept()
    tokens = history.tokens()
    model, executed = converted(kept, tokens, history.last_moment, given)
    seconds = history.device_seconds()
    last = history.last
    pieces = [
        Piece(
            "kept",
            None,
            history.first_moment,
            history.last_moment,
            None if last is None else history.steps(),
            tokens=tokens,
            model_operations=model,
            executed_operations=executed,
            device_seconds=seconds,
            devices=history.most_devices,
            device=given.device or "",
            capacity=dense_capacity(given.device, given.number_format, seconds),
            formula="the trainer's running total at the last checkpoint, attention halved (causal)",
            includes="training up to the last checkpoint; nothing that a crash undid",
        )
    ]
    for place, (more, fewer) in enumerate(history.lost, 1):
        again = _difference(rounded(more.operations), rounded(fewer.operations))
        count = _difference(more.token_interval, fewer.token_interval)
        lost, done = converted(again, count, history.last_moment, given)
        pieces.append(
            Piece(
                f"lost-{place}",
                Purpose.LOST_STEPS,
                steps=max(0, more.iteration - fewer.iteration),
                tokens=count,
                model_operations=lost,
                executed_operations=done,
                devices=more.devices,
                formula=f"running total at iteration {more.iteration} less that at "
                f"{fewer.iteration}",
                includes="checkpoints that a later job did not go on from",
            )
        )
    unseen = _unseen(history.unseen, history, given)
    return (*pieces, unseen) if unseen is not None else tuple(pieces)


def _unseen(unseen: Sequence[Unseen], history: History, given: Given) -> Piece | None:
    most = sum((item.most for item in unseen), Fraction(0))
    if not most:
        return None
    model, executed = converted(
        Interval.between(0, most, None, "what a job did after its last checkpoint is not written"),
        None,
        history.last_moment,
        given,
        upper=True,
    )
    return Piece(
        "lost-unseen",
        Purpose.LOST_STEPS,
        model_operations=model,
        executed_operations=executed,
        formula="at most one checkpoint's worth of work, or the time to the next start, at each "
        f"of {len(unseen)} restarts",
        includes="steps after a checkpoint that a restart undid; the file does not show them",
    )


def _difference(more: Interval | None, less: Interval | None) -> Interval | None:
    if more is None or less is None or more.high is None or less.high is None:
        return None
    best = None
    if more.best is not None and less.best is not None:
        best = max(Fraction(0), more.best - less.best)
    low = max(Fraction(0), more.low - less.high)
    high = max(low, more.high - less.low)
    if best is not None:
        best = min(max(best, low), high)
    return Interval.between(low, high, best, "totals in the file have three digits")
