"""Sending what was signed: by mail from this desk, or by hand. Always the same bytes, once.

Mail waits in the outbox under a key of its own; what it carries counts as sent when the mail server
has accepted it.
"""

from __future__ import annotations

from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import default
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.audit import change, record
from declarant.desk.audit.heads import make_head
from declarant.desk.filer.deadlines.refreshing import refresh
from declarant.desk.filer.filings.stored import intact
from declarant.desk.filer.questions.certifying import Outgoing
from declarant.desk.filer.questions.models import AnswerPackage, Draft, Extension, Step
from declarant.desk.filer.questions.models.packages import Way
from declarant.desk.vault.models import StoredFile
from declarant.desk.work.models import Letter
from declarant.desk.work.outbox import leaves, post_raw
from declarant.problems import BadInput, bad_input


def letter_key(row: Outgoing) -> str:
    """Return the key under which the outbox holds the message of a row."""
    return f"{row.subject}:{row.pk}:{content_of(row).sha256[:16]}"


def content_of(row: Outgoing) -> StoredFile:
    """Return the bytes that are sent: encrypted when the agency has a certificate for that.

    Raises:
        BadInput: when it is not signed.
    """
    content = row.sealed or row.message
    if content is None:
        raise bad_input(
            "questions.not_certified",
            _("Only what was certified is sent."),
            mend=_("Let the certifying officer sign it first."),
        )
    return content


def mailbox_of(row: Outgoing) -> str:
    """Return the address that the message itself names, so that envelope and letter agree."""
    with content_of(row).path.open("rb") as file:
        head = BytesHeaderParser(policy=default).parsebytes(file.read(64 * 1024))
    to = head["To"]
    return to.addresses[0].addr_spec if to and to.addresses else ""


def send(actor: Any, row: Outgoing) -> Letter:
    """Put the signed message into the outbox; asked for twice, it is one mail.

    Raises:
        BadInput: when it is not signed, was recorded as sent by hand, names no mailbox, or no mail
            server is set.
    """
    content, address = content_of(row), mailbox_of(row)
    intact(content)
    if not leaves():  # a message that is merely kept as a file would count as sent
        raise bad_input(
            "questions.no_mail_server",
            _("this desk knows no address to send to by that way."),
            mend=_("Download the message, send it by hand, and record that here."),
        )
    if not address:
        raise bad_input(
            "questions.no_mailbox",
            _("The agency's questions name no mailbox to answer to."),
            mend=_("Download the message, send it by hand, and record that here."),
        )
    model = type(row)
    with change(actor, "questions.sending_asked", row.subject, sha256=content.sha256) as entry:
        entry.note(to=address)
        won = model.objects.filter(
            pk=row.pk, state=model.State.CERTIFIED, way__in=["", Way.SMTP]
        ).update(way=Way.SMTP, sent_by=actor)
        if not won:
            raise _gone()
        return post_raw(key=letter_key(row), to=[address], message=content)


def sent_by_hand(actor: Any, row: Outgoing, when: datetime, note: str) -> None:
    """Record that a person sent the downloaded message, when and how.

    Raises:
        BadInput: when it was not signed by then, is on its way by mail, or nothing says how.
    """
    content = content_of(row)
    if row.certified is None or not row.certified <= when <= timezone.now():
        raise bad_input(
            "questions.sent_when",
            _("It cannot have been sent before it was signed, or in the future."),
            mend=_("Give the moment at which it left."),
            field="when",
        )
    if not note.strip():
        raise bad_input(
            "questions.sent_how",
            _("It is not said how the message was sent."),
            mend=_("Say from which mailbox, through which portal, or by which courier it went."),
            field="note",
        )
    model = type(row)
    with change(actor, "questions.sent_by_hand", row.subject, sha256=content.sha256) as entry:
        entry.note(when=when.isoformat(), note=note.strip())
        won = model.objects.filter(pk=row.pk, state=model.State.CERTIFIED, way="").update(
            way=Way.DOWNLOAD, sent_by=actor
        )
        if not won:
            raise _gone()
        mark_sent(actor, row, when)


def mark_sent(actor: Any, row: Outgoing, when: datetime) -> bool:
    """Count a row as sent from a moment on, inside a change; return whether it did not before."""
    model = type(row)
    won = model.objects.filter(pk=row.pk, state=model.State.CERTIFIED).update(
        state=model.State.SENT, sent=when
    )
    if not won:
        return False
    if isinstance(row, AnswerPackage):
        _answers_sent(row)
    record(actor, "questions.sent", row.subject, document=row.ref, when=when.isoformat())
    refresh(actor)
    transaction.on_commit(partial(make_head, "answers sent"), robust=True)
    return True


def settle() -> int:
    """Count as sent what mail servers have accepted since; return how many."""
    done = 0
    for model in (AnswerPackage, Extension):
        rows = model.objects.filter(state=model.State.CERTIFIED, way=Way.SMTP)
        for row in rows.select_related("message", "sealed", "question_set"):
            letter = Letter.objects.filter(key=letter_key(row), state=Letter.State.SENT).first()
            if letter is None or letter.sent is None:
                continue
            with change("worker", "questions.mail_accepted", row.subject, letter=letter.key):
                done += mark_sent("worker", row, letter.sent)
    return done


def _answers_sent(package: AnswerPackage) -> None:
    """Let each answer of a set stand as sent, when it is still the version that went out."""
    for answer in package.answers.select_related("version"):
        moved = Draft.objects.filter(
            pk=answer.question_id, state=Draft.State.APPROVED, current=answer.version
        ).update(state=Draft.State.SENT, changed=timezone.now())
        if moved:
            Step.objects.create(
                draft_id=answer.question_id,
                kind=Step.Kind.SENT,
                version=answer.version,
                by_id=package.sent_by_id or package.officer_id,
            )


def _gone() -> BadInput:
    return bad_input(
        "questions.sent_already",
        _("It is not signed yet, was sent already, or is on its way."),
        mend=_("Look at it again."),
    )
