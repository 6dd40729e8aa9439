"""Choosing the reading that a filing follows for one activity."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.assessment.assessing import activity_key
from declarant.desk.filer.assessment.choosing import choose
from declarant.desk.filer.assessment.current import Current, choices_for
from declarant.desk.filer.assessment.forms import ReadingForm
from declarant.desk.filer.assessment.models import Item, ReadingChoice
from declarant.desk.filer.assessment.naming import law_of
from declarant.desk.filer.assessment.reading_titles import titles
from declarant.desk.filer.assessment.words import VERDICTS


@access(get=Power.CHOOSE_READING, post=Power.CHOOSE_READING)
def choose_reading(request: HttpRequest, regime: str, activity: str, subject: str) -> HttpResponse:
    """Show the readings of an activity and what was chosen before; record a choice."""
    held = _activity(regime, activity, subject)
    readings = [
        (item["id"], f"{titles(regime, item)}: {VERDICTS[item['verdict']]}")
        for item in held["readings"][1:]
    ]
    chosen = choices_for(regime).get((activity, held["kind"], subject))
    form = ReadingForm(
        request.POST or None,
        readings=readings,
        initial={"reading": chosen.reading if chosen else ""},
    )
    if request.method == "POST" and form.is_valid():
        choose(
            request.user, regime, held, form.cleaned_data["reading"], form.cleaned_data["reason"]
        )
        messages.success(request, _("The choice and its reason are recorded."))
        return redirect("assessment:activity", regime, activity, subject)
    former = ReadingChoice.objects.filter(
        regime=regime, activity=activity, subject=subject
    ).select_related("chosen_by")
    return render(
        request,
        "assessment/choose.html",
        {"form": form, "named": law_of(regime), "held": held, "former": former},
        status=400 if form.is_bound else 200,
    )


def _activity(regime: str, activity: str, subject: str) -> dict[str, Any]:
    key = activity_key(regime, {"activity": activity, "id": subject})
    held = Current().piece(Item.Kind.ACTIVITY, key)
    if held is None:
        raise Http404(_("There is no such activity in the latest assessment."))
    return dict(held)
