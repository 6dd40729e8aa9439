"""Filings and questions of the example desk, one in each state that a page can show."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from tests.desk.agency_side import MAILBOX, Agency
from tests.desk.filings.office import DAY, RULE, Office
from tests.desk.questions.desk import Desk

NOON = datetime.combine(DAY, time(12), ZoneInfo("America/New_York"))
# a quarter for each state, and what takes a filing there
STATES = {"sent": "2026Q4", "certified": "2027Q1", "ready": "2027Q2", "draft": "2027Q3"}


def file(persons: dict[str, Any]) -> None:
    """A filing that was sent, one certified, one waiting for its officer, and a draft."""
    office = Office(persons["preparer"], persons["certifying_officer"])
    with time_machine.travel(NOON):
        office.sent(STATES["sent"])
        office.certified(office.ready(STATES["certified"]))
        office.ready(STATES["ready"])
        office.draft(STATES["draft"])


def answer(persons: dict[str, Any]) -> None:
    """Questions about what was sent: answered in part, returned, and more time asked for."""
    from declarant.desk.filer.filings.agency import enter
    from declarant.desk.filer.filings.models import Filing
    from declarant.desk.filer.questions.discussing import say
    from declarant.desk.filer.questions.extending import prepare_request
    from declarant.filing.keys import File

    received = datetime.combine(DAY, time(15), UTC) + timedelta(days=1)
    with time_machine.travel(received + timedelta(days=1)):
        agency = Agency.make(received - timedelta(days=1))
        enter(
            persons["administrator"],
            RULE,
            "Bureau of Industry and Security",
            MAILBOX,
            File("agency.pem", agency.certificate),
            None,
        )
        filing = Filing.objects.get(quarter=STATES["sent"], state="sent")
        desk = Desk(
            agency, filing, persons["preparer"], persons["certifying_officer"], persons["engineer"]
        )
        record = desk.asked(received=received)
        first = ("training-integrity", "red-team-done", "weights-access", "training-activities")
        desk.all_approved(record, first)
        desk.sent(desk.certified(desk.prepared(record, first)))
        _evidence(persons["engineer"], desk.question(record, "safety-other"))
        _off_line(persons["engineer"], record)
        say(persons["engineer"], desk.question(record, "safety-other"), "Who holds the report?")
        request, _ = prepare_request(
            desk.preparer,
            record,
            until=date(2027, 1, 29),
            reason="The audit of the second site ends on 22 January.",
            officer=desk.officer,
        )
        request = desk.sent(desk.certified(request))
        decision = agency.decides(request.message.read(), until=date(2027, 1, 22))
        desk.bring(decision, datetime.now(UTC))
        desk.bring(b"Subject: no signed message\r\n\r\n", received)


def _evidence(engineer: Any, question: Any) -> None:
    """A file that an answer rests on."""
    from declarant.desk.filer.questions.attaching import About, attach
    from declarant.desk.vault import store_bytes

    file = store_bytes(b"Nothing to report.\n", name="report.txt")
    attach(engineer, question, file, About("report.txt", "the report"), base=question.draft.number)


def _off_line(engineer: Any, record: Any) -> None:
    """The spreadsheet of the questions, brought back as it was taken."""
    from declarant.desk.filer.questions.worked_off_line import SPREADSHEET, handed_out, keep
    from declarant.desk.vault import store_bytes

    file = store_bytes(handed_out(record, SPREADSHEET), name="questions.xlsx")
    keep(engineer, record, file, "questions.xlsx")
