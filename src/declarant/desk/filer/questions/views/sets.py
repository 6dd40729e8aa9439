"""The list of sets with their clocks; one set by topic; giving questions out, approving many."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from declarant.desk.access import Power, access
from declarant.desk.accounts.models import User
from declarant.desk.filer.filings.people import holders_of
from declarant.desk.filer.questions import reviewing
from declarant.desk.filer.questions.clocks import is_corrected
from declarant.desk.filer.questions.models import Arrival, Draft, Question, QuestionSetRecord
from declarant.desk.filer.questions.standing import (
    CLOCK_STATUS,
    Topic,
    clocks_of,
    rows_of,
    sets_with_clocks,
    topics_of,
)
from declarant.desk.filer.questions.views.telling import tell
from declarant.problems import BadInput

A_PAGE = 25
NOBODY = "nobody"


@access(get=Power.READ)
def sets(request: HttpRequest) -> HttpResponse:
    """List the question sets, each with its clocks; the newest first."""
    every = QuestionSetRecord.objects.annotate(asked=Count("questions"))
    found = sets_with_clocks(every.order_by("-arrival__received", "-pk"))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    listed = [
        {
            "set": record,
            "clocks": _shown(record),
            "sent": sum(
                1 for question in record.questions.all() if question.draft.state == Draft.State.SENT
            ),
        }
        for record in page
    ]
    refused = Arrival.objects.filter(outcome=Arrival.Outcome.REFUSED).count()
    return render(
        request,
        "questions/sets.html",
        {"page": page, "listed": listed, "refused": refused, "can": _can(request.user)},
    )


@access(get=Power.READ)
def question_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one set by topic, with its progress."""
    record = get_object_or_404(sets_with_clocks(QuestionSetRecord.objects), pk=pk)
    rows = rows_of(record)
    mine = request.GET.get("mine") == "1"
    topics = topics_of(record, rows)
    if mine:
        topics = _only_mine(topics, request.user)
    follow_ups = QuestionSetRecord.objects.filter(follows__question_set=record)
    return render(
        request,
        "questions/set.html",
        {
            "set": record,
            "topics": topics,
            "rows": rows,
            "mine": mine,
            "clocks": _shown(record),
            "correction": any(not is_corrected(notice) for notice in record.corrections.all()),
            "packages": record.packages.select_related("prepared_by", "officer").order_by("pk"),
            "extensions": record.extensions.all(),
            "follow_ups": follow_ups.select_related("arrival"),
            "people": holders_of(Power.ANSWER) if request.user.has(Power.ASSIGN) else [],
            "can": _can(request.user),
            "in_review": any(row.draft.state == Draft.State.IN_REVIEW for row in rows),
        },
    )


@access(post=Power.ASSIGN)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the chosen questions to one person, or to nobody."""
    record = get_object_or_404(QuestionSetRecord, pk=pk)
    questions = _chosen(request, record)
    given = request.POST.get("assignee", "")
    person = User.objects.filter(pk=given, is_active=True).first() if given.isdecimal() else None
    if not questions or (person is None and given != NOBODY):
        messages.error(request, _("Choose at least one question, and to whom they go."))
        return redirect(record)
    try:
        moved = reviewing.assign(request.user, questions, person)
    except BadInput as problem:
        tell(request, problem)
    else:
        told = ngettext("%(n)d question changed hands.", "%(n)d questions changed hands.", moved)
        messages.success(request, told % {"n": moved})
    return redirect(questions[0] if request.POST.get("back") == "question" else record)


@access(post=Power.APPROVE)
def approve_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the chosen answers, each as it stands."""
    record = get_object_or_404(QuestionSetRecord, pk=pk)
    done, problems = reviewing.approve_all(request.user, _chosen(request, record))
    told = ngettext("%(n)d answer approved.", "%(n)d answers approved.", done) % {"n": done}
    messages.success(request, told) if done else messages.info(request, told)
    for problem in problems:
        messages.warning(request, problem)
    return redirect(record)


def _chosen(request: HttpRequest, record: QuestionSetRecord) -> list[Question]:
    keys = request.POST.getlist("question")[:1000]
    rows = Question.objects.filter(question_set=record, key__in=keys)
    return list(rows.select_related("question_set", "draft__current", "draft__assignee"))


def _only_mine(topics: list[Topic], user: Any) -> list[Topic]:
    mine = []
    for topic in topics:
        held = [row for row in topic.rows if row.draft.assignee_id == user.pk]
        if held:
            mine.append(Topic(topic.id, topic.title, held))
    return mine


def _shown(record: QuestionSetRecord) -> list[dict[str, Any]]:
    return [
        {"title": title, "clock": clock, "status": CLOCK_STATUS[clock.state]}
        for title, clock in clocks_of(record)
    ]


def _can(user: Any) -> dict[str, bool]:
    """Return what a person may do, by name, for templates."""
    return {power.value: user.has(power) for power in Power}
