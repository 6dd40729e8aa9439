"""What people should know of a run's ledger: each remark with its place, its effect, its mend."""

from __future__ import annotations

from collections.abc import Iterator

from declarant.compute.tracker.reading.amounts import Amounts
from declarant.compute.tracker.reading.chain_findings import about_copies, about_file
from declarant.compute.tracker.reading.merge import DATA_PARALLEL, Merged
from declarant.compute.tracker.reading.rank_account import RankAccount
from declarant.compute.tracker.reading.unrecorded import Unrecorded
from declarant.problems import Finding, Place, Severity
from declarant.quantities import Interval, show_interval, show_operations

MOST = 20
"""Findings of one kind; further ones are put into one."""
MOST_NOTES = 6
"""Of what the counting said of distinct steps; the rest stands in the ledger."""


def findings_of(merged: Merged) -> tuple[Finding, ...]:
    """Return everything to be said of the ledger, what cannot be relied on first."""
    found = [item for file in merged.files for item in about_file(file)]
    found += about_copies(merged.apart)
    for rank in merged.ranks:
        found += _bounded([_unrecorded(item) for item in rank.unrecorded])
        found += _bounded(list(_returns(rank)))
        found += _bounded(list(_overlaps(rank)))
        found += _bounded(list(_sections(rank)))
    found += _missing_ranks(merged)
    found += _kernels(merged)
    found += _notes(merged)
    order = [Severity.ERROR, Severity.WARNING, Severity.NOTE]
    return tuple(sorted(found, key=lambda item: order.index(item.severity)))


def _unrecorded(item: Unrecorded) -> Finding:
    section = item.section
    where = Place(section.file, section.line)
    steps = show_steps(item.kept.steps + item.lost.steps)
    seconds = "" if item.seconds is None else f" of its last {item.seconds:.3g} s"
    if item.why == "between":
        return Finding(
            "tracker.steps_between",
            f"the section that begins here ends at step {section.last_step}, and the next begins "
            f"{item.sure} steps later: these are not in the ledger.",
            where,
            "Look whether the run went on without the tracker, or with another ledger.",
            effect=_widens(item.kept),
        )
    if item.why == "broken":
        return Finding(
            "tracker.steps_unread",
            f"{steps} may stand in records of this section that are missing or changed.",
            where,
            "Read a copy of the file that is whole.",
            effect=_widens(item.kept),
        )
    end = (
        "has no end: the run goes on, or its process was killed"
        if item.why == "open"
        else "has no end: its process was killed, and another went on later"
    )
    sure = "" if not item.sure else f"; {item.sure} of them the trainer's own numbers show"
    return Finding(
        "tracker.unflushed",
        f"the section that begins here {end}. What was done{seconds} was not written: "
        f"{steps}{sure}.",
        where,
        "Where the exact number is known from a log, state it beside this figure.",
        effect=_widens(item.kept, item.lost),
    )


def _returns(rank: RankAccount) -> Iterator[Finding]:
    for item in rank.returns:
        section = rank.sections[item.section]
        yield Finding(
            "tracker.rolled_back",
            f"rank {rank.rank} went back from step {item.last} to step {item.first}; the steps "
            "done twice count as lost.",
            Place(section.file, section.line),
            "If the steps from here on are another stage, give it a run name of its own.",
            Severity.NOTE,
            f"{show_interval(rank.lost.executed)} executed operations of the rank are lost steps "
            "and stand apart from its training",
        )


def _overlaps(rank: RankAccount) -> Iterator[Finding]:
    for section, other in rank.overlaps:
        same = section.opened.process == other.opened.process
        yield Finding(
            "tracker.one_process_twice" if same else "tracker.rank_twice",
            f"rank {rank.rank} was counted at the same time in {section.file}"
            + (" by the same process" if same else f" ({section.opened.process})")
            + ("." if same else f" and by {other.opened.process}."),
            Place(other.file, other.line),
            "If both counted one model, keep one of the files."
            if same
            else "Give each process its own rank; look whether both trained.",
            effect="the lower bound counts the smaller of the two not at all"
            if same
            else "both are counted",
        )


def _sections(rank: RankAccount) -> Iterator[Finding]:
    for section in rank.sections:
        where = Place(section.file, section.line)
        if section.unordered:
            yield Finding(
                "tracker.steps_unordered",
                "the trainer's step numbers go back and forth; they cannot show roll-backs.",
                where,
                "Give the optimizer's step, which only goes back when a checkpoint is loaded.",
                effect="lost steps, if there were any, count as training",
            )
        for line, why in section.delays[:1]:
            yield Finding(
                "tracker.written_late",
                f"writing had failed ({why}); the steps were kept in memory and written later.",
                Place(section.file, line),
                severity=Severity.NOTE,
            )
        if section.opened.removed_head:
            yield Finding(
                "tracker.file_removed",
                "a former file of this rank was removed while the process wrote it; its last "
                f"record was {section.opened.removed_head[:16]}….",
                where,
                "Find that file, and read it together with this one.",
                Severity.ERROR,
                "what it held is not counted",
            )


def _missing_ranks(merged: Merged) -> list[Finding]:
    count = merged.missing_count
    if not count:
        return []
    names = ", ".join(str(rank) for rank in merged.missing[:10])
    more = " and others" if count > 10 else ""
    return [
        Finding(
            "tracker.ranks_missing",
            f"{count} of {merged.world_size} ranks have no ledger here: {names}{more}.",
            Place(merged.files[0].file),
            "Add their files.",
            effect=_widens(merged.missing_amounts)
            + "; each is bounded by the greatest of the others",
        )
    ]


def _kernels(merged: Merged) -> list[Finding]:
    names = sorted({item.name for rank in merged.ranks for item in rank.uncounted})
    found = []
    for name in names:
        held = [item for rank in merged.ranks for item in rank.uncounted if item.name == name]
        operations = Interval.total(item.operations for item in held)
        calls = sum(item.calls for item in held)
        found.append(
            Finding(
                "tracker.kernel_uncounted",
                f"the kernel {name!r:.80} has no formula; it ran {calls} times.",
                Place(merged.files[0].file),
                "Give the tracker a formula for it, or take its operations from its makers.",
                effect=f"adds {show_interval(operations)} operations ({held[0].why}); the bounds "
                "include them",
            )
        )
    return _bounded(found)


def _notes(merged: Merged) -> Iterator[Finding]:
    where = Place(merged.files[0].file)
    notes = dict.fromkeys(
        note for rank in merged.ranks for count in rank.counts for note in count.notes
    )
    for note in list(notes)[:MOST_NOTES]:
        yield Finding("tracker.note", note, where, severity=Severity.NOTE)
    if merged.world_size > 1 and merged.data_parallel != merged.world_size:
        yield Finding(
            "tracker.replicated_work",
            f"operations are summed over {merged.world_size} ranks. Mathematics that several of "
            "them repeat (layers that tensor parallelism does not split) is in the model figure "
            "as often as it was done.",
            where,
            f"State how many ranks see samples of their own as the fact {DATA_PARALLEL!r}.",
            Severity.NOTE,
            "model operations may be too high by the repeated part; executed operations are not",
        )


def _bounded(found: list[Finding]) -> list[Finding]:
    if len(found) <= MOST:
        return found
    first = found[0]
    rest = Finding(
        first.code,
        f"{len(found) - MOST} more of this kind are not shown one by one; all are in the figures.",
        first.where,
        severity=first.severity,
    )
    return [*found[:MOST], rest]


def _widens(kept: Amounts, lost: Amounts | None = None) -> str:
    text = f"adds {_span(kept.executed)} executed operations to the training"
    if lost is not None and not lost.is_none:
        text += f", and {_span(lost.executed)} to lost steps"
    return text


def _span(interval: Interval) -> str:
    low, high = show_operations(interval.low), show_operations(interval.high)
    if interval.is_exact:
        return low
    return f"at least {low}, with no upper bound," if interval.high is None else f"{low} to {high}"


def show_steps(steps: Interval) -> str:
    """Print a number of steps within its bounds."""
    low = int(steps.low)
    if steps.high is None:
        return f"{low} or more steps, nothing bounds how many" if low else "nobody knows how many"
    high = int(steps.high)
    return f"{low} steps" if low == high else f"{low} to {high} steps"
