"""What an editor page does: open a record, take what was typed, add or remove an item, save."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from declarant.desk.filer.register.differences import Difference, differences, merged, path_of
from declarant.desk.filer.register.editing.offered import Offered
from declarant.desk.filer.register.editing.saying import said
from declarant.desk.filer.register.editing.tree import Node
from declarant.desk.filer.register.kinds import SECTIONS
from declarant.desk.filer.register.models import Record, Version
from declarant.desk.filer.register.recording import EditedMeanwhile, save_record
from declarant.problems import BadInput, Finding

SAVE = "save"
_WORDS = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the summary of errors."""

    label: str
    anchor: str
    text: str


@dataclass
class Meanwhile:
    """What somebody else made of a record while it was being edited here."""

    record: Record
    theirs: list[Difference]
    conflicts: list[str] = field(default_factory=list)


class Editor:
    """One record being edited in forms.

    Attributes:
        root: the tree of forms.
        expected: the version that is being edited; 0 for a new record.
        meanwhile: what somebody else did, when that has just come out.
    """

    def __init__(self, kind: str, record: Record | None, data: Any = None) -> None:
        self.kind, self.record = kind, record
        self.offered = Offered(own_key=record.key if record else "")
        self.expected = record.number if record else 0
        self.meanwhile: Meanwhile | None = None
        self.why = ""
        self._data: MultiValueDict | None = None
        if data is not None:
            self._data = MultiValueDict(data)
            self.why = str(data.get("why", ""))[:500]
            number = str(data.get("version", ""))
            self.expected = int(number) if number.isdecimal() and len(number) < 10 else 0
        content = record.content if record else None
        self.root = Node(SECTIONS[kind].model, "", self.offered, content=content, data=self._data)

    def act(self, do: str) -> None:
        """Grow or shrink a list, as a button of the page asks: `add parts`, `remove parts 0`."""
        word, _space, rest = do.partition(" ")
        if word == "more" and self._data is not None:
            self._data.appendlist(rest, "")
            self.root = Node(SECTIONS[self.kind].model, "", self.offered, data=self._data)
            return
        prefix, _space, row = rest.partition(" ")
        found = self.root.find(prefix)
        if found is None:
            return
        if word == "add":
            found.add(str(self._data.get(f"{prefix}.new", "")) if self._data else "")
        elif word == "remove":
            found.remove(row)

    def save(self, actor: Any) -> Record | None:
        """Save; return the record, or None when the page must be shown again with what is wrong."""
        self.root.check()
        if self.problems:
            return None
        try:
            return save_record(
                actor,
                self.kind,
                self.root.content(),
                record=self.record,
                expected=self.expected if self.record else None,
                why=self.why,
            )
        except BadInput as error:
            self.place(error.findings)
        except EditedMeanwhile as found:
            self._join(found.record)
        return None

    def place(self, findings: Iterable[Finding]) -> None:
        """Take findings to their fields."""
        for finding in findings:
            self.root.place(path_of(finding.where.field or ""), said(finding))

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, for the summary, in the order of the page."""
        return [Problem(*item) for item in self.root.problems()]

    def _join(self, row: Record) -> None:
        """Put both edits together; what both changed stays as it was typed here, and is named."""
        both, self.meanwhile = joined(row, self.expected, self.root.content())
        self.record, self.expected = row, row.number
        self.root = Node(SECTIONS[self.kind].model, "", self.offered, content=both)
        theirs = {item.field: item.after_text for item in self.meanwhile.theirs}
        for name in self.meanwhile.conflicts:
            text = _("%(name)s wrote “%(text)s” here meanwhile. Saving keeps what you see.") % {
                "name": row.edited_by,
                "text": theirs.get(name, "")[:200],
            }
            self.root.place(positions(name, both), text)


def joined(row: Record, expected: int, mine: Any) -> tuple[Any, Meanwhile]:
    """Return two edits of a record put together, and what the other one was."""
    began = Version.objects.filter(record=row, number=expected).first()
    base = began.content if began else {}
    both, conflicts = merged(base, mine, row.content)
    return both, Meanwhile(row, differences(base, row.content), conflicts)


def positions(name: str, content: Any) -> tuple[str | int, ...]:
    """Return the steps to a field written with what tells items apart: `parts[done].tokens`."""
    steps: list[str | int] = []
    here = content
    for wanted, word in _WORDS.findall(name):
        if word:
            steps.append(word)
            here = here.get(word) if isinstance(here, dict) else None
            continue
        listed = here if isinstance(here, list) else []
        at = next(
            (
                number
                for number, item in enumerate(listed)
                if isinstance(item, dict)
                and wanted in (str(item.get(key)) for key in ("id", "method", "since"))
            ),
            None,
        )
        if at is None:
            break
        steps.append(at)
        here = listed[at]
    return tuple(steps)
