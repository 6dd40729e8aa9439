"""Clocks of 30, 14 and 7 days, just before, on and after the last day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.desk.questions.desk import text

from declarant.desk.filer.questions.clocks import clock_of_correction, clock_of_set

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
AROUND = [  # days after the last day, hour there, days left, state
    (-4, 12, 4, "running"),
    (-3, 12, 3, "soon"),
    (-1, 23, 1, "soon"),
    (0, 0, 0, "today"),
    (0, 23, 0, "today"),
    (1, 0, -1, "overdue"),
    (10, 12, -10, "overdue"),
]


def seen(clock, due: date, read):
    """What a clock says around its last day."""
    found = []
    for days, hour, *_ in AROUND:
        moment = datetime(due.year, due.month, due.day, hour, 30, tzinfo=NEW_YORK)
        clock.move_to(moment + timedelta(days=days))
        told = read()
        found.append((days, hour, told.days_left, told.state))
    return found


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (datetime(2027, 2, 1, 15, 30, tzinfo=UTC), date(2027, 3, 3)),
        (datetime(2027, 2, 2, 4, 59, tzinfo=UTC), date(2027, 3, 3)),  # still the 1st there
        (datetime(2027, 2, 2, 5, 0, tzinfo=UTC), date(2027, 3, 4)),
        (datetime(2027, 2, 20, 12, 0, tzinfo=UTC), date(2027, 3, 22)),  # over the change of time
        (datetime(2027, 12, 15, 12, 0, tzinfo=UTC), date(2028, 1, 14)),  # over the year's end
        (datetime(2028, 2, 10, 12, 0, tzinfo=UTC), date(2028, 3, 11)),  # over the leap day
    ],
)
def test_answers_are_due_30_days_after_receipt(desk_of_answers, clock, received, due):
    clock.move_to(received + timedelta(hours=1))
    record = desk_of_answers.asked(received=received)
    told = clock_of_set(record)
    assert (told.law_due, told.due) == (due, due)
    assert any(due.isoformat() in step or "30" in step for step in told.worked_out)


def test_30_days(desk_of_answers, clock):
    record = desk_of_answers.asked()
    assert seen(clock, date(2027, 3, 3), lambda: clock_of_set(record)) == AROUND


def test_14_and_7_days(desk_of_answers, clock):
    record = desk_of_answers.asked()
    desk_of_answers.approved(record, "training-integrity", text("By two modules."))
    package = desk_of_answers.sent(
        desk_of_answers.certified(desk_of_answers.prepared(record, ["training-integrity"]))
    )
    message = package.message.read()
    now = datetime.now(UTC)
    notice = desk_of_answers.bring(
        desk_of_answers.agency.returns(message, {"training-integrity": "Which?"}), now
    ).correction
    further = desk_of_answers.bring(desk_of_answers.agency.follows_up(message), now).question_set
    day = now.astimezone(NEW_YORK).date()
    corrected, clarified = day + timedelta(days=14), day + timedelta(days=7)
    assert clock_of_correction(notice).due == corrected
    assert clock_of_set(further).due == clarified
    assert seen(clock, corrected, lambda: clock_of_correction(notice)) == AROUND
    assert seen(clock, clarified, lambda: clock_of_set(further)) == AROUND


def test_the_clock_is_done_when_every_question_that_is_put_was_answered(desk_of_answers):
    record = desk_of_answers.asked()
    answers = desk_of_answers.passages(record)
    keys = [key for key in answers if not key.startswith("red-team-")]
    desk_of_answers.all_approved(record, keys)
    asked = desk_of_answers.question(record, "red-team-done").asked
    from declarant.filing.exchange.answering import choice_of

    desk_of_answers.approved(record, "red-team-done", choice_of(asked.asks, ["no"]))
    plan = desk_of_answers.question(record, "training-security-plan")
    assert plan.asked.asks.type == "file"
    _attach(desk_of_answers, plan)
    package = desk_of_answers.prepared(record, [*keys, "red-team-done", "training-security-plan"])
    assert package.answer_set.left_for_later == (), "two are not put: no red-team was done"
    assert clock_of_set(record).state == "running"
    desk_of_answers.sent(desk_of_answers.certified(package))
    assert clock_of_set(desk_of_answers.again(record)).state == "done"


def _attach(desk, question):
    """Answer a question that asks for a file."""
    from declarant.desk.filer.questions.attaching import About, attach
    from declarant.desk.vault import store_bytes
    from declarant.filing.exchange.answers import FilePassage

    file = store_bytes(b'{"system-security-plan": {}}', name="ssp.json")
    about = About("ssp.json", "Plan", date(2026, 11, 20))
    attach(desk.engineer, question, file, about, base=0)
    passage = FilePassage(type="file", file=file.sha256, confidential=False, basis=None)
    desk.approved(question.question_set, question.key, passage)
