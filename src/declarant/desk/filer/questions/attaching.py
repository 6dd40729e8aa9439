"""Evidence of an answer: a file with its own date and mark, kept in the vault.

Attaching and taking off each make a new version of the answer, so that the history shows which
files a version rested on. A file is never removed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from declarant.desk.audit import change
from declarant.desk.filer.questions.content import NOTHING, AnswerContent
from declarant.desk.filer.questions.drafting import Written, locked, write
from declarant.desk.filer.questions.models import AnswerVersion, Attachment, Draft, Question
from declarant.desk.vault.models import StoredFile
from declarant.filing.exchange.parts import FileName
from declarant.problems import bad_input

_NAME: TypeAdapter[str] = TypeAdapter(FileName)
_STRANGE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a file: its name, what it is, its own date, its mark and the basis of it."""

    name: str
    what: str = ""
    dated: date | None = None
    confidential: bool = False
    basis: str = ""


def safe_name(given: str) -> str:
    """Return a file's name as a message can carry it: no folder, nothing hidden or strange.

    Raises:
        BadInput: when nothing is left of it.
    """
    plain = _STRANGE.sub("_", given.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if len(plain) > LONGEST_NAME and dot:
        plain = f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    try:
        return _NAME.validate_python(plain[:LONGEST_NAME].strip(" ."))
    except ValidationError:
        raise bad_input(
            "questions.file_name",
            _("%(name)r is no name that a file can travel under.") % {"name": given[:80]},
            mend=_("Name the file with letters and digits, such as report-2027.pdf."),
            field="file",
        ) from None


def attach(actor: Any, question: Question, file: StoredFile, about: About, *, base: int) -> Written:
    """Attach a stored file to the answer that stands at version `base`.

    Attached again, a file is described anew.

    Raises:
        BadInput: when the mark has no basis, or the name cannot travel.
    """
    if about.confidential and not about.basis:
        raise bad_input(
            "questions.no_basis",
            _("The file is marked confidential without a basis."),
            mend=_("Choose on what confidentiality rests, or take the mark away."),
            field="basis",
        )
    with change(actor, "question.evidence.attached", question.subject, sha256=file.sha256) as entry:
        draft = locked(question)
        held = Attachment.objects.create(
            draft=draft,
            file=file,
            name=safe_name(about.name),
            about=about.what.strip(),
            dated=about.dated,
            confidential=about.confidential,
            basis=about.basis if about.confidential else "",
            attached_by=actor,
        )
        entry.note(name=held.name, dated=str(held.dated), confidential=held.confidential)
        content = _current(draft)
        files = tuple(dict.fromkeys((*content.evidence, file.sha256)))
        return write(actor, question, content.with_evidence(files), base=base)


def take_off(actor: Any, question: Question, sha256: str, *, base: int) -> Written:
    """Let the answer at version `base` rest on a file no more; the file stays in the history."""
    with change(actor, "question.evidence.taken_off", question.subject, file=sha256):
        content = _current(locked(question))
        files = tuple(item for item in content.evidence if item != sha256)
        return write(actor, question, content.with_evidence(files), base=base)


def described(draft: Draft) -> dict[str, Attachment]:
    """Return what was last said of each file of an answer, by its SHA-256."""
    rows: QuerySet[Attachment] = draft.attachments.all()
    return {item.file.sha256: item for item in sorted(rows, key=lambda item: item.pk)}


def _current(draft: Draft) -> AnswerContent:
    version: AnswerVersion | None = draft.current
    return version.answer if version else NOTHING
