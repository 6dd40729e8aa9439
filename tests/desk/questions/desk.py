"""What tests do at the desk, in as few words as they need; through its services only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from tests.desk.agency_side import Agency

from declarant.filing.exchange.answering import choice_of, table_columns
from declarant.filing.exchange.answers import (
    DatePassage,
    NumberPassage,
    Passage,
    TablePassage,
    TextPassage,
)
from declarant.filing.trial_key import make_trial

RECEIVED = datetime(2027, 2, 1, 15, 30, tzinfo=UTC)
ZONE = "America/New_York"
PASSPHRASE = b"correct horse battery staple"
REASON = "Looked at again, and found to be right as it stands."


def text(words: str, basis: Any = None) -> TextPassage:
    """A passage of words, confidential when it has a basis."""
    return TextPassage(type="text", text=words, confidential=basis is not None, basis=basis)


@cache
def trial_key(name: str, email: str) -> bytes:
    """A key for trial, with its certificate."""
    return make_trial(name, email, RECEIVED)[0]


@dataclass
class Desk:
    """The desk, its people, and the agency."""

    agency: Agency
    filing: Any
    preparer: Any
    officer: Any
    engineer: Any

    def bring(self, message: bytes, received: datetime = RECEIVED, by: Any = None) -> Any:
        """Bring a message in."""
        from declarant.desk.filer.questions.importing import bring_in
        from declarant.desk.vault import store_bytes

        file = store_bytes(message, name="message.eml")
        return bring_in(by or self.preparer, file, "message.eml", received=received, zone=ZONE)

    def about(self) -> Any:
        """The document of the filing."""
        from declarant.filing.published import PUBLISHED

        return PUBLISHED.validate_json(self.filing.document.read())

    def asked(self, questions: Iterable[Any] | None = None, received: datetime = RECEIVED) -> Any:
        """A question set that was brought in."""
        message = self.agency.asks(self.about(), questions, on=received.date(), at=received)
        arrival = self.bring(message, received)
        assert arrival.outcome == "accepted", arrival.findings
        return arrival.question_set

    def question(self, record: Any, key: str) -> Any:
        """One question with its draft, as it stands now."""
        from declarant.desk.filer.questions.models import Question

        rows = Question.objects.select_related("question_set__arrival", "draft__current")
        return rows.get(question_set=record, key=key)

    def writes(self, record: Any, key: str, *passages: Passage, by: Any = None, **more: Any) -> Any:
        """Write an answer over the current version; by default by the engineer."""
        from declarant.desk.filer.questions.content import AnswerContent
        from declarant.desk.filer.questions.drafting import write

        held = self.question(record, key)
        evidence = held.draft.current.answer.evidence if held.draft.current else ()
        content = AnswerContent(
            passages=passages, evidence=evidence, not_known=more.get("not_known", False)
        )
        base = more.get("base", held.draft.number)
        return write(by or self.engineer, held, content, base=base)

    def approved(self, record: Any, key: str, *passages: Passage) -> Any:
        """Write, hand in and approve an answer."""
        from declarant.desk.filer.questions import reviewing

        if passages:
            self.writes(record, key, *passages)
        held = self.question(record, key)
        reviewing.submit(self.engineer, held, held.draft.number)
        reviewing.approve(self.officer, held, held.draft.number)
        return self.question(record, key)

    def passages(self, record: Any) -> dict[str, tuple[Passage, ...]]:
        """An answer of fitting type to each question of the example but the file."""
        public: dict[str, Any] = {"confidential": False, "basis": None}
        asked = {item.key: item.asked for item in record.questions.all()}
        cells = {"text": "Aurora", "number": "2.5", "date": "2027-01-12"}

        def table(question: Any) -> TablePassage:
            row = tuple(
                column.cell.options[0].id
                if column.cell.type == "choice"
                else cells[column.cell.type]
                for column in question.asks.columns
            )
            return TablePassage(
                type="table", columns=table_columns(question.asks), rows=(row,), **public
            )

        made: dict[str, tuple[Passage, ...]] = {}
        for key, question in asked.items():
            match question.asks.type:
                case "text":
                    made[key] = (text(f"Answer to {key}."),)
                case "number":
                    unit = question.asks.units[0] if question.asks.units else None
                    made[key] = (NumberPassage(type="number", number="14", unit=unit, **public),)
                case "date":
                    made[key] = (DatePassage(type="date", date="2027-01-14", **public),)
                case "choice":
                    made[key] = (choice_of(question.asks, [question.asks.options[0].id]),)
                case "table":
                    made[key] = (table(question),)
        return made

    def all_approved(self, record: Any, keys: Iterable[str] | None = None) -> None:
        """Approve an answer to every question of the example, or to those of `keys`."""
        for key, passages in self.passages(record).items():
            if keys is None or key in keys:
                self.approved(record, key, *passages)

    def prepared(self, record: Any, keys: Iterable[str], **more: Any) -> Any:
        """Prepare an answer set, with a reason wherever one is asked for."""
        from declarant.desk.filer.questions.composing import plan
        from declarant.desk.filer.questions.preparing import document_of, prepare

        planned = plan(record, set(keys), **more)
        checks = document_of(planned, self.preparer, self.officer, {})[1]
        reasons = {item.key: REASON for item in checks if item.asks_reason}
        return self.again(prepare(self.preparer, planned, self.officer, reasons))

    def key(self) -> Any:
        """The officer's key, for trial; the same one in every test, since making one is slow."""
        from declarant.desk.filer.filings.models import SigningKey
        from declarant.desk.filer.filings.signing.registering import keep_on_server
        from declarant.filing.keys import File

        held = SigningKey.objects.filter(owner=self.officer).first()
        pem = File("key.pem", trial_key(self.officer.name, self.officer.email))
        return held or keep_on_server(self.officer, "trial", pem, b"", PASSPHRASE)

    def certified(self, row: Any) -> Any:
        """Certify with every statement made."""
        from declarant.desk.filer.questions.certifying import certify
        from declarant.filing.exchange.statements import STATEMENT_IDS

        certify(
            self.officer,
            row,
            self.key(),
            document=row.document.sha256,
            ticked=STATEMENT_IDS,
            secret=PASSPHRASE,
        )
        return self.again(row)

    def sent(self, row: Any) -> Any:
        """Send by hand, now."""
        from django.utils import timezone

        from declarant.desk.filer.questions.sending import sent_by_hand

        sent_by_hand(self.preparer, row, timezone.now(), "from the mailbox of counsel")
        return self.again(row)

    def again(self, row: Any) -> Any:
        """A row as it stands in the database now."""
        return type(row).objects.get(pk=row.pk)
