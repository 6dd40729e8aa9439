"""What is to be known about a progress.txt, each with what it does to the total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from declarant.compute.readers.megatron.progress_history import History
from declarant.compute.readers.megatron.progress_totals import attention
from declarant.compute.readers.registry import Given
from declarant.compute.readers.shares import operations_of
from declarant.compute.readers.source import Source
from declarant.compute.recording import Piece
from declarant.problems import Finding, Place, Severity
from declarant.quantities import show_interval, show_operations


def findings_of(
    history: History, pieces: Sequence[Piece], given: Given, sources: Sequence[Source]
) -> tuple[Finding, ...]:
    """Return every finding about the file."""
    return (
        *_lost(history, pieces),
        *_unseen(history),
        *_resets(history),
        *_convention(history, pieces[0], given, sources),
        *_rounding(history, sources),
        *_zone(given, sources),
        *_devices(history),
        *_damaged(history),
    )


def _lost(history: History, pieces: Sequence[Piece]) -> Iterator[Finding]:
    lost = [piece for piece in pieces if piece.id.startswith("lost-") and piece.steps is not None]
    for piece, (more, fewer) in zip(lost, history.lost, strict=False):
        amount = piece.model_operations
        yield Finding(
            "megatron_progress.went_back",
            f"checkpoints up to iteration {more.iteration} were saved, and a later job went on "
            f"from {fewer.iteration} or after.",
            Place(more.file, more.line),
            "Count lost steps where the law counts what was executed.",
            effect=f"{operations_of(amount, history.kept())} lost, kept apart"
            if amount is not None
            else "lost steps of an unknown amount",
        )


def _unseen(history: History) -> Iterator[Finding]:
    for item in history.unseen[:20]:
        if item.most:
            yield Finding(
                "megatron_progress.unseen_steps",
                f"job {item.entry.job or '(no number)'} started from a checkpoint: what the job "
                "before had done since then is not in the running total, which is read back.",
                Place(item.entry.file, item.entry.line),
                "Take the scheduler's times, or the log itself.",
                effect=f"up to {operations_of(item.most, history.kept())} executed and lost, at "
                f"most {item.by}",
            )


def _resets(history: History) -> Iterator[Finding]:
    for last, entry in history.resets[:20]:
        yield Finding(
            "megatron_progress.total_restarted",
            f"the running total falls from {show_operations(last.total)} to "
            f"{show_operations(entry.total)}: a conversion of the checkpoint set it back.",
            Place(entry.file, entry.line),
            "Confirm that training went on from those weights.",
            effect=f"{operations_of(last.total, history.kept())} before it are added to the last "
            "running total, which leaves them out",
        )


def _convention(
    history: History, kept: Piece, given: Given, sources: Sequence[Source]
) -> Iterator[Finding]:
    how, core = attention(history.kept(), history.tokens(), history.last_moment, given)
    model = kept.model_operations
    shown = "not known" if model is None else show_interval(model)
    if how == "half":
        return
    known = (
        "the running total counts attention in full, as Megatron-LM did until 6 March 2025."
        if how == "full"
        else "whether the running total counts attention in full (Megatron-LM until 6 March 2025) "
        "or halved is not known: the file names no version."
    )
    yield Finding(
        "megatron_progress.attention_in_full"
        if how == "full"
        else "megatron_progress.version_unknown",
        known,
        Place(sources[0].shown),
        "" if core is not None else "Give the model's configuration and sequence length.",
        Severity.NOTE if how == "full" and core is not None else Severity.WARNING,
        effect=f"the total is {show_operations(history.kept().best)} as printed; with causal "
        f"attention, model operations are {shown}",
    )


def _rounding(history: History, sources: Sequence[Source]) -> Iterator[Finding]:
    kept = history.kept()
    if kept.best and kept.high is not None:
        off = (kept.high - kept.low) / 2
        yield Finding(
            "megatron_progress.rounded",
            "running totals have three digits.",
            Place(sources[0].shown),
            severity=Severity.NOTE,
            effect=f"the total may be off by {operations_of(off, kept)} either way",
        )


def _zone(given: Given, sources: Sequence[Source]) -> Iterator[Finding]:
    if given.zone is None:
        yield Finding(
            "megatron_progress.times_without_zone",
            "the times name no zone.",
            Place(sources[0].shown),
            "Give the zone of the machines.",
            Severity.NOTE,
            effect="taken as UTC, they may be off by up to 14 hours; no amount depends on it",
        )


def _devices(history: History) -> Iterator[Finding]:
    changes = [(a, b) for a, b in pairwise(history.jobs) if a.devices != b.devices]
    for before, after in changes[:20]:
        yield Finding(
            "megatron_progress.devices_changed",
            f"job {after.id or '(no number)'} has {after.devices} devices, the job before "
            f"{before.devices}.",
            Place(after.first_line.file, after.first_line.line),
            severity=Severity.NOTE,
            effect="none on the running total",
        )


def _damaged(history: History) -> Iterator[Finding]:
    if history.damaged:
        yield Finding(
            "megatron_progress.damaged_lines",
            f"{len(history.damaged)} lines or more cannot be read.",
            Place(*history.damaged[0]),
            "Look at the line; two jobs may have written at once.",
            effect="none, unless the last checkpoint stands in one: the running total goes on",
        )
