"""What an accounting export hides, counted as it is read and told with its share of the total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from declarant.problems import NOWHERE, Finding, Place, Severity

_W, _N, _E = Severity.WARNING, Severity.NOTE, Severity.ERROR

_KINDS: dict[str, tuple[Severity, str, str, str]] = {
    # code: severity, what ({n} jobs or rows), effect ({amount}), mend
    "sacct.double_tres": (
        _N,
        "AllocTRES names the devices of {n} twice, by type and without; counted once.",
        "adds {amount} if both were counted",
        "Nothing to do.",
    ),
    "sacct.counts_disagree": (
        _W,
        "AllocTRES gives one number of devices by type and another without, for {n}.",
        "{amount} lie between the two numbers",
        "Look at AccountingStorageTRES in slurm.conf: a type that is not listed is not counted.",
    ),
    "sacct.slices": (
        _W,
        "Slices of devices (MIG) were given to {n}; how many devices that is, is not in the file.",
        "up to {amount}, and any less",
        "Give the number of devices that were cut.",
    ),
    "sacct.no_devices": (
        _W,
        "AllocTRES names no device for {n}: none was asked for, or the site does not account "
        "for them.",
        "their {seconds} job-seconds have an unknown number of devices; the total is a lower bound",
        "Leave jobs without devices out, or say how many each had.",
    ),
    "sacct.devices_given": (
        _W,
        "AllocTRES names no device for {n}; the number given beside the file is taken.",
        "{amount} rest on it",
        "Check that each of these jobs had that many.",
    ),
    "sacct.steps": (
        _N,
        "Passed over {n} of steps (.batch, .extern, .0), whose jobs have rows of their own.",
        "adds {amount} if counted",
        "Run sacct with -X to leave them out.",
    ),
    "sacct.only_steps": (
        _W,
        "Only steps stand for {n}; the longest is taken for the job.",
        "at least {amount}; how much more is unknown",
        "Export the jobs themselves: sacct -X.",
    ),
    "sacct.steps_beyond": (
        _W,
        "Passed over {n} of steps whose job is not among the rows before, beyond what is kept.",
        "leaves out up to {amount}",
        "Run sacct with -X.",
    ),
    "sacct.running": (
        _W,
        "Slurm was still running {n} when sacct looked; counted up to then.",
        "{amount} so far, and more since",
        "Export again when they have ended.",
    ),
    "sacct.repeated": (
        _N,
        "Passed over {n} with a job and a start that stand there already; the longest is counted.",
        "adds {amount} if counted",
        "Nothing to do.",
    ),
    "sacct.requeued": (
        _N,
        "Several attempts stand for {n}; each is counted once.",
        "the earlier attempts add {amount}, which are in the total",
        "What a requeue repeats shows in the trainer's log as lost steps.",
    ),
    "sacct.attempts_missing": (
        _W,
        "Restarts shows more attempts than there are rows, for {n}.",
        "{amount} are counted; the attempts before are missing, by an unknown amount",
        "Run sacct with -D (--duplicates).",
    ),
    "sacct.attempts_overlap": (
        _W,
        "Attempts overlap in time, of {n}.",
        "{amount} may be counted twice",
        "Check Start and End of these attempts.",
    ),
    "sacct.nodes_overlap": (
        _W,
        "Nodes were given to {n} while other jobs held them, together more than any one job "
        "was ever given of a node.",
        "{amount} may be counted twice",
        "Check whether devices were shared (OverSubscribe, gang scheduling).",
    ),
    "sacct.nodes_unchecked": (
        _N,
        "Other jobs on the same nodes were not looked for, beside {n}: the lists of nodes are "
        "too long or damaged.",
        "{amount} are counted as they stand",
        "Read fewer jobs at a time.",
    ),
    "sacct.suspended": (
        _N,
        "Slurm suspended {n} for a while; its elapsed time holds that, the total does not.",
        "adds {amount} if counted",
        "Nothing to do.",
    ),
    "sacct.elapsed_disagrees": (
        _W,
        "Elapsed time is not the time from start to end, for {n}; elapsed is taken.",
        "{amount} lie between the two",
        "A change of the clock (daylight saving time) shifts start or end; otherwise ask the site.",
    ),
    "sacct.no_elapsed": (
        _E,
        "No elapsed time stands for {n}, though it started; not counted.",
        "leaves out an unknown amount",
        "Ask for ElapsedRaw.",
    ),
    "sacct.never_started": (
        _N,
        "Nothing ran of {n} (waiting, or cancelled before the start); no time, nothing counted.",
        "nothing",
        "Nothing to do.",
    ),
    "sacct.failed": (
        _W,
        "A failure (of a node, of memory or of the program) ended {n}; the time is counted.",
        "{amount}, part of which later jobs may have repeated",
        "Set it against the trainer's log, which shows the steps that were lost.",
    ),
    "sacct.components": (
        _N,
        "Components of heterogeneous jobs: {n}, each with devices of its own.",
        "{amount}, each component counted once",
        "Nothing to do.",
    ),
    "sacct.summed": (
        _N,
        "Summed under their names: {n}, the smallest of more than are told apart.",
        "{amount} stand in sums; repeats and overlaps are no longer looked for in them",
        "Read fewer jobs at a time to see each.",
    ),
    "sacct.row_damaged": (
        _E,
        "Cannot read {n}: other fields than the header has, or no job's number.",
        "leaves out an unknown amount",
        "Export again; the file may have been cut off.",
    ),
}
_OF_ROWS = {
    "sacct.steps", "sacct.repeated", "sacct.row_damaged", "sacct.steps_beyond"
}  # fmt: skip
_SHOWN = 3


@dataclass(slots=True)
class _Tally:
    number: int = 0
    amount: int = 0
    where: Place = NOWHERE
    examples: tuple[str, ...] = ()
    more: bool = False


class Notes:
    """Counts what is noticed, by code; a finding a code, however many rows."""

    def __init__(self) -> None:
        self._held: dict[str, _Tally] = {}

    def add(
        self, code: str, job: str, amount: int, file: str | None = None, line: int | None = None
    ) -> None:
        """Note one job or row; `amount` in device-seconds (job-seconds where no device is known).

        Raises:
            KeyError: when no finding of that code is known.
        """
        _KINDS[code]
        tally = self._held.setdefault(code, _Tally(where=Place(file, line)))
        tally.number += 1
        tally.amount += amount
        if job and job not in tally.examples:
            tally.more = len(tally.examples) == _SHOWN
            tally.examples = (*tally.examples, job)[:_SHOWN]

    def drop(self, code: str) -> int:
        """Forget a code; return how many were noted under it."""
        held = self._held.pop(code, None)
        return held.number if held else 0

    def findings(self, total: int) -> Iterator[Finding]:
        """Yield a finding a code, worst first; `total` in device-seconds, for the percentages."""
        order = {_E: 0, _W: 1, _N: 2}
        for code in sorted(self._held, key=lambda code: (order[_KINDS[code][0]], code)):
            severity, what, effect, mend = _KINDS[code]
            tally = self._held[code]
            noun = "row" if code in _OF_ROWS else "job"
            number = f"{tally.number:,} {noun}{'' if tally.number == 1 else 's'}"
            if tally.examples:
                more = ", …" if tally.more else ""
                number += f" ({', '.join(tally.examples)}{more})"
            yield Finding(
                code,
                what.format(n=number),
                tally.where,
                "" if mend == "Nothing to do." else mend,
                severity,
                ""
                if effect == "nothing"
                else effect.format(
                    amount=device_seconds(tally.amount, total), seconds=f"{tally.amount:,}"
                ),
            )


def device_seconds(amount: int, total: int) -> str:
    """Print an amount with its share of the total: `3,600 device-seconds (2.1 %)`."""
    share = f" ({100 * amount / total:.1f} %)" if total else ""
    return f"{amount:,} device-seconds{share}"
