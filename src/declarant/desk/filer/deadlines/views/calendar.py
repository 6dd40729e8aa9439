"""A person's own calendar feed: its page, its address, and the feed itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.access import Power, access, public
from declarant.desk.filer.deadlines.feed import calendar_of, end_feed, feed_with, renew_feed
from declarant.desk.filer.deadlines.models import CalendarFeed


@access(get=Power.OWN_ACCOUNT)
def calendar(request: HttpRequest) -> HttpResponse:
    """Show whether the person has a feed, and how to use it."""
    feed_row = CalendarFeed.objects.filter(person=request.user).first()
    return render(request, "deadlines/calendar.html", {"feed": feed_row, "address": None})


@access(post=Power.OWN_ACCOUNT)
def renew(request: HttpRequest) -> HttpResponse:
    """Make a new address and show it this once."""
    address = renew_feed(request.user)
    feed_row = CalendarFeed.objects.get(person=request.user)
    return render(request, "deadlines/calendar.html", {"feed": feed_row, "address": address})


@access(post=Power.OWN_ACCOUNT)
def end(request: HttpRequest) -> HttpResponse:
    """End the feed."""
    end_feed(request.user)
    messages.success(request, _("The calendar's address no longer works."))
    return redirect("deadlines:calendar")


@public("get")
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer a calendar program that knows the secret address."""
    row = feed_with(secret)
    if row is None or not row.person.has(Power.READ):
        raise Http404
    today = timezone.now().date()
    if row.last_read != today:  # shows its owner whether it is in use; a day's precision is enough
        CalendarFeed.objects.filter(pk=row.pk).update(last_read=today)
    answer = HttpResponse(calendar_of(row.person), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    return answer
