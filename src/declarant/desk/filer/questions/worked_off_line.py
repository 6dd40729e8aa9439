"""Work off line: a spreadsheet or a document goes out with the questions and comes back filled in.

What comes back is shown first: what would change, question by question. Confirmed, each change is a
new version written over the version that went out; one that meets a newer version stands aside, so
that nothing is lost. Notes, and whatever could not be read, become remarks at their question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.audit import change
from declarant.desk.filer.questions import discussing
from declarant.desk.filer.questions.attaching import described
from declarant.desk.filer.questions.bases import grounds_of
from declarant.desk.filer.questions.carrying import Former, formers_of
from declarant.desk.filer.questions.clocks import clock_of_set
from declarant.desk.filer.questions.composing import questions_of
from declarant.desk.filer.questions.content import NOTHING, AnswerContent
from declarant.desk.filer.questions.differences import Piece, difference, text_of
from declarant.desk.filer.questions.drafting import write
from declarant.desk.filer.questions.models import (
    AnswerVersion,
    Attachment,
    OfflineUpload,
    Question,
    QuestionSetRecord,
)
from declarant.desk.filer.questions.standing import sets_with_clocks
from declarant.desk.vault.models import StoredFile
from declarant.filing.exchange.carrying_over import standing
from declarant.filing.offline import (
    DraftAnswer,
    Returned,
    ReturnedAnswer,
    Work,
    read_document,
    read_workbook,
    said,
    write_document,
    write_workbook,
)
from declarant.problems import Finding, bad_input

SPREADSHEET, DOCUMENT = "xlsx", "docx"
LARGEST = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Changed:
    """What a file would do to one question.

    Attributes:
        question: the question.
        answer: what the file says.
        pieces: against the version that stands now.
        in_conflict: whether it would stand aside: another version is current, or none may be
            written now.
        standing_now: number of the version that stands now.
    """

    question: Question
    answer: ReturnedAnswer
    pieces: tuple[Piece, ...]
    in_conflict: bool
    standing_now: int

    @property
    def content(self) -> AnswerContent:
        """What the file says, as an answer."""
        return AnswerContent(
            passages=self.answer.passages,
            not_known=self.answer.not_known,
            evidence=self.answer.evidence,
        )


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that came back, read: what it changes, and what was found in it."""

    changes: tuple[Changed, ...]
    findings: tuple[Finding, ...]
    unread: tuple[str, ...]


def handed_out(record: QuestionSetRecord, form: str) -> bytes:
    """Return the file for work off line, with the answers as they stand: xlsx or docx."""
    work = _work(record, questions_of(record))
    return write_workbook(work) if form == SPREADSHEET else write_document(work)


def keep(actor: Any, record: QuestionSetRecord, file: StoredFile, name: str) -> OfflineUpload:
    """Keep a file that came back, to be looked at and confirmed.

    Raises:
        BadInput: when it is not one that was handed out for these questions.
    """
    look_at(record, file.read(), name)
    with change(actor, "questions.offline.uploaded", record.subject, sha256=file.sha256):
        return OfflineUpload.objects.create(
            question_set=record, file=file, name=name[:255], uploaded_by=actor
        )


def look_at(record: QuestionSetRecord, data: bytes, name: str) -> Looked:
    """Return what a file would change as things stand now; changes nothing.

    Raises:
        BadInput: when it cannot be read, or was made for other questions.
    """
    questions = questions_of(record)
    returned = _read(data, name, _work(record, questions))
    by_key = {item.key: item for item in questions}
    changes = []
    for answer in returned.answers:
        question = by_key.get(answer.question)
        if question is not None and (answer.touched or answer.notes or answer.unread):
            changes.append(_changed(question, answer))
    return Looked(tuple(changes), returned.findings, returned.unread)


def take_over(actor: Any, upload: OfflineUpload, chosen: set[str] | None = None) -> tuple[int, int]:
    """Take over what a file changes; return how many versions were made, and how many stand aside.

    Args:
        actor: who confirms.
        upload: the file.
        chosen: keys of the questions to take over; None: all.

    Raises:
        BadInput: when it was taken over already.
    """
    record = upload.question_set
    looked = look_at(record, upload.file.read(), upload.name)
    origin = AnswerVersion.Origin.SPREADSHEET
    if not upload.name.lower().endswith(f".{SPREADSHEET}"):
        origin = AnswerVersion.Origin.DOCUMENT
    made = aside = 0
    with change(
        actor, "questions.offline.taken_over", record.subject, sha256=upload.file.sha256
    ) as entry:
        if not OfflineUpload.objects.filter(pk=upload.pk, taken=None).update(taken=timezone.now()):
            raise bad_input(
                "questions.taken_over",
                _("This file was taken over already."),
                mend=_("Upload the newest file."),
            )
        for item in looked.changes:
            if chosen is not None and item.question.key not in chosen:
                continue
            if item.answer.touched:
                _known_there(actor, item)
                written = write(
                    actor, item.question, item.content, base=item.answer.version, origin=origin
                )
                made += written.is_new and not written.in_conflict
                aside += written.is_new and written.in_conflict
            _remarks(actor, item)
        entry.note(versions=made, aside=aside, unread=list(looked.unread)[:50])
    return made, aside


def _changed(question: Question, answer: ReturnedAnswer) -> Changed:
    draft = question.draft
    current = draft.current.answer if draft.current else NOTHING
    names = {digest: row.name for digest, row in described(draft).items()}
    content = AnswerContent(
        passages=answer.passages, not_known=answer.not_known, evidence=answer.evidence
    )
    return Changed(
        question=question,
        answer=answer,
        pieces=difference(text_of(current, names), text_of(content, names)),
        in_conflict=answer.touched
        and content != current
        and (not draft.is_open or answer.version != draft.number),
        standing_now=draft.number,
    )


def _remarks(actor: Any, item: Changed) -> None:
    if item.answer.notes.strip():
        discussing.say(actor, item.question, item.answer.notes[: discussing.LONGEST])
    if item.answer.unread:
        told = _("In the file, and not read as an answer:") + "\n" + "\n".join(item.answer.unread)
        discussing.say(actor, item.question, told[: discussing.LONGEST])


def _known_there(actor: Any, item: Changed) -> None:
    """Attach to the question what the file names of other questions' evidence."""
    held = set(described(item.question.draft))
    named = {*item.content.evidence, *(p.file for p in item.content.passages if p.type == "file")}
    for digest in sorted(named - held):
        row = (
            Attachment.objects.filter(
                file__sha256=digest,
                draft__question__question_set=item.question.question_set,
            )
            .order_by("-pk")
            .first()
        )
        if row is not None:
            Attachment.objects.create(
                draft=item.question.draft,
                file_id=row.file_id,
                name=row.name,
                about=row.about,
                dated=row.dated,
                confidential=row.confidential,
                basis=row.basis,
                attached_by=actor,
            )


def _read(data: bytes, name: str, work: Work) -> Returned:
    if name.lower().endswith(f".{SPREADSHEET}"):
        return read_workbook(data, name, work)
    if name.lower().endswith(f".{DOCUMENT}"):
        return read_document(data, name, work)
    raise bad_input(
        "questions.offline_kind",
        _("is neither a spreadsheet (.xlsx) nor a document (.docx)."),
        mend=_("Save it in the form in which you took it from here."),
        file=name,
    )


def _work(record: QuestionSetRecord, questions: list[Question]) -> Work:
    formers = formers_of(questions)
    names: dict[str, str] = {}
    for item in questions:
        names |= {digest: row.name for digest, row in described(item.draft).items()}
    clocked = sets_with_clocks(QuestionSetRecord.objects.filter(pk=record.pk)).get()
    return Work(
        questions=record.document,
        drafts=tuple(_draft(item, formers.get(item.pk), names) for item in questions),
        files=names,
        grounds=grounds_of(record.regime),
        due=clock_of_set(clocked).due,
    )


def _draft(question: Question, former: Former | None, names: dict[str, str]) -> DraftAnswer:
    draft = question.draft
    content = draft.current.answer if draft.current else NOTHING
    answer = content.answers(question.asked, former.reference if former else None)
    state = standing(answer, former.answer if former else None)[0] if answer else None
    return DraftAnswer(
        question=question.key,
        passages=content.passages,
        not_known=content.not_known,
        evidence=content.evidence,
        version=draft.number,
        standing=state,
        former=said(former.answer.passages, names) if former else "",
    )
