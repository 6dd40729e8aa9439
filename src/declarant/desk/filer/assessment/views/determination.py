"""Each activity under each law: the verdict, each reading, why, with citation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.audit import change
from declarant.desk.filer.assessment.current import Current, choices_for
from declarant.desk.filer.assessment.jobs import ASSESS
from declarant.desk.filer.assessment.models import Item
from declarant.desk.filer.assessment.naming import law_of
from declarant.desk.filer.assessment.reading_titles import with_titles
from declarant.desk.work.jobs import enqueue


@access(get=Power.READ)
def determination(request: HttpRequest) -> HttpResponse:
    """Show every law with what it asks of this person."""
    current = Current()
    laws = [{"named": law_of(regime), **content} for regime, content in current.regimes().items()]
    return render(request, "assessment/determination.html", {"current": current, "laws": laws})


@access(get=Power.READ)
def determination_of(request: HttpRequest, regime: str) -> HttpResponse:
    """Show the determination under one law."""
    current = Current()
    content = current.piece(Item.Kind.REGIME, regime)
    if content is None:
        raise Http404(_("There is no assessment under this law."))
    chosen = choices_for(regime)
    content["activities"] = [with_titles(regime, each) for each in content.get("activities", [])]
    for activity in content["activities"]:
        key = (activity["activity"], activity["kind"], activity["id"])
        activity["choice"] = chosen.get(key)
        activity["chosen_verdict"] = _verdict_under(activity, activity["choice"])
    return render(
        request,
        "assessment/regime.html",
        {
            "current": current,
            "named": law_of(regime),
            "content": content,
            "can_choose": request.user.has(Power.CHOOSE_READING),
        },
    )


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
