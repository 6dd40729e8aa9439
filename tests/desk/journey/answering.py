"""The agency asks; people answer with evidence, certify and send; the agency returns an answer."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import openpyxl
from tests.desk.journey.person import Person, until
from tests.desk.journey.reporting import MAILBOX, PASSPHRASE, REASON
from tests.desk.journey.story import OFFICE, Story

INTEGRITY = "training-integrity"
ACCESS = "weights-access"
PUBLIC = "Two hardware security modules at each site hold the signing keys of the build."
SECRET = "Their serial numbers stand in the sealed inventory of the Phoenix site."
OFF_LINE = "Three hardware security modules at each site hold the signing keys of the build."
CORRECTED = "The modules at Phoenix hold keys for builds and for checkpoints alike."
EVIDENCE = "evidence/atlas-2/config.json"


def asked(story: Story) -> None:
    """The preparer brings in the agency's message; topics, clock and questions stand there."""
    priya = story.person("preparer")
    priya.goes("Questions")
    priya.is_calm("42-no-questions")
    _brings(priya, story.agency.asks(story.kept["notification"]), "questions.eml")
    story.kept["set"] = priya.path
    priya.sees("Clocks", "Progress", INTEGRITY)
    priya.is_calm("45-questions")
    for key in (INTEGRITY, ACCESS):
        priya.main.get_by_role("checkbox", name=key, exact=True).press("Space")
    priya.chooses("Give the chosen questions to", "Erik Lindqvist")
    priya.presses("Give", exact=True)
    priya.sees("Erik Lindqvist (1)")
    priya.is_calm("46-given")
    priya.goes("Questions", "Messages")
    priya.main.get_by_role("rowheader").get_by_role("link").first.click()
    priya.sees("About it")
    priya.is_calm("44-message")


def answered(story: Story) -> None:
    """The engineer writes, marks a passage confidential, attaches evidence and hands in."""
    erik = story.person("engineer")
    erik.open(f"{story.kept['set']}?mine=1")
    erik.follows(INTEGRITY)
    story.kept["question"] = erik.path
    erik.is_calm("47-question")
    erik.writes("Words", PUBLIC)
    erik.presses("Add a passage", stays=True)
    second = erik.main.get_by_role("group", name="Passage 2")
    second.get_by_label(re.compile("^Words")).fill(SECRET)
    second.locator("label", has_text="Confidential").first.click()
    second.get_by_label(re.compile("^Basis")).select_option(index=1)
    erik.presses("Save the draft")
    erik.sees("Answer, version 1")
    erik.is_calm("48-answer-saved")
    erik.main.get_by_text("Attach evidence").first.click()
    erik.chooses("Or choose from the register's evidence", "atlas-2/config.json")
    erik.writes("What it is", "The configuration that was trained.")
    erik.presses("Attach", exact=True)
    erik.sees(re.compile("config.json"))
    erik.writes("Remark", "Please look at the second passage.")
    erik.presses("Say it")
    erik.sees("Please look at the second passage.")
    erik.is_calm("49-evidence-attached")


def off_line(story: Story) -> None:
    """A spreadsheet goes out, comes back changed, and is looked at before it is taken over."""
    erik = story.person("engineer")
    erik.open(story.kept["set"])
    erik.follows("Work off line")
    erik.is_calm("50-off-line")
    name, workbook = erik.downloads("Spreadsheet")
    assert name.endswith(".xlsx")
    erik.uploads("The file you filled in", name, _changed(workbook, PUBLIC, OFF_LINE))
    erik.presses("Look what it changes")
    erik.sees(f"Take {INTEGRITY} over")
    erik.is_calm("51-what-it-changes")
    erik.presses("Take over what is chosen")
    erik.sees(re.compile("taken over"))
    erik.open(story.kept["question"])
    erik.sees("Answer, version 3")  # the attached file made the second
    assert erik.field("Words").input_value() == OFF_LINE
    erik.presses("Hand in for review")
    erik.sees("In review")
    erik.follows("All versions with their differences")
    erik.is_calm("52-versions")
    erik.open(f"{story.kept['set']}?mine=1")
    erik.follows(ACCESS)
    story.kept["number"] = erik.path
    erik.writes("Number", "14")
    erik.presses("Save the draft")
    erik.presses("Hand in for review")
    erik.sees("In review")
    erik.is_calm()


def approved(story: Story) -> None:
    """The officer reads the answers and approves them."""
    carmen = story.person("certifying officer")
    for question in (story.kept["question"], story.kept["number"]):
        carmen.open(question)
        carmen.presses("Approve")
        carmen.sees("It can be sent.")
    carmen.is_calm("53-approved")


def composed(story: Story) -> None:
    """The preparer composes some of the answers; the officer certifies; it leaves by mail."""
    priya = story.person("preparer")
    priya.open(story.kept["set"])
    priya.follows("Compose")
    priya.is_calm("54-compose")
    _prepares(priya, "55-compose-checked")
    story.kept["answers"] = priya.path
    priya.is_calm("56-prepared")
    _certifies(story, priya.path, "57-certify-answers")
    story.kept["answer message"] = _sends(story, priya, "58-answers-sent")
    _brings(priya, story.agency.receipts(story.kept["answer message"]), "receipt.eml")
    priya.open(story.kept["answers"])
    priya.sees("The agency's receipt is here")
    priya.is_calm("59-answers-received")


def corrected(story: Story) -> None:
    """The agency returns an answer; a corrected version replaces the set that was sent."""
    priya, erik = story.person("preparer"), story.person("engineer")
    notice = story.agency.returns(
        story.kept["answer message"], {INTEGRITY: "Which keys do the modules hold?"}
    )
    _brings(priya, notice, "notice.eml")
    priya.is_calm("60-notice")
    erik.open(story.kept["question"])
    erik.sees("The agency returned the answer")
    erik.is_calm("61-returned")
    if erik.main.get_by_text("Correct it").count():
        erik.main.get_by_text("Correct it").first.click()
        erik.writes("Reason", REASON)
        erik.presses("Open for correction")
    erik.writes("Words", CORRECTED)
    erik.presses("Save the draft")
    erik.presses("Hand in for review")
    erik.sees("In review")
    erik.is_calm()
    carmen = story.person("certifying officer")
    carmen.open(story.kept["question"])
    carmen.presses("Approve")
    carmen.sees("It can be sent.")
    carmen.is_calm()
    priya.open(story.kept["set"])
    priya.follows("Compose")
    priya.is_calm("62-compose-correction")
    _prepares(priya, "63-correction-checked")
    story.kept["correction"] = priya.path
    _certifies(story, priya.path, "64-certify-correction")
    _sends(story, priya, "65-correction-sent")


def more_time(story: Story) -> None:
    """More time is asked for, granted by the agency, and the clock moves."""
    priya = story.person("preparer")
    priya.open(story.kept["set"])
    priya.follows("Ask for more time")
    due = priya.page.locator("strong", has_text=re.compile(r"\d{4}")).first.inner_text()
    later = datetime.strptime(f"{due.strip()} +0000", "%d %B %Y %z").date() + timedelta(days=14)
    priya.field("Until").fill(later.isoformat())
    priya.writes("Why more time is needed", REASON)
    priya.chooses("Certifying officer", "Carmen Ortiz")
    priya.is_calm("66-ask-for-more-time")
    priya.presses("Prepare the request")
    priya.sees("What is asked")
    story.kept["extension"] = priya.path
    priya.is_calm("67-request")
    _certifies(story, priya.path, "68-certify-request")
    request = _sends(story, priya, "69-request-sent")
    _brings(priya, story.agency.decides(request, until=later), "decision.eml")
    priya.open(story.kept["extension"])
    priya.sees("until")
    priya.is_calm("70-granted")
    priya.open(story.kept["set"])
    priya.sees(f"{later.day} {later:%B %Y}")
    priya.is_calm("71-clock-moved")
    story.kept["until"] = later


def _brings(person: Person, message: bytes, name: str) -> None:
    person.goes("Questions", "Bring in a message")
    person.uploads("The message", name, _delivered(message))
    if name == "questions.eml":
        person.is_calm("43-bring-in")
    person.presses("Bring it in")
    person.sees("The message was taken in.")


def _delivered(message: bytes) -> bytes:
    """A message as the office's own mail server hands it on: with the moment it came."""
    moment = format_datetime(datetime.now(UTC))
    return f"Received: from mail.agency.example by mail.{OFFICE}; {moment}\r\n".encode() + message


def _prepares(priya: Person, shot: str) -> None:
    """Check what is chosen, give the reasons that are asked for, and prepare."""
    if priya.main.get_by_role("button", name="Check what is chosen").count():
        priya.presses("Check what is chosen")
    priya.sees("What the checks say")
    for box in priya.main.get_by_label(re.compile("^Why it stands")).all():
        box.fill(REASON)
    priya.chooses("Certifying officer", "Carmen Ortiz")
    priya.is_calm(shot)
    priya.presses("Prepare the answer set")
    priya.sees("Certifying officer")
    priya.page.wait_for_url(re.compile("/questions/answers/"))


def _certifies(story: Story, path: str, shot: str) -> None:
    """Carmen reads what waits for her, says again who she is where asked, states and signs."""
    carmen = story.person("certifying officer")
    carmen.open(path)
    carmen.follows("Go on to certify")
    carmen.page.wait_for_load_state()
    carmen.confirms()
    statements = carmen.main.get_by_role("group", name="Statements")
    for label in statements.locator("label").all():
        label.click()
    carmen.writes("Passphrase of the key, or PIN of the token", PASSPHRASE)
    carmen.is_calm(shot)
    carmen.presses("Sign", exact=True)
    carmen.sees("Certified and signed.")
    carmen.is_calm()


def _sends(story: Story, priya: Person, shot: str) -> bytes:
    """Send by mail; return the message as it arrived, once."""
    before = len(story.mailed(MAILBOX))
    priya.open(priya.path)
    priya.presses(re.compile("Send by e-mail"))
    priya.reloads_until(re.compile("Sent"))
    priya.reloads_until(re.compile(r"· by e-mail|by mail", re.IGNORECASE))

    until(lambda: len(story.mailed(MAILBOX)) > before, "the message at the agency's mailbox")
    priya.is_calm(shot)
    assert len(story.mailed(MAILBOX)) == before + 1
    return story.mailed(MAILBOX)[-1].content


def _changed(workbook: bytes, before: str, after: str) -> bytes:
    """The spreadsheet, with the cell that says one thing saying another."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    cells: list[Any] = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == before
    ]
    assert cells, f"no cell says {before!r}"
    for cell in cells:
        cell.value = after
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
