"""Dates that the assessment tells: each by a key of its own, and none ended by what is unknown."""

from datetime import date

import pytest

from declarant.desk.filer.assessment.models import Assessment, Item
from declarant.desk.filer.deadlines.models import Deadline
from declarant.desk.filer.deadlines.refreshing import refresh

pytestmark = pytest.mark.django_db
LAW = "us-bis-702-7"


def assessed(content):
    made = Assessment.objects.create(fingerprint="0" * 64, as_of=date(2027, 1, 4))
    Item.objects.create(assessment=made, kind=Item.Kind.REGIME, key=LAW, content=content)
    refresh()


def clock(about, due, duty="answer"):
    return {
        "duty": duty,
        "about": about,
        "due": due,
        "worked_out": [],
        "citation": "15 CFR 702.7",
        "readings": {},
    }


def test_two_things_received_under_one_reference_are_two_dates():
    assessed(
        {
            "clocks": [
                clock("RFI: first part", "2027-02-01"),
                clock("RFI: second part", "2027-02-05"),
                clock("case 7", "2027-02-08"),
                clock("case 7", "2027-02-09"),
                clock("r" * 450, "2027-02-10"),
                clock("補充\u3000資料", "2027-02-11"),  # a space that is not printable
            ]
        }
    )
    assert sorted(Deadline.objects.values_list("due", flat=True)) == [
        date(2027, 2, day) for day in (1, 5, 8, 9, 10, 11)
    ]
    assert all(len(row.key) <= 200 and len(row.subject) <= 200 for row in Deadline.objects.all())


def test_a_quarter_keeps_its_date_when_what_is_said_of_it_changes():
    assessed({"clocks": [clock("2026Q4: affirmation 1 of 7", "2027-01-15", "affirmation")]})
    assessed({"clocks": [clock("2026Q4: affirmation 1 of 8", "2027-01-15", "affirmation")]})
    assert Deadline.objects.count() == 1


def test_a_law_under_which_nothing_could_be_determined_ends_no_date():
    assessed({"clocks": [clock("case 7", "2027-02-08")]})
    assessed({"regime": LAW, "outside": [{"code": "law.no_value"}]})
    assert Deadline.objects.get().closed is None
    assessed({"clocks": []})
    assert Deadline.objects.get().closed is not None
