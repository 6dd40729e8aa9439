"""What is to be known about a Megatron-LM log, each with what it does to the total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from declarant.compute.readers.megatron.convention import Amounts
from declarant.compute.readers.megatron.lines import RECOMPUTING, TOTAL
from declarant.compute.readers.megatron.plausibility import plausibility
from declarant.compute.readers.megatron.restarts import restart_finding
from declarant.compute.readers.megatron.settings import Settings
from declarant.compute.readers.megatron.work import Work
from declarant.compute.readers.registry import Given
from declarant.compute.readers.shares import in_brackets, share_of
from declarant.compute.readers.source import Source
from declarant.problems import NOWHERE, Finding, Place, Severity
from declarant.quantities import Interval, show_interval, show_operations


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read of a log, for its findings."""

    work: Work
    kept: Amounts
    lost: list[Amounts]
    given: Given
    settings: Settings
    worlds: list[tuple[int, int | None, str, int]]
    is_dated: bool
    evaluations: int
    has_evaluation: bool
    times_back: tuple[str, int] | None


def findings_of(outcome: Outcome, sources: Sequence[Source]) -> tuple[Finding, ...]:
    """Return every finding about a log, the most weighty first."""
    lost = iter(outcome.lost)
    interval = _interval(outcome)
    events = (restart_finding(item, outcome.kept, interval, lost) for item in outcome.work.events)
    return (
        *_unknown(outcome),
        *events,
        *_convention(outcome),
        *plausibility(outcome.kept, outcome.given, outcome.settings.number_format),
        *_begins_late(outcome),
        *_missing_lines(outcome),
        *_idle_steps(outcome),
        *_passed_over(outcome),
        *_devices(outcome),
        *_evaluations(outcome),
        *_times(outcome),
        *_cut(sources),
    )


def _unknown(outcome: Outcome) -> Iterator[Finding]:
    settings, kept = outcome.settings, outcome.kept
    if kept.model is None:
        if not any(stretch.figured for stretch in outcome.work.kept):
            yield Finding(
                "megatron_log.no_throughput",
                "the lines print no throughput, so that the trainer names no operations.",
                mend="Give the model's configuration for a closed form; log with --log-throughput "
                "next time.",
                effect="operations are not known from this log",
            )
        else:
            yield Finding(
                "megatron_log.devices_unknown",
                "the throughput is that of one device, and the log does not say how many worked.",
                mend="Give the number of devices.",
                effect=f"operations are not known: {show_operations(kept.printed)} times the "
                "number of devices",
            )
    elif kept.model.high is None:
        yield Finding(
            "megatron_log.throughput_missing",
            "some lines print no throughput.",
            mend="Give the model's configuration for a closed form.",
            effect="the operations of the trainer's figure are a lower bound",
        )
    if settings.sequence_length is None:
        yield Finding(
            "megatron_log.sequence_length_unknown",
            "the log does not print the sequence length.",
            mend="Give the sequence length.",
            effect="tokens are not known",
        )
    elif kept.samples is None:
        yield Finding(
            "megatron_log.samples_unknown",
            "some lines name neither samples nor a batch size.",
            mend="Give the output that prints the arguments of the trainer.",
            effect="samples and tokens are not known",
        )


def _convention(outcome: Outcome) -> Iterator[Finding]:
    kept = outcome.kept
    model = kept.model
    if model is None:
        return
    kinds = {(s.settings.attention, s.settings.kind) for s in outcome.work.kept}
    printed = kept.printed
    for attention, kind in sorted(kinds):
        if kind == RECOMPUTING:
            yield Finding(
                "megatron_log.with_recomputation",
                "`TFLOPs:` counts attention in full and, where activations were computed again, "
                "that forward pass as well.",
                mend="Say whether activations were recomputed (--recompute), if the log does not.",
                severity=Severity.NOTE,
                effect=f"the lines add up to {show_operations(printed)}; model operations are "
                f"{show_interval(model)}",
            )
        elif attention == "full":
            yield Finding(
                "megatron_log.attention_in_full",
                "the throughput counts attention in full, as Megatron-LM did until 6 March 2025.",
                severity=Severity.NOTE,
                effect=f"the lines add up to {show_operations(printed)}; with causal attention, "
                f"model operations are {show_interval(model)}",
            )
        elif attention == "unknown":
            yield Finding(
                "megatron_log.version_unknown",
                "whether the throughput counts attention in full (Megatron-LM until 6 March 2025) "
                "or halved is not known: the log names no version, and its lines do not show it.",
                mend="Give the part of the log that prints the arguments, or the configuration.",
                effect=f"the interval {show_interval(model)} holds both" + _width(model, printed),
            )
        if kind == TOTAL and attention in ("full", "half"):
            yield Finding(
                "megatron_log.total_throughput",
                "the throughput is that of all devices together.",
                severity=Severity.NOTE,
                effect="it is not multiplied by the number of devices",
            )


def _width(model: Interval, printed: int) -> str:
    if model.high is None or not printed:
        return ""
    return f", {share_of(model.high - model.low, printed)} wide"


def _begins_late(outcome: Outcome) -> Iterator[Finding]:
    noticed = outcome.work.noticed
    if noticed.first_step < 1:
        return
    amount = noticed.first_operations * noticed.first_step
    yield Finding(
        "megatron_log.begins_late",
        f"the log begins after step {noticed.first_step}: what was before is not in it.",
        mend="Name the earlier files of the run as well, in their order.",
        effect=(
            f"at the first line's rate, {show_operations(amount)} operations"
            f"{in_brackets(amount, outcome.kept.printed)} more, not counted here"
            if noticed.first_known
            else f"{noticed.first_step} steps are not counted here"
        ),
    )


def _missing_lines(outcome: Outcome) -> Iterator[Finding]:
    interval = _interval(outcome)
    over = {steps: n for steps, n in outcome.work.noticed.intervals.items() if steps > interval}
    missing = sum((steps - interval) * times for steps, times in over.items())
    kept = outcome.kept
    if missing and kept.steps:
        amount = Fraction(kept.printed * min(missing, kept.steps), kept.steps)
        yield Finding(
            "megatron_log.lines_missing",
            f"a line stands for {interval} steps, but {missing} steps have no line of their own.",
            mend="Look whether a part of the log is missing.",
            effect=f"their operations are taken from the line after them: about "
            f"{show_operations(amount)}{in_brackets(amount, kept.printed)}",
        )
    elif interval > 1:
        yield Finding(
            "megatron_log.interval",
            f"a line stands for {interval} steps.",
            severity=Severity.NOTE,
            effect=f"each line's figure counts {interval} times",
        )


def _idle_steps(outcome: Outcome) -> Iterator[Finding]:
    noticed, kept = outcome.work.noticed, outcome.kept
    for count, amount, name, word in (
        (noticed.skipped, noticed.skipped_operations, "skipped", "were skipped"),
        (noticed.nan, noticed.nan_operations, "nan", "had a loss that is no number"),
    ):
        if count:
            yield Finding(
                f"megatron_log.{name}_iterations",
                f"{count} iterations {word}: they were executed in full and updated nothing.",
                severity=Severity.NOTE,
                effect=f"counted: {show_operations(amount)} operations"
                f"{in_brackets(amount, kept.printed)}",
            )


def _passed_over(outcome: Outcome) -> Iterator[Finding]:
    noticed, kept = outcome.work.noticed, outcome.kept
    if noticed.repeated:
        amount = noticed.repeated_operations
        yield Finding(
            "megatron_log.repeated_lines",
            f"{noticed.repeated} lines repeat the line before, as when several ranks print.",
            _place(noticed.repeated_line),
            severity=Severity.NOTE,
            effect=f"adds {show_operations(amount)} operations{in_brackets(amount, kept.printed)} "
            "or more if counted; it is not",
        )
    if noticed.damaged:
        amount_each = Fraction(kept.printed, kept.steps) if kept.steps else Fraction(0)
        amount_all = amount_each * noticed.damaged * _interval(outcome)
        yield Finding(
            "megatron_log.damaged_lines",
            f"{noticed.damaged} lines about iterations cannot be read, or name an iteration that "
            "cannot be.",
            _place(noticed.damaged_line),
            "Look at the line; the file may have been cut or written by two processes at once.",
            effect="their steps are counted with the line after them, about "
            f"{show_operations(amount_all)} operations{in_brackets(amount_all, kept.printed)}; "
            "at the end of a log they are missing",
        )


def _devices(outcome: Outcome) -> Iterator[Finding]:
    worlds = [world for world in outcome.worlds if world[1]]
    for before, after in pairwise(worlds):
        yield Finding(
            "megatron_log.devices_changed",
            f"the number of devices changes from {before[1]} to {after[1]} after step {after[0]}.",
            Place(after[2], after[3]),
            severity=Severity.NOTE,
            effect="each part is counted with its own number",
        )
        if after is worlds[min(len(worlds), 20) - 1]:
            break
    given = outcome.given.devices
    said = {world[1] for world in worlds}
    if given is not None and said and given not in said:
        log = ", ".join(str(number) for number in sorted(n for n in said if n))
        yield Finding(
            "megatron_log.devices_differ",
            f"{given} devices are given, and the log says {log}.",
            mend="Check the number; the log's own word is used.",
            effect=f"with the given number the total would be {given}/{log} of this",
        )


def _evaluations(outcome: Outcome) -> Iterator[Finding]:
    if outcome.evaluations and not outcome.has_evaluation:
        yield Finding(
            "megatron_log.evaluations_unsized",
            f"{outcome.evaluations} evaluations were run, of a size that the log does not name.",
            mend="Give the part of the log that prints the arguments (eval_iters).",
            effect="their forward passes are not counted",
        )


def _times(outcome: Outcome) -> Iterator[Finding]:
    if outcome.times_back is not None:
        lost = sum(amount.printed for amount in outcome.lost)
        yield Finding(
            "megatron_log.times_go_back",
            "the times in the log go back by hours: files are named out of their order, or a part "
            "of the log stands in it twice.",
            _place(outcome.times_back),
            "Name the files in the order of time, each once.",
            Severity.ERROR if lost else Severity.WARNING,
            effect=f"{show_operations(lost)} operations{in_brackets(lost, outcome.kept.printed)} "
            "counted as lost steps may be copies or the wrong ones",
        )
    if outcome.is_dated and outcome.given.zone is None:
        yield Finding(
            "megatron_log.times_without_zone",
            "the times in the log name no zone.",
            mend="Give the zone of the machines.",
            severity=Severity.NOTE,
            effect="taken as UTC, they may be off by up to 14 hours; no amount depends on it",
        )
    if not outcome.is_dated:
        yield Finding(
            "megatron_log.undated",
            "the lines carry no times.",
            severity=Severity.NOTE,
            effect="start and end are not known, and no forecast can be made from this log alone",
        )


def _cut(sources: Sequence[Source]) -> Iterator[Finding]:
    for source in sources:
        if source.cut_lines:
            yield Finding(
                "megatron_log.overlong_lines",
                f"{len(source.cut_lines)} lines are overlong; only their beginning was read.",
                Place(source.shown, source.cut_lines[0]),
                "Look at the file; it may not be text.",
                effect="what stands behind the first MiB of such a line is not counted",
            )


def _interval(outcome: Outcome) -> int:
    known = outcome.settings.log_interval
    held = outcome.work.noticed.intervals
    return known or (held.most_common(1)[0][0] if held else 1)


def _place(found: tuple[str, int] | None) -> Place:
    return Place(*found) if found else NOWHERE
