"""Reminders: each once, whatever the worker slept through and whatever the clocks on walls do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from declarant.desk.filer.deadlines.models import Deadline, Reminder
from declarant.desk.filer.deadlines.refreshing import refresh
from declarant.desk.filer.deadlines.reminding import DAYS_BEFORE
from declarant.desk.filer.deadlines.sources import Date
from declarant.desk.work.models import Letter

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


def due_on(day: date, key: str = "one", **fields) -> Date:
    return Date(key, "us-bis-702-7", "answer", "Questions of the agency", day, **fields)


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    "due",
    [
        date(2027, 1, 15),  # across the end of a year
        date(2027, 3, 20),  # clocks go forward on 14 March 2027
        date(2027, 11, 12),  # clocks go back on 7 November 2027
        date(2028, 3, 5),  # across 29 February 2028
    ],
)
def test_a_worker_that_slept_ten_days_sends_what_it_missed_once(said, people, tick, due):
    people("preparer")
    start = datetime.combine(due - timedelta(days=20), datetime.min.time(), UTC)
    said["one"] = due_on(due)
    with time_machine.travel(start, tick=False) as clock:
        tick()
        assert Letter.objects.count() == 0
        clock.shift(timedelta(days=10))  # the worker was down
        tick()
        tick()
        first = Letter.objects.count()
        assert first == 1  # 14 days before
        for _ in range(12):
            clock.shift(timedelta(days=1))
            tick()
            tick()
    sent = set(Reminder.objects.filter(sent__isnull=False).values_list("days_before", flat=True))
    assert sent == {14, 7, 3, 1, 0, -1}
    assert Letter.objects.filter(state=Letter.State.SENT).count() == len(sent)


def test_sleeping_past_the_day_itself_loses_nothing(said, people, tick):
    people("preparer")
    said["one"] = due_on(date(2027, 1, 15))
    with time_machine.travel(at(2027, 1, 5, 12), tick=False) as clock:
        tick()
        clock.shift(timedelta(days=11))
        tick()
        sent = Reminder.objects.filter(sent__isnull=False).values_list("days_before", flat=True)
        assert set(sent) == {7, 3, 1, 0}
        letter = Letter.objects.latest("pk")
        assert letter.subject.startswith("OVERDUE by 1 day:")


@pytest.mark.parametrize(
    ("due", "offset_hours"),
    [(date(2027, 3, 14), -4), (date(2027, 3, 13), -5), (date(2027, 11, 7), -5)],
)
def test_nine_in_the_morning_is_nine_on_the_wall(said, due, offset_hours):
    said["one"] = due_on(due)
    with time_machine.travel(at(2027, 1, 1), tick=False):
        refresh()
    moment = Reminder.objects.get(days_before=0).due
    assert moment.astimezone(NEW_YORK).hour == 9
    assert moment.astimezone(UTC).hour == 9 - offset_hours


def test_just_before_at_and_after_the_moment(said, people, tick):
    people("preparer")
    said["one"] = due_on(date(2027, 1, 15))
    moment = datetime(2027, 1, 8, 9, tzinfo=NEW_YORK)
    with time_machine.travel(at(2027, 1, 2), tick=False) as clock:
        tick()
        clock.move_to(moment - timedelta(seconds=1))
        tick()
        assert Letter.objects.count() == 0
        clock.move_to(moment)
        tick()
        assert Letter.objects.count() == 1
        clock.shift(timedelta(seconds=1))
        tick()
        assert Letter.objects.count() == 1


def test_a_date_that_moves_withdraws_its_old_reminders(said, people, tick):
    people("preparer")
    said["one"] = due_on(date(2027, 1, 15))
    with time_machine.travel(at(2027, 1, 2), tick=False) as clock:
        tick()
        said["one"] = due_on(date(2027, 2, 15))
        tick()
        clock.move_to(at(2027, 1, 16, 20))
        tick()
        assert Letter.objects.count() == 1  # 30 days before the new day
        assert not Reminder.objects.filter(for_day=date(2027, 1, 15), sent__isnull=False).exists()
        assert Deadline.objects.get().due == date(2027, 2, 15)


def test_a_date_that_ends_is_told_no_more(said, people, tick):
    people("preparer")
    said["one"] = due_on(date(2027, 1, 15))
    with time_machine.travel(at(2027, 1, 7), tick=False) as clock:
        tick()
        said.clear()
        clock.move_to(at(2027, 1, 20))
        tick()
        assert Letter.objects.count() == 0
        assert Deadline.objects.get().closed is not None


def test_the_holder_is_told_and_nobody_else_until_it_is_late(said, people, tick):
    preparer, engineer, officer = (
        people("preparer"),
        people("engineer"),
        people("certifying_officer"),
    )
    said["one"] = due_on(date(2027, 1, 15), holder=engineer)
    with time_machine.travel(at(2027, 1, 2), tick=False) as clock:
        tick()
        clock.move_to(at(2027, 1, 8, 20))
        tick()
        assert [letter.to for letter in Letter.objects.all()] == [[engineer.email]]
        clock.move_to(at(2027, 1, 16, 20))
        tick()
    told = {address for letter in Letter.objects.all() for address in letter.to}
    assert told == {engineer.email, officer.email}
    assert preparer.email not in told


def test_no_reminder_for_a_moment_that_had_passed_before_the_date_was_known(said, people, tick):
    people("preparer")
    said["one"] = due_on(date(2027, 1, 15))
    with time_machine.travel(at(2027, 1, 10), tick=False):
        tick()
    assert Letter.objects.count() == 0
    days = Reminder.objects.values_list("days_before", flat=True)
    assert set(days) == {day for day in DAYS_BEFORE if day <= 3}


def test_a_date_first_known_when_it_is_long_past_is_told_once(said, people, tick):
    people("preparer")
    said["one"] = due_on(date(2027, 1, 15))
    with time_machine.travel(at(2027, 1, 25), tick=False) as clock:
        tick()
        assert list(Reminder.objects.filter(sent__isnull=False).values_list("days_before")) == [
            (-7,)
        ]
        clock.shift(timedelta(days=5))
        tick()
    assert Letter.objects.count() == 2


def test_a_source_that_fails_keeps_no_known_date_from_being_told(said, people, tick, monkeypatch):
    from declarant.desk.filer.deadlines import refreshing

    def broken():
        raise RuntimeError("a fault of the program")

    people("preparer")
    said["one"] = due_on(date(2027, 1, 15))
    with time_machine.travel(at(2027, 1, 9), tick=False) as clock:
        refresh()
        monkeypatch.setattr(refreshing, "SOURCES", {"test": broken})
        clock.shift(timedelta(days=4))
        with pytest.raises(RuntimeError):
            tick()
    assert Reminder.objects.filter(sent__isnull=False).exists()


def test_a_holder_given_meanwhile_is_kept_when_the_date_moves(said, people, monkeypatch):
    from declarant.desk.filer.deadlines import refreshing

    engineer = people("engineer")
    said["one"] = due_on(date(2027, 1, 15))
    refresh()
    said["one"] = due_on(date(2027, 1, 20))
    differs = refreshing._differs

    def given_meanwhile(row, item):
        Deadline.objects.filter(pk=row.pk).update(holder=engineer, assigned=True)
        return differs(row, item)

    monkeypatch.setattr(refreshing, "_differs", given_meanwhile)
    refresh()
    row = Deadline.objects.get()
    assert (row.due, row.holder, row.assigned) == (date(2027, 1, 20), engineer, True)


def test_the_language_of_whoever_acts_does_not_change_what_is_kept(said):
    from django.utils import translation
    from django.utils.translation import gettext_lazy

    said["one"] = due_on(date(2027, 1, 15), worked_out=(gettext_lazy("Register"),))
    with translation.override("zh-hant"):
        refresh()
    assert Deadline.objects.get().worked_out == ["Register"]


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(naps=st.lists(st.integers(1, 15), min_size=1, max_size=8), shift=st.integers(0, 1500))
def test_every_reminder_goes_out_once_however_the_worker_sleeps(said, people, tick, naps, shift):
    Reminder.objects.all().delete()
    Letter.objects.all().delete()
    Deadline.objects.all().delete()
    people("preparer")
    due = date(2026, 2, 1) + timedelta(days=shift)
    said.clear()
    said[f"one-{shift}"] = due_on(due, key=f"one-{shift}")
    with time_machine.travel(
        datetime.combine(due - timedelta(days=31), datetime.min.time(), UTC), tick=False
    ) as clock:
        tick()
        for nap in naps:
            clock.shift(timedelta(days=nap))
            tick()
        passed = Reminder.objects.filter(due__lte=datetime.now(UTC))
        assert all(reminder.sent for reminder in passed)
        assert not Reminder.objects.exclude(pk__in=passed).filter(sent__isnull=False).exists()
        assert Letter.objects.count() == passed.count()


def test_days_are_counted_in_the_zone_of_the_law(said):
    said["one"] = due_on(date(2027, 1, 15))
    with time_machine.travel(at(2027, 1, 2), tick=False):
        refresh()
    row = Deadline.objects.get()
    with time_machine.travel(at(2027, 1, 16, 4, 59), tick=False):  # 23:59 on the 15th there
        assert (row.days_left, row.is_overdue) == (0, False)
    row = Deadline.objects.get()
    with time_machine.travel(at(2027, 1, 16, 5), tick=False):
        assert (row.days_left, row.is_overdue) == (-1, True)
