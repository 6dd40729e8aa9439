"""The front page of the register: what it holds, and what changed last."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access
from declarant.desk.filer.register.kinds import SECTIONS, Kind
from declarant.desk.filer.register.models import EvidenceFile, Record, RegisterState, Version
from declarant.desk.site.parts import Figure

_LAST = 8


@access(get=Power.READ)
def index(request: HttpRequest) -> HttpResponse:
    """Show what the register holds."""
    held = Record.objects.filter(active=True).order_by()
    counts = {row["kind"]: row["count"] for row in held.values("kind").annotate(count=Count("pk"))}
    files = EvidenceFile.objects.filter(current=True).count()
    cards = [
        Figure(
            SECTIONS[kind].plural, counts.get(kind, 0), url=reverse("register:records", args=[kind])
        )
        for kind in (Kind.MODEL, Kind.RUN, Kind.CLUSTER, Kind.CONTACT)
    ]
    cards.append(Figure(_("Evidence files"), files, url=reverse("register:evidence")))
    single = Record.objects.filter(kind__in=(Kind.PERSON, Kind.AGENCY), active=True)
    by_kind = {row.kind: row for row in single}
    return render(
        request,
        "register/index.html",
        {
            "cards": cards,
            "person": by_kind.get(Kind.PERSON),
            "agency": by_kind.get(Kind.AGENCY),
            "is_empty": not counts and not files,
            "state": RegisterState.objects.filter(pk=RegisterState.ONLY).first(),
            "last": Version.objects.select_related("record").order_by("-made", "-pk")[:_LAST],
            "others": [
                (
                    SECTIONS[kind].plural,
                    counts.get(kind, 0),
                    reverse("register:records", args=[kind]),
                )
                for kind in (Kind.FILING, Kind.RECEIVED)
            ],
            "can_edit": request.user.has(Power.EDIT_REGISTER),
        },
    )
