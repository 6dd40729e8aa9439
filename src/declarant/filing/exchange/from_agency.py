"""What the agency writes: questions, answers returned for correction, decisions; and receipts."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, StrictBool

from declarant.filing.exchange.head import ExchangeHead, Side
from declarant.filing.exchange.parts import Moment, ReceivedFinding
from declarant.filing.exchange.questions import MOST_QUESTIONS, Question
from declarant.filing.parts import (
    Address,
    Agency,
    Clock,
    Contact,
    Identifier,
    Line,
    Part,
    Prose,
    Sha256,
)
from declarant.law.text import Day

MOST_FINDINGS = 200


class QuestionSet(ExchangeHead):
    """Questions of the agency. Clarifications reply to the answer set they follow."""

    title: ClassVar[str] = "Questions of the Agency"
    word: ClassVar[str] = "question_set"

    kind: Literal["question_set"]
    stage: Literal["initial", "clarification"]
    letter: Prose | None = Field(description="what the agency says besides its questions")
    questions: tuple[Question, ...] = Field(min_length=1, max_length=MOST_QUESTIONS)

    @property
    def headline(self) -> str:
        """The title; clarifications say so."""
        return f"Clarifying {self.title}" if self.stage == "clarification" else self.title

    def question(self, question: str) -> Question | None:
        """Return the question of that id; None when it is not asked here."""
        return next((item for item in self.questions if item.id == question), None)


class ReturnedAnswer(Part):
    """An answer that the agency returns, and why."""

    question: Identifier
    why: Prose
    asks_for: Prose | None = Field(description="what the corrected answer should hold")


class CorrectionNotice(ExchangeHead):
    """Answers returned for correction. It replies to the answer set that holds them."""

    title: ClassVar[str] = "Answers Returned for Correction"
    word: ClassVar[str] = "correction_notice"

    kind: Literal["correction_notice"]
    letter: Prose | None
    returned: tuple[ReturnedAnswer, ...] = Field(min_length=1, max_length=MOST_QUESTIONS)


class ExtensionDecision(ExchangeHead):
    """The agency's decision on a request for an extension, which it replies to."""

    title: ClassVar[str] = "Decision on an Extension"
    word: ClassVar[str] = "extension_decision"

    kind: Literal["extension_decision"]
    granted: StrictBool
    until: Day | None = Field(description="the new last day; null when refused")
    reason: Prose | None = Field(description="why; a refusal always says it")

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """The clock as it runs after the decision: a granted day is the one to keep."""
        if self.clock is None or self.until is None:
            return super().clocks
        extended = f"Extended until {self.until} by the decision of {self.prepared_on}."
        return (
            Clock(
                duty=self.clock.duty,
                title=self.clock.title,
                due=self.until,
                worked_out=(*self.clock.worked_out, extended),
                citation=self.clock.citation,
                other_readings={},
            ),
        )


class Receipt(ExchangeHead):
    """That a message arrived, when, and whether it was accepted. It replies to its document.

    `replies_to` is null when no document in the message can be read. Either side can write one: the
    person's receipt of questions fixes the day from which the clock runs.
    """

    title: ClassVar[str] = "Receipt"
    word: ClassVar[str] = "receipt"

    kind: Literal["receipt"]
    by: Side
    received_at: Moment = Field(description="by the clock of the server that received it")
    message_sha256: Sha256 | None = Field(
        description="of the message, byte by byte as it arrived; null: the document came alone"
    )
    message_id: Line | None
    sent_to: Address | None = Field(
        description="where the receipt goes when it is not to a named contact"
    )
    outcome: Literal["accepted", "quarantined"]
    findings: tuple[ReceivedFinding, ...] = Field(max_length=MOST_FINDINGS)

    @property
    def side(self) -> Side:
        """Which side received the message, and writes."""
        return self.by

    @property
    def receivers(self) -> tuple[Contact | Agency, ...]:
        """Whom it is sent to: the address that the message came from, when that is named."""
        named = super().receivers
        if self.sent_to is None:
            return named
        name = named[0].name if named else self.sent_to
        return (Contact(name=name, title=None, email=self.sent_to, phone=None),)
