"""One question: what is asked, the answer in its editor, and everything around it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.filings.people import holders_of
from declarant.desk.filer.questions.attaching import described
from declarant.desk.filer.questions.bases import bases_of
from declarant.desk.filer.questions.carrying import formers_of
from declarant.desk.filer.questions.clocks import asked_now, clock_of_question
from declarant.desk.filer.questions.content import NOTHING, AnswerContent
from declarant.desk.filer.questions.differences import difference, text_of
from declarant.desk.filer.questions.drafting import write
from declarant.desk.filer.questions.evidence_at_hand import evidence_choices
from declarant.desk.filer.questions.findings import findings_of
from declarant.desk.filer.questions.forms.editor import Editor
from declarant.desk.filer.questions.forms.others import AttachForm, ReasonForm, RemarkForm
from declarant.desk.filer.questions.models import AnswerVersion, Attachment, Comment, Question
from declarant.desk.filer.questions.standing import CLOCK_STATUS, STATUS, State
from declarant.desk.filer.questions.views.telling import tell
from declarant.desk.filer.questions.wording import asked_for, condition_said
from declarant.problems import BadInput


def question_at(pk: int) -> Question:
    """Return a question with all that its page reads, or answer 404."""
    rows = Question.objects.select_related(
        "question_set__arrival",
        "question_set__follows",
        "draft__current__author",
        "draft__assignee",
    ).prefetch_related("draft__attachments__file", "question_set__extensions")
    return get_object_or_404(rows, pk=pk)


@access(get=Power.READ, post=Power.ANSWER)
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a question; keep the answer that was written, or change the form it is written in."""
    held = question_at(pk)
    if request.method == "POST":
        return _written(request, held)
    return show(request, held)


def show(
    request: HttpRequest,
    held: Question,
    *,
    editor: Editor | None = None,
    attach: AttachForm | None = None,
    remark: RemarkForm | None = None,
    conflict: AnswerVersion | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of a question, with a form that was filled in already where there is one."""
    draft = held.draft
    attachments = described(draft)
    names = {digest: item.name for digest, item in attachments.items()}
    current = draft.current.answer if draft.current else NOTHING
    former = formers_of([held]).get(held.pk)
    editor = editor or Editor(held, current, draft.number, attachments)
    can_write = request.user.has(Power.ANSWER) and (draft.is_open or conflict is not None)
    regime = held.question_set.regime
    clock, siblings = clock_of_question(held), _siblings(held)
    return render(
        request,
        "questions/question.html",
        {
            "question": held,
            "set": held.question_set,
            "asked": held.asked,
            "is_put": held.key in asked_now(siblings),
            "draft": draft,
            "status": STATUS[State(draft.state)],
            "clock_card": {"clock": clock, "status": CLOCK_STATUS[clock.state]},
            "asks_said": asked_for(held.asks),
            "condition_said": condition_said(
                held.asked.condition, {item.key: item.asked for item in siblings}
            ),
            "editor": editor,
            "can_write": can_write and not editor.is_too_long,
            "content": current,
            "names": names,
            "attached": [attachments[d] for d in current.evidence if d in attachments],
            "attach": attach
            or AttachForm(
                regime=regime, bases=bases_of(regime), evidence=evidence_choices(), prefix="attach"
            ),
            "remark": remark or RemarkForm(prefix="remark"),
            "reason": ReasonForm(prefix="reason"),
            "former": former,
            "former_text": _said(former.answer, names, former) if former else "",
            "former_pieces": _against(former, current, names) if former else (),
            "findings": findings_of(held),
            "conflict": conflict,
            "conflict_pieces": _conflict(conflict, current, names) if conflict else (),
            "asides": [v for v in draft.versions.select_related("author") if v.aside],
            "thread": _thread(held),
            "steps": draft.steps.select_related("by", "version"),
            "returned": held.returned.select_related("correction").last(),
            "followed": _followed(held),
            "people": holders_of(Power.ANSWER) if request.user.has(Power.ASSIGN) else [],
            "may_review": draft.current is not None and draft.current.author_id != request.user.pk,
            "can": {power.value: request.user.has(power) for power in Power},
            "neighbours": _neighbours(held),
        },
        status=status,
    )


@access(get=Power.READ)
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every version of an answer, each with what it changed."""
    held = question_at(pk)
    names = {digest: item.name for digest, item in described(held.draft).items()}
    rows = list(held.draft.versions.select_related("author").order_by("number"))
    by_number = {row.number: row for row in rows}
    shown = [
        {
            "version": row,
            "is_current": held.draft.current_id == row.pk,
            "pieces": difference(
                text_of(by_number[row.base].answer, names) if row.base in by_number else "",
                text_of(row.answer, names),
            ),
        }
        for row in reversed(rows)
    ]
    return render(
        request,
        "questions/versions.html",
        {
            "question": held,
            "set": held.question_set,
            "draft": held.draft,
            "shown": shown,
            "can": {power.value: request.user.has(power) for power in Power},
        },
    )


def _written(request: HttpRequest, held: Question) -> HttpResponse:
    attachments = described(held.draft)
    before = _written_over(held, request.POST.get("beside-base", ""))
    current = before.answer if before else NOTHING
    editor = Editor(held, current, held.draft.number, attachments, request.POST)
    for what in ("passage", "row"):
        if request.POST.get("add") == what:
            return show(request, held, editor=editor.with_one_more(what))
        taken = request.POST.get("remove", "")
        if taken.startswith(f"{what}-") and taken.removeprefix(f"{what}-").isdecimal():
            number = int(taken.removeprefix(f"{what}-"))
            return show(request, held, editor=editor.without(what, number))
    if not editor.is_valid():
        return show(request, held, editor=editor, status=422)
    base = editor.beside.cleaned_data["base"]
    try:
        written = write(request.user, held, editor.content(), base=base)
    except BadInput as problem:
        tell(request, problem)
        return show(request, held, editor=editor, status=422)
    if written.in_conflict:
        again = question_at(held.pk)
        mine = Editor(again, written.version.answer, again.draft.number, described(again.draft))
        return show(request, again, editor=mine, conflict=written.version, status=409)
    messages.success(
        request,
        _("Saved as version %(n)d.") % {"n": written.version.number}
        if written.is_new
        else _("Nothing was changed."),
    )
    return redirect(held)


def _written_over(held: Question, base: str) -> AnswerVersion | None:
    """Return the version that was opened: what the page does not show, such as files, is its."""
    number = int(base) if base.isdecimal() and len(base) < 10 else 0
    return held.draft.versions.filter(number=number).first()


def _siblings(held: Question) -> list[Question]:
    return list(held.question_set.questions.select_related("draft__current"))


def _said(answer: Any, names: dict[str, str], former: Any) -> str:
    known = {item.sha256: item.name for item in former.sent.package.answer_set.evidence}
    return text_of(AnswerContent.of(answer), known | names)


def _against(former: Any, current: AnswerContent, names: dict[str, str]) -> Any:
    known = {item.sha256: item.name for item in former.sent.package.answer_set.evidence}
    return difference(_said(former.answer, names, former), text_of(current, known | names))


def _conflict(conflict: AnswerVersion, current: AnswerContent, names: dict[str, str]) -> Any:
    return difference(text_of(current, names), text_of(conflict.answer, names))


def _thread(held: Question) -> list[dict[str, Any]]:
    """Return the remarks, each in its newest form with its earlier ones."""
    rows = list(Comment.objects.filter(draft_id=held.pk).select_related("author"))
    replaced = {row.replaces_id: row for row in rows if row.replaces_id}
    thread = []
    for row in rows:
        if row.replaces_id:
            continue
        chain = [row]
        while chain[-1].pk in replaced:
            chain.append(replaced[chain[-1].pk])
        thread.append({"first": row, "newest": chain[-1], "earlier": chain[:-1]})
    return thread


def _followed(held: Question) -> Any:
    """Return the answer that gave rise to a further question."""
    package, key = held.question_set.follows, held.asked.follows
    if package is None or not key:
        return None
    return package.answers.filter(question__key=key).select_related("question").first()


def _neighbours(held: Question) -> dict[str, Question | None]:
    rows = Question.objects.filter(question_set=held.question_set)
    return {
        "former": rows.filter(position__lt=held.position).order_by("-position").first(),
        "next": rows.filter(position__gt=held.position).order_by("position").first(),
    }


def attachment_of(pk: int) -> Attachment:
    """Return an attached file, or answer 404."""
    return get_object_or_404(Attachment.objects.select_related("file"), pk=pk)
