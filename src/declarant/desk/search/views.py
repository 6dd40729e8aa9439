"""The page of search."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from declarant.desk.access import Power, access
from declarant.desk.search.finding import find, hit

PER_PAGE = 20
_LONGEST_QUERY = 200


@access(get=Power.READ)
def search(request: HttpRequest) -> HttpResponse:
    """Show what answers a query."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:_LONGEST_QUERY]
    page = Paginator(find(query), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "search/search.html",
        {"query": query, "page": page, "hits": [hit(found, query) for found in page]},
    )
