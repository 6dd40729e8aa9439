"""Where a file of a ledger does not hold, and what of it can still be relied on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from declarant.compute.tracker.reading.copies import Apart
from declarant.compute.tracker.reading.section_reader import LedgerFile
from declarant.problems import Finding, Place, Severity

SHOWN = 20
"""Breaks told one by one."""
_VERIFY = (
    "Compare it with a copy, or with a head that was noted elsewhere: "
    "declarant ledger verify FOLDER --head HASH."
)


def about_file(file: LedgerFile) -> Iterator[Finding]:
    """Yield what does not hold in one file."""
    for number, item in enumerate(file.breaks[:SHOWN]):
        effect = "what stands between this line and the break before has its own chain only"
        if number == 0:
            effect = (
                "nothing is relied on before this line but its own chain"
                if item.line == 1
                else f"lines 1 to {item.line - 1} hold; what follows may have been changed"
            )
        if item.missing:
            effect += "; what is missing widens the bounds by the time it covers"
        yield Finding(
            "tracker.chain_broken",
            f"the chain of records does not hold here: {item.what}.",
            Place(file.file, item.line),
            _VERIFY,
            Severity.ERROR,
            effect,
        )
    if file.break_count > SHOWN:
        yield Finding(
            "tracker.chain_broken",
            f"the chain does not hold at {file.break_count - SHOWN} further lines.",
            Place(file.file),
            _VERIFY,
            Severity.ERROR,
        )
    for line, why in file.nonsense[:SHOWN]:
        yield Finding(
            "tracker.record_unreadable",
            f"the record says what cannot be: {why}.",
            Place(file.file, line),
            "Read it with the version of the product that wrote it.",
            Severity.ERROR,
            "the record is not counted; the time it covers widens the bounds",
        )
    for torn in file.torn[:SHOWN]:
        yield Finding(
            "tracker.torn_line",
            f"a line of {torn.size} bytes is cut off"
            + (", as the record after it says." if torn.named else " at the end of the file."),
            Place(file.file, torn.line),
            severity=Severity.NOTE,
            effect="what it would have said is within the bounds of what was not written",
        )
    if file.skewed is not None:
        yield Finding(
            "tracker.clock_moved",
            "the machine's clock was moved while the process ran; durations are not touched.",
            Place(file.file, file.skewed),
            severity=Severity.NOTE,
        )


def about_copies(apart: Sequence[Apart]) -> list[Finding]:
    """Return what to say of files that begin like another one."""
    return [
        Finding(
            "tracker.copy_differs" if item.differs else "tracker.copy",
            f"begins like {item.other.file} and then says something else."
            if item.differs
            else f"is a copy of {item.other.file}, or of its beginning.",
            Place(item.file.file),
            "Find out which of the two was changed." if item.differs else "",
            Severity.ERROR if item.differs else Severity.NOTE,
            f"is not counted; it holds {item.file.records} records, the other {item.other.records}",
        )
        for item in apart
    ]
