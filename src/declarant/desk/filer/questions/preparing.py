"""A planned answer set made into a document with its form, and handed to the certifying officer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext as _

from declarant.desk.access import Power
from declarant.desk.audit import change
from declarant.desk.filer.questions.checks import Check, checks_of, remarks
from declarant.desk.filer.questions.composing import Plan
from declarant.desk.filer.questions.models import (
    AnswerPackage,
    Draft,
    Extension,
    QuestionSetRecord,
    SentAnswer,
)
from declarant.desk.filer.questions.replied_to import original_of
from declarant.desk.vault import store_bytes
from declarant.desk.work.outbox import post
from declarant.filing.exchange import making
from declarant.filing.exchange.from_agency import ExtensionDecision
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.exchange.sending import ready
from declarant.filing.parts import Contact, Contacts
from declarant.filing.published import PUBLISHED, Published
from declarant.filing.statements import ALL
from declarant.filing.verification.exchange.consistency import check_consistency
from declarant.law import load_regime
from declarant.problems import BadInput, bad_input


def document_of(
    plan: Plan, preparer: Any, officer: Any | None, reasons: Mapping[str, str]
) -> tuple[AnswerSet, tuple[Check, ...]]:
    """Return the document of a plan, and everything that was found in it.

    Raises:
        BadInput: when the plan holds no answer.
    """
    if not plan.items:
        raise bad_input(
            "questions.nothing_chosen",
            _("No approved answer is chosen."),
            mend=_("Choose at least one; answers must be approved before they are sent."),
            field="keys",
        )
    record = plan.record
    law = load_regime(record.regime)
    before = checks_of(plan.findings, reasons)

    def made(checks: tuple[Check, ...]) -> AnswerSet:
        return making.answer_set(
            law,
            parties(record, preparer, officer),
            plan.day,
            record.document,
            (plan.corrects or record).arrival.received,
            [item.answer for item in plan.items],
            evidence=plan.evidence.attached,
            version=plan.number,
            supersedes=plan.supersedes.answer_set if plan.supersedes else None,
            corrects=plan.corrects.document if plan.corrects else None,
            extended=_extended(plan),
            left_for_later=plan.left_for_later,
            remarks=remarks(checks, preparer.name, plan.day),
            ticked=(ALL,),
        )

    document = made(before)
    known = {(item.code, item.what) for item in plan.findings}
    more = [item for item in check_consistency(document) if (item.code, item.what) not in known]
    if not more:
        return document, before
    checks = checks_of((*plan.findings, *more), reasons)
    return made(checks), checks


def prepare(actor: Any, plan: Plan, officer: Any, reasons: Mapping[str, str]) -> AnswerPackage:
    """Make the answer set of a plan; its officer is told by mail.

    Raises:
        BadInput: when something blocks it or waits for a reason, the officer may not certify it,
            another set is under way, or an answer was changed meanwhile.
    """
    require_officer(actor, officer)
    document, checks = document_of(plan, actor, officer, reasons)
    _settled(checks)
    filing = ready(document, plan.evidence.read())
    form = next(item for item in filing.attachments if item.role == "form")
    record = plan.record
    try:
        with change(actor, "questions.answers.prepared", record.subject) as entry:
            for item in plan.items:
                _still_so(item.question.pk, item.version.pk, plan)
            package = AnswerPackage.objects.create(
                question_set=record,
                number=plan.number,
                corrects=plan.corrects,
                supersedes=plan.supersedes,
                reasons={item.key: item.reason for item in checks if item.reason},
                remarks=[item.model_dump(mode="json") for item in document.remarks],
                document=store_bytes(document.as_bytes(), name=f"{document.kind}.json"),
                ref=document.id,
                form=store_bytes(form.data, name=form.name),
                prepared_by=actor,
                officer=officer,
            )
            SentAnswer.objects.bulk_create(
                SentAnswer(
                    package=package,
                    question=item.question,
                    version=item.version,
                    content=answer.model_dump(mode="json"),
                )
                for item, answer in zip(plan.items, document.answers, strict=True)
            )
            entry.subject = package.subject
            entry.note(
                document=document.id,
                sha256=package.document.sha256,
                form={"sha256": package.form.sha256},
                answers=[answer.question for answer in document.answers],
                reasons=package.reasons,
                officer=officer.email,
            )
            tell_officer(actor, officer, package, reverse("questions:package", args=[package.pk]))
    except IntegrityError:
        raise bad_input(
            "questions.under_way",
            _("Another answer set to these questions is prepared and not sent yet."),
            mend=_("Send it, or discard it, then prepare this one."),
        ) from None
    return package


def discard(actor: Any, row: AnswerPackage | Extension, reason: str) -> None:
    """Give up what was prepared and not signed; it stays to be read.

    Raises:
        BadInput: when no reason is given, or it was signed meanwhile.
    """
    if not reason.strip():
        raise bad_input(
            "questions.no_reason",
            _("No reason is given."),
            mend=_("Say why it is not sent, and what is to be changed."),
            field="reason",
        )
    model = type(row)
    with change(actor, "questions.discarded", row.subject, reason=reason.strip()):
        won = model.objects.filter(pk=row.pk, state=model.State.READY).update(
            state=model.State.DISCARDED
        )
        if not won:
            raise bad_input(
                "questions.moved_on",
                _("It is signed or discarded by now."),
                mend=_("Look at it again."),
            )


def require_officer(preparer: Any, officer: Any) -> None:
    """Refuse an officer who is the preparer, or who may not certify.

    Raises:
        BadInput: saying which.
    """
    if officer is None or officer.pk == preparer.pk:
        raise bad_input(
            "questions.one_person",
            _("Whoever prepares this does not certify it."),
            mend=_("Name somebody else as the certifying officer."),
            field="officer",
        )
    if not officer.has(Power.CERTIFY):
        raise bad_input(
            "questions.no_officer",
            _("%(name)s is not a certifying officer.") % {"name": officer},
            mend=_("Name somebody with that role, or ask an administrator to give it."),
            field="officer",
        )


def parties(record: QuestionSetRecord, preparer: Any, officer: Any | None) -> making.Parties:
    """Return who reports and who asks, with the people who act now."""
    asked = record.document
    person = asked.person
    if person is None and (original := original_of(asked)) is not None:
        person = original.document.person
    contacts = Contacts(
        preparer=_contact(preparer),
        certifying_officer=_contact(officer) if officer else None,
        others=asked.contacts.others,
    )
    return making.Parties(person, contacts, asked.agency, asked.officer, asked.case)


def tell_officer(actor: Any, officer: Any, row: AnswerPackage | Extension, where: str) -> None:
    """Tell the certifying officer by mail that something waits."""
    post(
        key=f"{row.subject}:{row.pk}:ready",
        to=[officer.email],
        subject=_("To certify: %(what)s") % {"what": row},
        text=_("%(name)s has prepared this and asks you to certify it:\n\n%(where)s\n")
        % {"name": actor.name, "where": f"{settings.DESK.public_url}{where}"},
    )


def _contact(person: Any) -> Contact:
    return Contact(name=person.name, title=person.title or None, email=person.email, phone=None)


def _extended(plan: Plan) -> ExtensionDecision | None:
    """Return the signed decision that gave more time for all of it; None when there is none."""
    rows = plan.record.extensions.filter(
        state=Extension.State.GRANTED, correction=plan.corrects, decision__isnull=False, keys=[]
    )
    last = rows.select_related("decision__document").order_by("decided_on", "pk").last()
    if last is None or last.decision.document is None:
        return None
    found: Published = PUBLISHED.validate_json(last.decision.document.read())
    return found if isinstance(found, ExtensionDecision) else None


def _settled(checks: tuple[Check, ...]) -> None:
    findings = tuple(item.finding for item in checks if item.blocks or item.waits)
    if findings:
        raise BadInput(findings)


def _still_so(question: int, version: int, plan: Plan) -> None:
    """Refuse when an answer is no longer the approved version that was planned."""
    if plan.supersedes is not None and plan.supersedes.answers.filter(version=version).exists():
        return
    draft = Draft.objects.select_for_update().get(pk=question)
    if draft.state != Draft.State.APPROVED or draft.current_id != version:
        raise bad_input(
            "questions.moved_on",
            _("An answer was changed since this was planned."),
            mend=_("Look at the plan again."),
        )
