"""What follows from a document of the agency once it was verified: rows, and clocks that run.

Called inside the change that records the arrival, so that both are there or neither.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from declarant.desk.audit import record
from declarant.desk.filer.deadlines.refreshing import refresh
from declarant.desk.filer.filings import receipts
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.questions.models import (
    AnswerPackage,
    Arrival,
    CorrectionRecord,
    Draft,
    Extension,
    Question,
    QuestionSetRecord,
    ReturnedAnswer,
    Step,
)
from declarant.desk.filer.questions.replied_to import Original
from declarant.desk.filer.questions.sending import mark_sent
from declarant.filing.exchange.from_agency import (
    CorrectionNotice,
    ExtensionDecision,
    QuestionSet,
    Receipt,
)
from declarant.filing.published import Published
from declarant.problems import bad_input


def take_in(actor: Any, arrival: Arrival, document: Published, original: Original) -> None:
    """Make of an accepted document what follows from it.

    Raises:
        BadInput: when it contradicts what stands here already.
    """
    row = original.row
    if isinstance(document, QuestionSet):
        _questions(actor, arrival, document, row)
    elif isinstance(document, CorrectionNotice) and isinstance(row, AnswerPackage):
        _correction(actor, arrival, document, row)
    elif isinstance(document, ExtensionDecision) and isinstance(row, Extension):
        _decision(actor, arrival, document, row)
    elif isinstance(document, Receipt):
        _receipt(actor, arrival, document, row)
    clocks_moved(actor)


def clocks_moved(actor: Any) -> None:
    """Let the clocks of the desk be worked out anew, inside the change that moves them."""
    refresh(actor)


def _questions(
    actor: Any, arrival: Arrival, document: QuestionSet, row: Filing | AnswerPackage | Extension
) -> None:
    held = QuestionSetRecord.objects.create(
        arrival=arrival,
        ref=document.id,
        stage=document.stage,
        regime=document.regime.id,
        case=document.case or "",
        prepared_on=document.prepared_on,
        letter=document.letter or "",
        about_ref=document.replies_to.id if document.replies_to else "",
        follows=row if isinstance(row, AnswerPackage) else None,
    )
    rows = Question.objects.bulk_create(
        Question(
            question_set=held,
            position=position,
            key=question.id,
            topic=question.topic,
            area=question.area or "",
            kind=question.asks.type,
            text=question.text,
            content=question.model_dump(mode="json"),
        )
        for position, question in enumerate(document.questions)
    )
    Draft.objects.bulk_create(Draft(question=question) for question in rows)
    record(
        actor,
        "questions.received",
        held.subject,
        document=document.id,
        questions=len(rows),
        stage=document.stage,
    )


def _correction(
    actor: Any, arrival: Arrival, document: CorrectionNotice, package: AnswerPackage
) -> None:
    held = CorrectionRecord.objects.create(
        arrival=arrival,
        ref=document.id,
        question_set=package.question_set,
        package=package,
        prepared_on=document.prepared_on,
        letter=document.letter or "",
    )
    answered = {
        item.question.key: item
        for item in package.answers.select_related("question", "version", "question__draft")
    }
    for item in document.returned:
        sent = answered[item.question]  # `matches` has seen to it
        ReturnedAnswer.objects.create(
            correction=held, question=sent.question, why=item.why, asks_for=item.asks_for or ""
        )
        draft = sent.question.draft
        if draft.state == Draft.State.SENT:
            Step.objects.create(
                draft=draft,
                kind=Step.Kind.REOPENED,
                version=draft.current,
                reason=item.why,
                by=actor,
            )
            Draft.objects.filter(pk=draft.pk).update(
                state=Draft.State.DRAFT, changed=arrival.imported
            )
    record(
        actor,
        "questions.answers.returned",
        package.subject,
        document=document.id,
        questions=[item.question for item in document.returned],
    )


def _decision(
    actor: Any, arrival: Arrival, document: ExtensionDecision, extension: Extension
) -> None:
    granted = Extension.State.GRANTED if document.granted else Extension.State.REFUSED
    open_states = (Extension.State.CERTIFIED, Extension.State.SENT)
    won = Extension.objects.filter(pk=extension.pk, state__in=open_states).update(
        state=granted,
        decided_on=document.prepared_on,
        granted_until=document.until,
        decision_reason=document.reason or "",
        decision=arrival,
        recorded=arrival.imported,
        recorded_by=actor,
    )
    if not won:
        raise bad_input(
            "questions.decided",
            _("A decision on this request was recorded already."),
            mend=_("Compare the two, and ask the agency which one holds."),
        )
    record(
        actor,
        "questions.extension.decided",
        extension.subject,
        granted=document.granted,
        until=str(document.until),
        document=document.id,
    )


def _receipt(
    actor: Any, arrival: Arrival, document: Receipt, row: Filing | AnswerPackage | Extension
) -> None:
    if isinstance(row, Filing):
        receipts.take_in(actor, arrival.message.read())
        return
    accepted = document.outcome == "accepted"
    mark_sent(actor, row, datetime.fromisoformat(document.received_at))
    if isinstance(row, AnswerPackage):
        AnswerPackage.objects.filter(pk=row.pk).update(
            state=AnswerPackage.State.RECEIVED, receipt=arrival, accepted=accepted
        )
    else:
        Extension.objects.filter(pk=row.pk).update(receipt=arrival)
    record(actor, "questions.receipt", row.subject, accepted=accepted, document=document.id)
