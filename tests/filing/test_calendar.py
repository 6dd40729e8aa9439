"""The calendar: all-day events with alarms, the same bytes always."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar

from declarant.filing.calendar import calendar
from declarant.filing.documents import Notification

Fields = dict[str, Callable[[], dict[str, Any]]]


def test_every_clock_is_an_event(notification: Notification) -> None:
    events = Calendar.from_ical(calendar(notification)).walk("VEVENT")
    assert [event["DTSTART"].dt for event in events] == [date(2027, 4, 15), date(2027, 1, 19)]
    assert str(events[0]["SUMMARY"]) == "Due: Notification for 2027Q1"
    assert "nothing rolls" in str(events[0]["DESCRIPTION"])
    assert "never made final" in str(events[0]["DESCRIPTION"])


def test_alarms_ring_30_7_and_1_days_before(notification: Notification) -> None:
    event = Calendar.from_ical(calendar(notification)).walk("VEVENT")[0]
    alarms = [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
    assert alarms == [timedelta(days=-30), timedelta(days=-7), timedelta(days=-1)]


def test_it_is_dated_by_the_document_and_reproducible(
    make_notification: Callable[..., Notification],
) -> None:
    first, second = calendar(make_notification()), calendar(make_notification())
    assert first == second
    stamps = {e["DTSTAMP"].dt for e in Calendar.from_ical(first).walk("VEVENT")}
    assert stamps == {datetime(2027, 1, 8, tzinfo=UTC)}


def test_it_keeps_to_the_form_of_rfc_5545(notification: Notification) -> None:
    data = calendar(notification)
    lines = data.split(b"\r\n")
    assert lines.pop() == b""
    assert all(b"\n" not in line and len(line) <= 75 for line in lines)
    parsed = Calendar.from_ical(data)
    assert (parsed["VERSION"], parsed["METHOD"]) == ("2.0", "PUBLISH")
    uids = [str(event["UID"]) for event in parsed.walk("VEVENT")]
    assert len(set(uids)) == len(uids)


def test_a_date_that_moves_keeps_its_event(
    make_notification: Callable[..., Notification], fields: Fields
) -> None:
    clocks = fields["common"]()["clocks"]
    moved = ({**clocks[0], "due": date(2027, 4, 16)}, *clocks[1:])
    before, after = (
        Calendar.from_ical(calendar(make_notification(clocks=held))).walk("VEVENT")[0]
        for held in (clocks, moved)
    )
    assert before["UID"] == after["UID"]
    assert before["DTSTART"].dt != after["DTSTART"].dt
