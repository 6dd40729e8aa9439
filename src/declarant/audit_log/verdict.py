"""What a verification found: the first wrong entry, and everything else that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from declarant.problems import Finding, Place, Severity

FIRST_WRONG = "audit.entry"
"""The code of the finding that names the first wrong entry."""

LIMITS = (
    "Entries after the last signed head rest on the database alone.",
    "A head proves nothing against whoever holds the signing key, unless it was kept elsewhere.",
    "Whoever holds the signing key and every copy of every head can write another log.",
    "The log shows what was written to it, not that it was true, nor what went around the desk.",
)


@dataclass(frozen=True, slots=True)
class WrongEntry:
    """The first wrong entry: at `index`, or the first wrong one from there to `last`."""

    index: int
    last: int
    kind: str  # content, order, missing, added
    what: str

    def __str__(self) -> str:
        if self.index == self.last:
            return f"entry {self.index} ({self.kind}): {self.what}"
        return f"one of the entries {self.index} to {self.last} ({self.kind}): {self.what}"

    def as_json(self) -> dict[str, Any]:
        """Return it as a JSON document."""
        return {"index": self.index, "last": self.last, "differs": self.kind, "what": self.what}

    def narrowed(self, other: WrongEntry) -> WrongEntry:
        """Return this, narrowed to what `other` also holds possible; this where they disagree."""
        index, last = max(self.index, other.index), min(self.last, other.last)
        return replace(self, index=index, last=last) if index <= last else self


@dataclass(slots=True)
class Verification:
    """What was found.

    `entries` counts the leading entries that are right by themselves, `root` is the head of their
    tree. `covered` counts the entries under a good head, `covered_elsewhere` those under a good one
    that was kept elsewhere. `key_known`: whether anything from outside the log says whose key
    signed. `named` are the stored files that entries name, `exported_files` the hash of the list of
    them that the last export noted, `dated_before` the entries older than what they follow.
    """

    name: str
    log: str | None = None
    entries: int = 0
    root: str = ""
    last_moment: str = ""
    covered: int = 0
    covered_elsewhere: int = 0
    heads: int = 0
    files: int = 0
    key_known: bool = False
    first_wrong: WrongEntry | None = None
    findings: list[Finding] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    exported_files: str | None = None
    dated_before: list[int] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return not any(item.severity is Severity.ERROR for item in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the verification as `declarant audit verify --json` prints it."""
        wrong = self.first_wrong
        return {
            "log": self.log,
            "source": self.name,
            "valid": self.valid,
            "entries": self.entries,
            "root": self.root,
            "last_moment": self.last_moment,
            "heads": self.heads,
            "covered_by_heads": self.covered,
            "covered_by_heads_kept_elsewhere": self.covered_elsewhere,
            "key_known": self.key_known,
            "files": self.files,
            "first_wrong": None if wrong is None else wrong.as_json(),
            "findings": [item.as_json() for item in self.findings],
            "limits": list(LIMITS),
        }

    def error(self, code: str, what: str, where: str, mend: str = "") -> None:
        """Note something that is wrong."""
        self.findings.append(Finding(code, what, Place(where), mend, Severity.ERROR))

    def name_first(self) -> None:
        """Put the first wrong entry, if there is one, before all findings."""
        if self.first_wrong is not None:
            what = f"the first wrong one is {self.first_wrong}."
            mend = "Compare it with a backup or an earlier export."
            finding = Finding(FIRST_WRONG, what, Place(self.name), mend, Severity.ERROR)
            self.findings.insert(0, finding)

    def wrong_entry(self, wrong: WrongEntry) -> None:
        """Note a wrong entry; the first one is kept, as narrowly as it is known."""
        held = self.first_wrong
        if held is None or wrong.last < held.index:
            self.first_wrong = wrong
        elif held.last >= wrong.index:
            self.first_wrong = held.narrowed(wrong)
