"""The choice of language, and the page that shows every part of the pages."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.i18n import set_language

from declarant.desk.access import public
from declarant.desk.site import samples


@public("post")
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language that was chosen in a cookie, and go back to the page."""
    return set_language(request)


@public("get", "post")
def style(request: HttpRequest) -> HttpResponse:
    """Show each part once, and a form: as it is opened, or with the errors of what was sent."""
    form = samples.SampleForm(request.POST or None, request.FILES or None)
    messages.success(request, "The run was saved.")
    context = {
        "title": "Parts of pages",
        "form": form,
        "page_of_runs": Paginator(range(1, 201), 10).get_page(request.GET.get("page", 3)),
        **samples.parts(),
    }
    return render(request, "site/style.html", context)
