"""Whether the files of a ledger are as they were written, and whether a noted head is in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from declarant.compute.tracker.reading.chain import Break, Chain, Whole
from declarant.compute.tracker.reading.chain_findings import about_file
from declarant.compute.tracker.reading.section_reader import LedgerFile, read_file
from declarant.problems import Finding, Severity, bad_input

SHORTEST_HEAD = 16
"""Hexadecimal digits of a head that is given for comparison."""


@dataclass(frozen=True, slots=True)
class FoundHead:
    """A head that was noted elsewhere.

    Attributes:
        head: as given.
        file: that holds its record, "" when none does.
        line: of the record, None when none does.
        holds: whether it is there and the chain is unbroken from the file's beginning to it.
    """

    head: str
    file: str = ""
    line: int | None = None
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of each file, and of each head."""

    files: tuple[LedgerFile, ...]
    heads: tuple[FoundHead, ...]
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether every chain is whole and every head was found where it should be."""
        return all(file.is_whole for file in self.files) and all(item.holds for item in self.heads)


def verify(files: Sequence[tuple[Path, str]], heads: Sequence[str] = ()) -> Verification:
    """Check the files, given with their shown names, and look for heads noted elsewhere.

    Raises:
        BadInput: when a file cannot be read or is no ledger, or a head is no digest.
    """
    wanted = [_digits(head) for head in heads]
    held = tuple(read_file(path, shown) for path, shown in files)
    found = tuple(_look_for(head, files) for head in wanted)
    findings = [item for file in held for item in about_file(file)]
    findings += [_about_head(item) for item in found if not item.holds]
    return Verification(held, found, tuple(findings))


def _digits(head: str) -> str:
    text = head.strip().lower()
    if not SHORTEST_HEAD <= len(text) <= 64 or any(char not in "0123456789abcdef" for char in text):
        raise bad_input(
            "tracker.head_unreadable",
            f"{head!r:.80} is no head of a ledger.",
            mend=f"Give the SHA-256 as noted, {SHORTEST_HEAD} to 64 hexadecimal digits.",
            field="--head",
        )
    return text


def _look_for(head: str, files: Sequence[tuple[Path, str]]) -> FoundHead:
    for path, shown in files:
        whole = True
        for item in Chain(path):
            if isinstance(item, Break):
                whole = False
            elif isinstance(item, Whole) and item.record.sha256.startswith(head):
                return FoundHead(head, shown, item.line, whole)
    return FoundHead(head)


def _about_head(item: FoundHead) -> Finding:
    if item.line is None:
        return Finding(
            "tracker.head_missing",
            f"no record has the digest {item.head}: the ledger was changed or cut off after that "
            "head was noted, or the head is of another ledger.",
            mend="Find the files that the head was noted for.",
            severity=Severity.ERROR,
            effect="nothing shows that these files hold all that was counted",
        )
    return Finding(
        "tracker.head_behind_break",
        f"the record {item.head} is there, in line {item.line} of {item.file}, and the chain "
        "before it is broken.",
        mend="Compare the file with a copy.",
        severity=Severity.ERROR,
    )
