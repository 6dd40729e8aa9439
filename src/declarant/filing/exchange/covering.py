"""The text of a message of the exchange, after the law and its status.

Questions and decisions can be read in any mail program. Answers are not repeated here: a mail
program shows its text to whoever looks over a shoulder, and parts of them are confidential.
"""

from __future__ import annotations

from collections.abc import Iterator

from declarant.filing.exchange.from_agency import (
    CorrectionNotice,
    ExtensionDecision,
    QuestionSet,
    Receipt,
)
from declarant.filing.exchange.from_person import AnswerSet, ExtensionRequest
from declarant.filing.exchange.head import ExchangeHead
from declarant.filing.wording import day, wrapped

_INDENT = "   "


def covered(document: ExchangeHead) -> Iterator[str]:
    """Yield the lines about a document of the exchange."""
    yield ""
    yield f"Person:   {document.person_name}"
    yield f"Agency:   {document.agency.name}"
    if document.case:
        yield f"Case:     {document.case}"
    if document.replies_to:
        yield f"Reply to: {document.replies_to.id}"
    if document.clock:
        yield f"Due:      {day(document.clock.due)}"
    yield f"Prepared: {day(document.prepared_on)}"
    yield f"Document: {document.id}"
    yield f"SHA-256:  {document.sha256}"
    yield ""
    yield from _said(document)


def _said(document: ExchangeHead) -> Iterator[str]:
    match document:
        case QuestionSet():
            yield from _questions(document)
        case CorrectionNotice():
            yield from _letter(document.letter)
            yield "Answers returned for correction:"
            for item in document.returned:
                yield from wrapped(f"{item.question}: {item.why}", _INDENT)
        case ExtensionDecision():
            until = f"Granted until {day(document.until)}." if document.granted else "Refused."
            yield from wrapped(f"{until} {document.reason or ''}".strip())
        case ExtensionRequest():
            yield from wrapped(f"More time is asked for, until {day(document.until)}.")
            yield from wrapped(document.reason)
        case AnswerSet():
            yield from _answers(document)
        case Receipt():
            yield from _received(document)


def _letter(letter: str | None) -> Iterator[str]:
    if letter:
        for paragraph in letter.splitlines():
            yield from wrapped(paragraph) or [""]
        yield ""


def _questions(document: QuestionSet) -> Iterator[str]:
    yield from _letter(document.letter)
    yield "Clarifying questions:" if document.stage == "clarification" else "Questions:"
    for item in document.questions:
        optional = "" if item.required else " (optional)"
        yield from wrapped(f"{item.id}{optional}: {item.text}", _INDENT)


def _answers(document: AnswerSet) -> Iterator[str]:
    count = len(document.answers)
    said = f"{count} {'answer' if count == 1 else 'answers'}, version {document.version}."
    if document.supersedes:
        said += f" It supersedes {document.supersedes.id}."
    if document.left_for_later:
        said += f" Left for a later answer set: {', '.join(document.left_for_later)}."
    yield from wrapped(said)
    yield "The answers stand in the document and its form, which are attached."


def _received(document: Receipt) -> Iterator[str]:
    yield from wrapped(
        f"A message was received at {document.received_at} by the clock of the server, and "
        f"{document.outcome}."
    )
    if document.message_sha256:
        yield f"SHA-256 of the message: {document.message_sha256}"
    if document.replies_to:
        yield f"SHA-256 of the document: {document.replies_to.sha256}"
    for finding in document.findings:
        place = f"{finding.where}: " if finding.where else ""
        mend = f" {finding.mend}" if finding.mend else ""
        yield from wrapped(f"- {finding.severity}: {place}{finding.what}{mend}", _INDENT)
