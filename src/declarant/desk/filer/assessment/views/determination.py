"""Each activity under each law: the verdict, each reading, why, with citation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.audit import change
from declarant.desk.filer.assessment.assessing import activity_key
from declarant.desk.filer.assessment.current import Current, choices_for
from declarant.desk.filer.assessment.jobs import ASSESS
from declarant.desk.filer.assessment.models import Item
from declarant.desk.filer.assessment.naming import law_of
from declarant.desk.filer.assessment.reading_titles import with_titles
from declarant.desk.work.jobs import enqueue

PER_PAGE = 25
_SHOWN = 8  # activities of each law on the page of all laws
_WEIGHT = {"reportable": 0, "undetermined": 1, "not_reportable": 2}


@access(get=Power.READ)
def determination(request: HttpRequest) -> HttpResponse:
    """Show every law with what it asks of this person, the reportable first."""
    current = Current()
    laws = []
    for regime, content in current.regimes().items():
        activities = _weightiest_first(content.get("activities", []))
        laws.append(
            {
                "named": law_of(regime),
                "outside": content.get("outside"),
                "activities": activities[:_SHOWN],
                "more": max(0, len(activities) - _SHOWN),
            }
        )
    return render(request, "assessment/determination.html", {"current": current, "laws": laws})


@access(get=Power.READ)
def determination_of(request: HttpRequest, regime: str) -> HttpResponse:
    """Show the determination under one law: who is covered, and every activity in a list."""
    current = Current()
    content = current.piece(Item.Kind.REGIME, regime)
    if content is None:
        raise Http404(_("There is no assessment under this law."))
    chosen = choices_for(regime)
    page = Paginator(_weightiest_first(content.get("activities", [])), PER_PAGE).get_page(
        request.GET.get("page")
    )
    for activity in page:
        activity["choice"] = chosen.get((activity["activity"], activity["kind"], activity["id"]))
    return render(
        request,
        "assessment/regime.html",
        {"current": current, "named": law_of(regime), "content": content, "page": page},
    )


@access(get=Power.READ)
def activity_of(request: HttpRequest, regime: str, activity: str, subject: str) -> HttpResponse:
    """Show one activity under a law: each reading, why, and what would change the verdict."""
    current = Current()
    key = activity_key(regime, {"activity": activity, "id": subject})
    held = current.piece(Item.Kind.ACTIVITY, key)
    if held is None:
        raise Http404(_("There is no such activity in the latest assessment."))
    choice = choices_for(regime).get((activity, held["kind"], subject))
    return render(
        request,
        "assessment/activity.html",
        {
            "current": current,
            "named": law_of(regime),
            "item": with_titles(regime, held),
            "choice": choice,
            "chosen_verdict": _verdict_under(held, choice),
            "can_choose": request.user.has(Power.CHOOSE_READING) and len(held["readings"]) > 1,
        },
    )


def _weightiest_first(activities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(activities, key=lambda item: _WEIGHT[item["verdict"]])


def _verdict_under(activity: dict[str, Any], choice: Any) -> str | None:
    if choice is None:
        return None
    held = {item["id"]: item["verdict"] for item in activity["readings"]}
    return held.get(choice.reading)


@access(post=Power.READ)
def again(request: HttpRequest) -> HttpResponse:
    """Assess the register again, as of now."""
    with change(request.user, "assessment.asked", subject="register"):
        enqueue(ASSESS, request.user)
    messages.info(request, _("The register is being assessed. The pages show it when it is done."))
    return redirect("assessment:overview")
