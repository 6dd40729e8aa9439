"""The calendar feed: by its secret address alone, with every open date."""

from datetime import date

import pytest
import time_machine
from icalendar import Calendar

from declarant.desk.filer.deadlines.refreshing import refresh
from declarant.desk.filer.deadlines.sources import Date

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(said, client_of):
    said["one"] = Date(
        "one", "us-bis-702-7", "answer", "Questions; of, the agency", date(2027, 1, 15)
    )
    with time_machine.travel("2027-01-02", tick=False):
        refresh()
    page = client_of("engineer").post("/clocks/calendar/renew/")
    return next(part for part in page.content.decode().split() if "/clocks/feed/" in part)


def path_in(text: str) -> str:
    return text[text.index("/clocks/feed/") : text.index(".ics") + 4]


def test_a_calendar_program_reads_it_without_signing_in(client, address):
    answer = client.get(path_in(address))
    assert answer.status_code == 200
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["DTSTART"].dt == date(2027, 1, 15)
    assert "Questions; of, the agency" in event["SUMMARY"]
    assert len(event.walk("VALARM")) == 3


def test_a_wrong_address_is_nothing(client, address):
    path = path_in(address)
    assert client.get(path[:-5] + "x.ics").status_code == 404


def test_a_new_address_ends_the_old_one(client, client_of, address):
    client_of("engineer").post("/clocks/calendar/renew/")
    assert client.get(path_in(address)).status_code == 404


def test_it_ends_with_the_persons_access(client, people, address):
    person = people("engineer")
    person.is_active = False
    person.save()
    assert client.get(path_in(address)).status_code == 404
