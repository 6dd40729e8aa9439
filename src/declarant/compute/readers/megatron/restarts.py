"""What restarts and counters set back do to the total of a Megatron-LM log."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from declarant.compute.readers.megatron.convention import Amounts, amounts
from declarant.compute.readers.megatron.stretches import Event
from declarant.compute.readers.shares import in_brackets, operations_of
from declarant.problems import Finding, Place, Severity
from declarant.quantities import show_operations


def restart_finding(event: Event, kept: Amounts, interval: int, lost: Iterator[Amounts]) -> Finding:
    """Return what is to be known of an event; `lost` yields the lost work in order of events."""
    where = Place(event.file, event.line)
    if event.kind == "went_back":
        amount = next(lost, None) or amounts(event.lost)
        with_lost = kept.printed + amount.printed
        shown = shown_amount(amount, kept)
        basis = "" if event.is_sure else " (no line names the checkpoint; taken from the iteration)"
        return Finding(
            "megatron_log.went_back",
            f"the trainer went back from step {event.before} to {event.after}{basis}: the "
            f"{amount.steps} steps after it were done, lost, and done again.",
            where,
            "Count lost steps where the law counts what was executed; check the restart's time.",
            effect=f"{shown} lost, kept apart: {show_operations(kept.printed)} without and "
            f"{show_operations(with_lost)} with these steps, as the trainer prints them",
        )
    if event.kind == "counter_restarted":
        earlier = f"{show_operations(event.earlier)} operations before it"
        earlier += in_brackets(event.earlier, kept.printed)
        sure = "as samples or loss show" if event.is_sure else "but no loss or samples settle it"
        return Finding(
            "megatron_log.counter_restarted",
            f"the iteration falls from {event.before} to {event.after} and work goes on from where "
            f"it was, {sure}: a conversion of the checkpoint sets counters to 0.",
            where,
            "Confirm that the weights were kept; if training began anew, what was before is lost.",
            Severity.NOTE if event.is_sure else Severity.WARNING,
            effect=f"{earlier} are counted; the trainer's own running total leaves them out",
        )
    if event.kind == "samples_restarted":
        earlier = f"{show_operations(event.earlier)} operations"
        earlier += in_brackets(event.earlier, kept.printed)
        return Finding(
            "megatron_log.samples_restarted",
            f"consumed samples fall from {event.before} to {event.after} though the iteration goes "
            "on: the counter was restarted, as a conversion of the checkpoint does.",
            where,
            "Take samples from this total, not from the counter's last value.",
            effect=f"the counter's last value would leave out {event.before} samples, {earlier}",
        )
    return _restarted(event, kept, interval)


def _restarted(event: Event, kept: Amounts, interval: int) -> Finding:
    """Say how much may have been done and lost after the last line before a crash, unseen."""
    each = Fraction(kept.printed, kept.steps)
    most = each * interval
    return Finding(
        "megatron_log.restarted",
        f"the trainer was started again at step {event.after}, and no step is repeated in the log. "
        f"Up to {interval} steps after the line of step {event.before} may have been done and lost "
        "unseen, as the counters are read back from the checkpoint.",
        Place(event.file, event.line),
        "Look at the scheduler's times, or the output of the job that ended.",
        Severity.NOTE,
        effect=f"up to {show_operations(most)} operations{in_brackets(most, kept.printed)} may "
        "be missing from what was executed, none from the kept work",
    )


def shown_amount(amount: Amounts, kept: Amounts) -> str:
    """Return the operations of an amount and their share; as printed, where no more is known."""
    if amount.model is not None:
        return operations_of(amount.model, kept.model)
    return operations_of(amount.printed, kept.printed)
