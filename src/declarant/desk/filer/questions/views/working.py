"""Deeds about one answer: handing in, reviewing, discussing, attaching, carrying over."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.questions import discussing, drafting, reviewing
from declarant.desk.filer.questions.attaching import About, attach, take_off
from declarant.desk.filer.questions.bases import bases_of
from declarant.desk.filer.questions.carrying import carry_over
from declarant.desk.filer.questions.evidence_at_hand import evidence_choices, evidence_chosen
from declarant.desk.filer.questions.forms.others import AttachForm, RemarkForm
from declarant.desk.filer.questions.models import Comment, Question
from declarant.desk.filer.questions.views.answering import attachment_of, question_at, show
from declarant.desk.filer.questions.views.telling import chunks_of, given_out, onto, tell
from declarant.desk.vault import store
from declarant.problems import BadInput

LARGEST = 18 * 2**20  # bytes of one file: with others it must fit into one message

Act = Callable[[HttpRequest, Question, int], str]


@access(post=Power.ANSWER)
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in, take back, open again, carry over or take over a version, as `act` says."""
    return _done(request, pk, _WORK)


@access(post=Power.APPROVE)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or return the version that was read, as `act` says."""
    return _done(request, pk, _REVIEW)


@access(post=Power.COMMENT)
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a remark."""
    held = question_at(pk)
    form = RemarkForm(request.POST, prefix="remark")
    if not form.is_valid():
        return show(request, held, remark=form, status=422)
    try:
        discussing.say(request.user, held, form.cleaned_data["text"])
    except BadInput as problem:
        onto(form, problem)
        return show(request, held, remark=form, status=422)
    return redirect(f"{held.get_absolute_url()}#remarks")


@access(post=Power.COMMENT)
def rewrite_remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Replace one's own remark; the former stays."""
    comment = get_object_or_404(
        Comment.objects.select_related("draft__question__question_set", "author"), pk=pk
    )
    try:
        discussing.rewrite(request.user, comment, request.POST.get("text", ""))
    except BadInput as problem:
        tell(request, problem)
    return redirect(f"{comment.draft.question.get_absolute_url()}#remarks")


@access(post=Power.ANSWER)
def attach_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach a file to the answer: uploaded, or of the register."""
    held = question_at(pk)
    regime = held.question_set.regime
    form = AttachForm(
        request.POST,
        request.FILES,
        regime=regime,
        bases=bases_of(regime),
        evidence=evidence_choices(),
        prefix="attach",
    )
    if not form.is_valid():
        return show(request, held, attach=form, status=422)
    given = form.cleaned_data
    try:
        if given["file"]:
            name, dated = given["file"].name, given["dated"]
            file = store(chunks_of(given["file"]), name=name, limit=LARGEST)
        else:
            chosen = evidence_chosen(given["evidence"])
            name, file, dated = chosen.name, chosen.file, given["dated"] or chosen.evidence_date
        about = About(name, given["about"], dated, given["confidential"], given["basis"])
        written = attach(request.user, held, file, about, base=_number(request))
    except BadInput as problem:
        onto(form, problem)
        return show(request, held, attach=form, status=422)
    _aside_or(request, written, _("%(name)s is attached.") % {"name": name})
    return redirect(f"{held.get_absolute_url()}#evidence")


@access(get=Power.READ)
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """Give out an attached file, to be saved."""
    held = attachment_of(pk)
    return given_out(held.file, held.name)


def _done(request: HttpRequest, pk: int, acts: dict[str, Act]) -> HttpResponse:
    held = question_at(pk)
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        messages.error(request, _("This page was changed meanwhile. Try again."))
        return redirect(held)
    try:
        told = act(request, held, _number(request))
    except BadInput as problem:
        tell(request, problem)
    else:
        if told:
            messages.success(request, told)
    return redirect(held)


def _submit(request: HttpRequest, held: Question, number: int) -> str:
    reviewing.submit(request.user, held, number)
    return _("Handed in for review.")


def _take_back(request: HttpRequest, held: Question, number: int) -> str:
    reviewing.take_back(request.user, held, number)
    return _("Taken back: it is a draft again.")


def _reopen(request: HttpRequest, held: Question, number: int) -> str:
    reviewing.reopen(request.user, held, number, _reason(request))
    return _("Opened for correction. What was sent stays as it is.")


def _carry_over(request: HttpRequest, held: Question, number: int) -> str:
    written = carry_over(request.user, held, base=number)
    return _aside_or(request, written, _("The former answer is the draft now. Read it again."))


def _take_over(request: HttpRequest, held: Question, number: int) -> str:
    wanted = request.POST.get("version", "")
    version = held.draft.versions.filter(number=wanted if wanted.isdecimal() else 0).first()
    if version is None:
        return ""
    written = drafting.take_over(request.user, held, version.number, base=number)
    return _aside_or(request, written, _("Version %(n)d is taken over.") % {"n": version.number})


def _take_off(request: HttpRequest, held: Question, number: int) -> str:
    written = take_off(request.user, held, request.POST.get("file", ""), base=number)
    return _aside_or(request, written, _("The answer rests on this file no more."))


def _approve(request: HttpRequest, held: Question, number: int) -> str:
    reviewing.approve(request.user, held, number)
    return _("Approved.")


def _return(request: HttpRequest, held: Question, number: int) -> str:
    reviewing.send_back(request.user, held, number, _reason(request))
    return _("Returned to whoever works on it.")


_WORK: dict[str, Act] = {
    "submit": _submit,
    "take_back": _take_back,
    "reopen": _reopen,
    "carry_over": _carry_over,
    "take_over": _take_over,
    "take_off": _take_off,
}
_REVIEW: dict[str, Act] = {"approve": _approve, "return": _return}


def _aside_or(request: HttpRequest, written: drafting.Written, told: str) -> str:
    if not written.in_conflict:
        messages.success(request, told)
        return ""
    messages.warning(
        request,
        _("Somebody wrote meanwhile. Yours is kept as version %(n)d beside the current one.")
        % {"n": written.version.number},
    )
    return ""


def _number(request: HttpRequest) -> int:
    given = request.POST.get("number", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason-reason", "")[:5000]
