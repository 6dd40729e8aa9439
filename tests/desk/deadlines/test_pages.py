"""Pages of clocks: overdue is loud, working-out is shown, dates are given to people."""

from datetime import date

import pytest
import time_machine

from declarant.desk.filer.deadlines.models import Deadline
from declarant.desk.filer.deadlines.refreshing import refresh
from declarant.desk.filer.deadlines.sources import Date

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(said):
    said["one"] = Date(
        "one",
        "us-bis-702-7",
        "answer",
        "Questions of 16 December",
        date(2027, 1, 15),
        worked_out=("Received on 16 December 2026.", "30 calendar days."),
        citation="89 FR 73616",
    )
    with time_machine.travel("2027-01-02", tick=False):
        refresh()
    return Deadline.objects.get()


def test_overdue_is_said_in_words(client_of, row):
    with time_machine.travel("2027-01-18T12:00Z", tick=False):
        page = client_of("auditor").get("/clocks/").content.decode()
    assert "overdue by 3 days" in page


def test_the_working_out_stands_on_the_page(client_of, row):
    page = client_of("auditor").get(f"/clocks/{row.pk}/").content.decode()
    assert "Received on 16 December 2026." in page
    assert "89 FR 73616" in page
    assert "Proposed" in page or "never made final" in page


def test_a_preparer_gives_it_to_an_engineer(client_of, people, row, said):
    engineer = people("engineer")
    answer = client_of("preparer").post(f"/clocks/{row.pk}/holder/", {"holder": engineer.pk})
    assert answer.status_code == 302
    with time_machine.travel("2027-01-03", tick=False):
        refresh()  # the source knows no holder; what a person decided stays
    row.refresh_from_db()
    assert row.holder == engineer


def test_an_auditor_cannot_hold_a_date(client_of, people, row):
    client_of("preparer").post(f"/clocks/{row.pk}/holder/", {"holder": people("auditor").pk})
    row.refresh_from_db()
    assert row.holder is None
