"""Asking for more time, and what the agency decided. Only a decision moves a clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.audit import change
from declarant.desk.filer.questions.clocks import clock_of_correction, clock_of_set
from declarant.desk.filer.questions.models import (
    CorrectionRecord,
    Extension,
    QuestionSetRecord,
)
from declarant.desk.filer.questions.preparing import parties, require_officer, tell_officer
from declarant.desk.filer.questions.taking_in import clocks_moved
from declarant.desk.today import today
from declarant.desk.vault import store_bytes
from declarant.desk.vault.models import StoredFile
from declarant.filing.exchange import making
from declarant.filing.verification.exchange.consistency import check_consistency
from declarant.law import load_regime
from declarant.problems import BadInput, Finding, Severity, bad_input


def prepare_request(
    actor: Any,
    record: QuestionSetRecord,
    *,
    until: date,
    reason: str,
    officer: Any,
    keys: Iterable[str] = (),
    correction: CorrectionRecord | None = None,
) -> tuple[Extension, tuple[Finding, ...]]:
    """Make a request for more time; return it and what was found in it besides.

    Args:
        actor: who prepares it.
        record: the questions.
        until: the day until which time is asked for.
        reason: why, in words for the agency.
        officer: who signs it: somebody else.
        keys: the questions it is about; empty: all.
        correction: the notice, when it is the correction that takes longer.

    Raises:
        BadInput: when the day is not later than the one that is due, or no reason is given.
    """
    require_officer(actor, officer)
    if not reason.strip():
        raise bad_input(
            "questions.no_reason",
            _("No reason is given."),
            mend=_("Say why more time is needed, in words that the agency can follow."),
            field="reason",
        )
    law = load_regime(record.regime)
    asked = correction.document if correction else record.document
    received = (correction or record).arrival.received
    document = making.extension_request(
        law,
        parties(record, actor, officer),
        today(law),
        asked,
        making.answer_clock(
            law, record.document, received, correction.document if correction else None
        ),
        until,
        reason.strip(),
        questions=() if correction else tuple(keys),
    )
    findings = check_consistency(document)
    wrong = tuple(item for item in findings if item.severity is Severity.ERROR)
    if wrong:
        raise BadInput(wrong)
    if Extension.objects.filter(ref=document.id).exclude(state="discarded").exists():
        raise bad_input(
            "questions.asked_already",
            _("The very same request was prepared already."),
            mend=_("Look at it in the list."),
        )
    with change(actor, "questions.extension.prepared", record.subject) as entry:
        row = Extension.objects.create(
            question_set=record,
            correction=correction,
            keys=list(document.questions),
            until=until,
            reason=reason.strip(),
            document=store_bytes(document.as_bytes(), name=f"{document.kind}.json"),
            ref=document.id,
            prepared_by=actor,
            officer=officer,
        )
        entry.subject = row.subject
        entry.note(
            document=document.id, sha256=row.document.sha256, until=str(until), reason=reason
        )
        tell_officer(actor, officer, row, reverse("questions:extension", args=[row.pk]))
    return row, tuple(item for item in findings if item.code != "contacts.no_officer")


def record_decision(
    actor: Any,
    extension: Extension,
    *,
    granted: bool,
    decided_on: date,
    until: date | None,
    reason: str,
    file: StoredFile,
    file_name: str,
) -> None:
    """Record by hand what the agency decided otherwise than by a signed message; it is attached.

    Raises:
        BadInput: when the request was not sent or is decided, or the day is not one.
    """
    _can_be(extension, granted, decided_on, until)
    with change(
        actor,
        "questions.extension.decided_by_hand",
        extension.subject,
        sha256=file.sha256,
        granted=granted,
        until=str(until),
        decided_on=str(decided_on),
        reason=reason.strip(),
    ):
        won = Extension.objects.filter(pk=extension.pk, state=Extension.State.SENT).update(
            state=Extension.State.GRANTED if granted else Extension.State.REFUSED,
            decided_on=decided_on,
            granted_until=until if granted else None,
            decision_reason=reason.strip(),
            decision_file=file,
            decision_file_name=file_name[:150],
            recorded=timezone.now(),
            recorded_by=actor,
        )
        if not won:
            raise bad_input(
                "questions.decided",
                _("This request was not sent yet, or a decision on it was recorded already."),
                mend=_("Look at it again."),
            )
        clocks_moved(actor)


def _can_be(extension: Extension, granted: bool, decided_on: date, until: date | None) -> None:
    law = load_regime(extension.question_set.regime)
    if decided_on > today(law):
        raise bad_input(
            "questions.decided_later",
            _("The decision is dated in the future."),
            mend=_("Give the day that stands on it."),
            field="decided_on",
        )
    clock = (
        clock_of_correction(extension.correction)
        if extension.correction
        else clock_of_set(extension.question_set)
    )
    if granted and (until is None or (clock.law_due is not None and until <= clock.law_due)):
        raise bad_input(
            "questions.no_extension",
            _("More time was granted, but the day is no later than the one that was due."),
            mend=_("Give the new last day, as the decision states it."),
            field="until",
        )
