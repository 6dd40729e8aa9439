"""An answer to one question: a list of passages, each confidential or not."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, model_validator

from declarant.filing.exchange.parts import DecimalText
from declarant.filing.exchange.questions import MOST_COLUMNS, MOST_OPTIONS, Option
from declarant.filing.parts import Ground, Identifier, Line, Part, Prose, Sha256
from declarant.law.text import Day

MOST_ROWS = 1000  # a longer table belongs into a file: nobody reads it on a form
MOST_PASSAGES = 50
AnswerStanding = Literal["new", "changed", "same"]


class _Passage(Part):
    confidential: StrictBool
    basis: Ground | None = Field(description="on what confidentiality rests; null when public")


class TextPassage(_Passage):
    """Words: the answer to a question of text, or what is said beside another answer."""

    type: Literal["text"]
    text: Prose


class NumberPassage(_Passage):
    """A number with its unit."""

    type: Literal["number"]
    number: DecimalText
    unit: Line | None


class DatePassage(_Passage):
    """A day."""

    type: Literal["date"]
    date: Day


class ChoicePassage(_Passage):
    """What was chosen, with its words, so that the answer can be read without the question."""

    type: Literal["choice"]
    chosen: tuple[Option, ...] = Field(min_length=1, max_length=MOST_OPTIONS)


class TableColumn(Part):
    """A column as the question heads it, so that the table can be read without the question."""

    id: Identifier
    title: Line
    unit: Line | None = Field(description="of the numbers in it, when they have one")
    options: tuple[Option, ...] = Field(description="what its cells choose from; empty: no choice")

    def said(self, cell: str | None) -> str:
        """Return a cell as people read it: the words of an option, "not known" for null."""
        words = {option.id: option.text for option in self.options}
        return "not known" if cell is None else words.get(cell, cell)


class TablePassage(_Passage):
    """Rows of a table. Cells stand in the order of the columns; null is "not known".

    A cell is text: a day as 2027-02-01, a number as decimal text, a choice as the option's id.
    Public and confidential rows of one table stand in two passages.
    """

    type: Literal["table"]
    columns: tuple[TableColumn, ...] = Field(min_length=1, max_length=MOST_COLUMNS)
    rows: tuple[tuple[Prose | None, ...], ...] = Field(min_length=1, max_length=MOST_ROWS)

    @model_validator(mode="after")
    def _whole_rows(self) -> TablePassage:
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row {number} has {len(row)} cells for {len(self.columns)} columns"
                )
        return self


class FilePassage(_Passage):
    """A file of the evidence that is itself the answer."""

    type: Literal["file"]
    file: Sha256


Passage = Annotated[
    TextPassage | NumberPassage | DatePassage | ChoicePassage | TablePassage | FilePassage,
    Field(discriminator="type"),
]


class FormerAnswer(Part):
    """The answer given before: in which answer set, to which question."""

    answer_set: Identifier
    sha256: Sha256
    question: Identifier


class Answer(Part):
    """The answer to one question, with the question's words, so that it can be read alone."""

    question: Identifier
    topic: Identifier
    topic_title: Line
    asked: Prose = Field(description="the question's text, as it was answered")
    passages: tuple[Passage, ...] = Field(min_length=1, max_length=MOST_PASSAGES)
    not_known: StrictBool = Field(
        description="the person does not know what was asked; the passages of text say why"
    )
    evidence: tuple[Sha256, ...] = Field(description="files of the answer set that it rests on")
    standing: AnswerStanding = Field(description="against the former answer")
    former: FormerAnswer | None
