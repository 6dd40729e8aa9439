"""What the person who reports writes: answers, and requests for an extension."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from declarant.filing.exchange.answers import Answer
from declarant.filing.exchange.head import ExchangeHead, Side
from declarant.filing.exchange.parts import Reference
from declarant.filing.exchange.questions import MOST_QUESTIONS
from declarant.filing.parts import Identifier, Part, Prose, Remark, Statement
from declarant.law.text import Day


class Extended(Part):
    """An extension that was granted, by which decision, and until when."""

    decision: Reference
    until: Day


class AnswerSet(ExchangeHead):
    """Answers to all or some questions of a question set, which it replies to.

    The sets that answer one question set are numbered from 1. A correction is a new set that holds
    every answer again and names the one it supersedes; an instalment answers what was left and
    supersedes nothing.
    """

    title: ClassVar[str] = "Answers to the Agency's Questions"
    word: ClassVar[str] = "answer_set"

    kind: Literal["answer_set"]
    version: int = Field(ge=1, strict=True)
    supersedes: Reference | None = Field(description="the answer set that this one replaces")
    corrects: Reference | None = Field(description="the correction notice that asked for it")
    extended: Extended | None
    answers: tuple[Answer, ...] = Field(min_length=1, max_length=MOST_QUESTIONS)
    left_for_later: tuple[Identifier, ...] = Field(
        description="questions that a later set will answer"
    )
    remarks: tuple[Remark, ...]
    statements: tuple[Statement, ...] = Field(min_length=1)

    @property
    def side(self) -> Side:
        """The person writes it."""
        return "person"

    @property
    def headline(self) -> str:
        """The title; a correction says so."""
        return f"Corrected {self.title}" if self.supersedes else self.title

    def answer(self, question: str) -> Answer | None:
        """Return the answer to the question of that id; None when this set has none."""
        return next((item for item in self.answers if item.question == question), None)


class ExtensionRequest(ExchangeHead):
    """A request for more time. It replies to the questions, or to the correction notice."""

    title: ClassVar[str] = "Request for an Extension"
    word: ClassVar[str] = "extension_request"

    kind: Literal["extension_request"]
    questions: tuple[Identifier, ...] = Field(description="which questions; empty: all")
    until: Day
    reason: Prose

    @property
    def side(self) -> Side:
        """The person writes it."""
        return "person"
