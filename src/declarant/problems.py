"""What goes wrong, said so that a person can mend it: what, where, and what to do.

Two shapes and no more. A `Finding` is a remark about evidence or a document that work can go on
with; `BadInput` is raised when it cannot. Both carry the same three answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters to the result."""

    ERROR = "error"  # the thing looked at cannot be relied on
    WARNING = "warning"  # the result stands, but somebody should look
    NOTE = "note"  # worth knowing, changes nothing


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: a file, a line in it (from 1), a field (`runs[0].tokens`)."""

    file: str | None = None
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        text = self.file or ""
        if self.line is not None:
            text += f":{self.line}" if text else f"line {self.line}"
        if self.field:
            text += f" ({self.field})" if text else self.field
        return text

    def in_file(self, file: str) -> Place:
        """Return the same place, in `file` when none was known."""
        return replace(self, file=self.file or file)


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark: `code` for machines; `what`, `where` and `mend` for people.

    `effect` says what it does to the result ("peak is a lower bound"), empty when nothing.
    """

    code: str
    what: str
    where: Place = NOWHERE
    mend: str = ""
    severity: Severity = Severity.WARNING
    effect: str = ""

    def __str__(self) -> str:
        place = str(self.where)
        head = f"{place}: {self.what}" if place else self.what
        return f"{head} {self.mend}" if self.mend else head

    def as_json(self) -> dict[str, str]:
        """Return the finding as published in every `findings[]` of the product."""
        document = {
            "code": self.code,
            "severity": self.severity.value,
            "where": str(self.where),
            "what": self.what,
            "mend": self.mend,
        }
        if self.effect:
            document["effect"] = self.effect
        return document


@dataclass(slots=True)
class BadInput(Exception):  # noqa: N818 - the word people read, and not always an error of code
    """Input that cannot be worked with. Holds every finding made before giving up, not the first.

    The command line prints the findings and exits with 2; nothing has been written by then.
    """

    findings: tuple[Finding, ...] = field(default=())

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


def bad_input(
    code: str,
    what: str,
    *,
    mend: str,
    file: str | None = None,
    line: int | None = None,
    field: str | None = None,
) -> BadInput:
    """Return a `BadInput` with one finding, ready to be raised."""
    place = Place(file=file, line=line, field=field)
    return BadInput((Finding(code, what, place, mend, Severity.ERROR),))
