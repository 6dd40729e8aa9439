"""Prepared, certified, sent: an answer set or a request for more time, by the same steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from declarant.desk.access import Power, access
from declarant.desk.filer.filings.signing_forms import SigningForm
from declarant.desk.filer.filings.uploads import in_memory
from declarant.desk.filer.questions.certifying import Outgoing, certify
from declarant.desk.filer.questions.forms.others import ReasonForm, SentByHandForm
from declarant.desk.filer.questions.models import AnswerPackage, Extension
from declarant.desk.filer.questions.preparing import discard
from declarant.desk.filer.questions.sending import letter_key, mailbox_of, send, sent_by_hand
from declarant.desk.filer.questions.views.reauthenticating import first_sign_in_again
from declarant.desk.filer.questions.views.telling import given_out, onto, tell
from declarant.desk.work.models import Letter
from declarant.desk.work.outbox import leaves
from declarant.filing.parts import Statement
from declarant.filing.published import PUBLISHED
from declarant.law import load_regime
from declarant.problems import BadInput

_KINDS: dict[str, type[Outgoing]] = {"answers": AnswerPackage, "extensions": Extension}
STEPS = [
    gettext_lazy("Prepared"),
    gettext_lazy("Certified"),
    gettext_lazy("Sent"),
    gettext_lazy("Received"),
]


def outgoing_at(kind: str, pk: int) -> Outgoing:
    """Return an answer set or a request, or answer 404."""
    if kind not in _KINDS:
        raise Http404
    rows = _KINDS[kind].objects.select_related(
        "question_set__arrival", "document", "message", "sealed", "prepared_by", "officer",
        "certified_by", "sent_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def page_of(row: Outgoing) -> str:
    """Return the address of its page."""
    return reverse(
        f"questions:{'package' if kind_of(row) == 'answers' else 'extension'}", args=[row.pk]
    )


def kind_of(row: Outgoing) -> str:
    """Return the word for it in addresses."""
    return "answers" if isinstance(row, AnswerPackage) else "extensions"


def context_of(request: HttpRequest, row: Outgoing) -> dict[str, Any]:
    """Return what pages of both show: state, people, what may be done next."""
    user = request.user
    zone = load_regime(row.question_set.regime).zone.name
    is_signed = row.message_id is not None
    letter = Letter.objects.filter(key=letter_key(row)).first() if is_signed else None
    return {
        "row": row,
        "kind": kind_of(row),
        "set": row.question_set,
        "steps": STEPS,
        "step": {"ready": 1, "certified": 2, "sent": 3}.get(row.state, 4),
        "document": PUBLISHED.validate_json(row.document.read()),
        "zone": zone,
        "letter": letter,
        "mailbox": mailbox_of(row) if is_signed and leaves() else "",
        "may_certify": user.pk == row.officer_id and user.has(Power.CERTIFY),
        "may_send": user.has(Power.SEND),
        "may_discard": user.pk in (row.prepared_by_id, row.officer_id),
        "reason": ReasonForm(prefix="reason"),
        "by_hand": SentByHandForm(zone=zone, prefix="hand"),
        "can": {power.value: user.has(power) for power in Power},
    }


class StatementsForm(forms.Form):
    """Each statement, ticked by itself."""

    def __init__(self, *args: Any, statements: tuple[Statement, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in statements:
            self.fields[item.id] = forms.BooleanField(
                label=item.text,
                error_messages={"required": _("Certifying means making this statement.")},
            )


@in_memory
@sensitive_post_parameters("secret")
@access(get=Power.CERTIFY, post=Power.CERTIFY)
def certifying(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Make each statement and sign; only the officer who was named, after signing in again."""
    row = outgoing_at(kind, pk)
    here = reverse("questions:certify", args=[kind, pk])
    asked = first_sign_in_again(request, here)
    if asked is not None:
        return asked
    if row.state != row.State.READY or row.officer_id != request.user.pk:
        messages.error(request, _("It waits for another person, or for nobody any more."))
        return redirect(page_of(row))
    statements = getattr(PUBLISHED.validate_json(row.document.read()), "statements", ())
    given = request.POST if request.method == "POST" else None
    stated = StatementsForm(given, statements=statements, prefix="state")
    signing = SigningForm(given, request.FILES or None, person=request.user)
    if given is not None and stated.is_valid() & signing.is_valid():
        uploaded = signing.cleaned_data.get("file")
        try:
            certify(
                request.user,
                row,
                signing.cleaned_data["key"],
                document=request.POST.get("document", ""),
                ticked=[item.id for item in statements],
                secret=signing.cleaned_data["secret"].encode(),
                uploaded=uploaded.read() if uploaded else None,
            )
        except BadInput as problem:
            onto(signing, problem)
        else:
            messages.success(request, _("Certified and signed. It can be sent now."))
            return redirect(page_of(row))
    context = context_of(request, row) | {"stated": stated, "signing": signing}
    status = 422 if given is not None else 200
    return render(request, "questions/certify.html", context, status=status)


@access(post=Power.SEND)
def sending(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Send by mail, or record that it was sent by hand."""
    row = outgoing_at(kind, pk)
    try:
        if request.POST.get("way") == "smtp":
            send(request.user, row)
            messages.success(
                request, _("On its way. It counts as sent when the mail server accepts it.")
            )
        else:
            zone = load_regime(row.question_set.regime).zone.name
            form = SentByHandForm(request.POST, zone=zone, prefix="hand")
            if not form.is_valid() or form.moment is None:
                template = f"questions/{'package' if kind == 'answers' else 'extension'}.html"
                context = context_of(request, row) | {"by_hand": form}
                return render(request, template, context, status=422)
            sent_by_hand(request.user, row, form.moment, form.cleaned_data["note"])
            messages.success(request, _("Recorded as sent."))
    except BadInput as problem:
        tell(request, problem)
    return redirect(page_of(row))


@access(post=Power.READ)
def discarding(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Give up what was prepared: its preparer or its officer may, until it is signed."""
    row = outgoing_at(kind, pk)
    if request.user.pk not in (row.prepared_by_id, row.officer_id):
        messages.error(request, _("Only its preparer and its certifying officer may discard it."))
        return redirect(page_of(row))
    try:
        discard(request.user, row, request.POST.get("reason-reason", ""))
    except BadInput as problem:
        tell(request, problem)
    else:
        messages.success(request, _("Discarded. The answers stay approved."))
    return redirect(page_of(row))


@access(get=Power.READ)
def file(request: HttpRequest, kind: str, pk: int, which: str) -> FileResponse:
    """Give out the document, its form or the signed message."""
    row = outgoing_at(kind, pk)
    stem = f"{'answers' if kind == 'answers' else 'extension'}-{row.pk}"
    if which == "document":
        return given_out(row.document, f"{stem}.json", "application/json")
    if which == "form" and isinstance(row, AnswerPackage):
        return given_out(row.form, f"{stem}.pdf", "application/pdf")
    if which == "form":
        from declarant.desk.filer.questions.views.telling import saved_as
        from declarant.filing.pdf import render as rendered

        made = rendered(PUBLISHED.validate_json(row.document.read()))
        return saved_as(made.pdf, f"{stem}.pdf", "application/pdf")
    if which == "message" and row.message is not None:
        return given_out(row.sealed or row.message, f"{stem}.eml", "message/rfc822")
    raise Http404
