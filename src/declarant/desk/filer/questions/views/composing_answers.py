"""Putting an answer set together: which answers, what the checks say, who certifies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.filings.people import holders_of
from declarant.desk.filer.questions.clocks import asked_now
from declarant.desk.filer.questions.composing import (
    Plan,
    open_correction,
    plan,
    questions_of,
    sendable,
    sent_packages,
)
from declarant.desk.filer.questions.models import (
    AnswerPackage,
    Draft,
    Question,
    QuestionSetRecord,
    SentAnswer,
)
from declarant.desk.filer.questions.preparing import document_of, prepare
from declarant.desk.filer.questions.standing import STATUS, State
from declarant.desk.filer.questions.views.outgoing import context_of, outgoing_at
from declarant.desk.filer.questions.views.telling import saved_as, tell
from declarant.filing.pdf import render as rendered
from declarant.problems import BadInput


@access(get=Power.READ, post=Power.PREPARE)
def compose(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose answers, read what the checks say, give reasons, name the officer, prepare."""
    record = get_object_or_404(QuestionSetRecord.objects.select_related("arrival__document"), pk=pk)
    given = request.POST if request.method == "POST" else request.GET
    questions = questions_of(record)
    correction, sent = open_correction(record), sent_packages(record)
    replaced = _replaced(sent, given, correction)
    offered = _offered(sendable(record, questions), replaced, sent)
    chosen = set(given.getlist("key")) if "chosen" in given else {item.key for item in offered}
    planned = plan(
        record,
        chosen,
        supersedes=replaced,
        corrects=_corrects(correction, replaced),
        questions=questions,
    )
    reasons = {
        name.removeprefix("reason-"): str(value)[:4000]
        for name, value in given.items()
        if name.startswith("reason-")
    }
    officers = [item for item in holders_of(Power.CERTIFY) if item.pk != request.user.pk]
    if request.method == "POST" and given.get("act") == "prepare":
        officer = next((item for item in officers if str(item.pk) == given.get("officer")), None)
        try:
            package = prepare(request.user, planned, officer, reasons)
        except BadInput as problem:
            tell(request, problem)
        else:
            messages.success(request, _("Prepared. The certifying officer was told."))
            return redirect("questions:package", package.pk)
    context = {
        "set": record,
        "offered": offered,
        "chosen": chosen,
        "plan": planned,
        "correction": correction,
        "replaced": replaced,
        "sent": sent,
        "checks": _checks(planned, request.user, reasons),
        "officers": officers,
        "officer": given.get("officer", ""),
        "waiting": _waiting(questions),
        "under_way": record.packages.filter(
            state__in=[AnswerPackage.State.READY, AnswerPackage.State.CERTIFIED]
        ).first(),
        "can": {power.value: request.user.has(power) for power in Power},
    }
    if given.get("act") == "preview" and planned.items:
        document, _checked = document_of(planned, request.user, None, reasons)
        return saved_as(
            rendered(document).pdf, f"answers-{record.pk}-preview.pdf", "application/pdf"
        )
    status = 422 if request.method == "POST" else 200
    return render(request, "questions/compose.html", context, status=status)


@access(get=Power.READ)
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one answer set: its answers, remarks, people, how far it has come."""
    row = outgoing_at("answers", pk)
    context = context_of(request, row)
    return render(request, "questions/package.html", context)


def _replaced(sent: list[AnswerPackage], given: Any, correction: Any) -> AnswerPackage | None:
    """Return the set that is to be replaced: the one returned, or the one a person chose."""
    if correction is not None and given.get("part") != "1":
        replaced: AnswerPackage = correction.package
        return replaced
    wanted = given.get("supersedes", "")
    return next((item for item in sent if str(item.pk) == wanted), None)


def _corrects(correction: Any, replaced: AnswerPackage | None) -> Any:
    if correction is not None and replaced is not None and correction.package_id == replaced.pk:
        return correction
    return None


def _offered(
    ready: list[Question], replaced: AnswerPackage | None, sent: list[AnswerPackage]
) -> list[Question]:
    """Return the approved answers that can go into the set: for a correction, those it holds."""
    looked_at = [replaced] if replaced else sent
    rows = SentAnswer.objects.filter(package__in=looked_at).values_list("question_id", flat=True)
    held = set(rows)
    return [item for item in ready if (item.pk in held) == (replaced is not None)]


def _checks(planned: Plan, user: Any, reasons: dict[str, str]) -> Any:
    if not planned.items:
        return ()
    return document_of(planned, user, None, reasons)[1]


def _waiting(questions: list[Question]) -> list[dict[str, Any]]:
    """Return the questions that are put and have no approved answer, with the status to show."""
    put = asked_now(questions)
    settled = (Draft.State.APPROVED, Draft.State.SENT)
    return [
        {"question": item, "draft": item.draft, "status": STATUS[State(item.draft.state)]}
        for item in questions
        if item.key in put and item.draft.state not in settled
    ]
