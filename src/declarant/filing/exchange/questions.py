"""A question of the agency: what is asked, and what an answer must look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from declarant.filing.exchange.parts import DecimalText
from declarant.filing.parts import Count, Identifier, Line, Part, Prose
from declarant.law.text import Day

MOST_COLUMNS = 30
MOST_OPTIONS = 200
MOST_QUESTIONS = 500


class AsksText(Part):
    """An answer in words."""

    type: Literal["text"]
    longest: Count | None = Field(description="most characters; null: no limit")


class AsksNumber(Part):
    """A number in one of the units; without units, a bare number."""

    type: Literal["number"]
    units: tuple[Line, ...]
    least: DecimalText | None = Field(description="in the first unit")
    most: DecimalText | None = Field(description="in the first unit")
    whole: StrictBool


class AsksDate(Part):
    """A day."""

    type: Literal["date"]
    earliest: Day | None
    latest: Day | None


class Option(Part):
    """One answer that can be chosen."""

    id: Identifier
    text: Line


class AsksChoice(Part):
    """One of the options, or several of them."""

    type: Literal["choice"]
    options: tuple[Option, ...] = Field(min_length=1, max_length=MOST_OPTIONS)
    several: StrictBool


Cell = Annotated[AsksText | AsksNumber | AsksDate | AsksChoice, Field(discriminator="type")]
"""What a cell of a table holds; a number has at most one unit, a choice takes one option."""


class AskedColumn(Part):
    """A column of a table."""

    id: Identifier
    title: Line
    cell: Cell
    required: StrictBool


class AsksTable(Part):
    """Rows of the same columns."""

    type: Literal["table"]
    columns: tuple[AskedColumn, ...] = Field(min_length=1, max_length=MOST_COLUMNS)
    fewest: Count = Field(description="least number of rows")
    most: Count | None = Field(description="greatest number of rows; null: no limit")


class AsksFile(Part):
    """One or more files."""

    type: Literal["file"]
    suffixes: tuple[Line, ...] = Field(description='such as ".pdf"; empty: any')
    most: Count | None = Field(description="greatest number of files; null: no limit")


Asked = Annotated[
    AsksText | AsksNumber | AsksDate | AsksChoice | AsksTable | AsksFile,
    Field(discriminator="type"),
]


class Condition(Part):
    """The question is put only when another one is answered, or answered so."""

    question: Identifier
    any_of: tuple[Identifier, ...] = Field(
        description="options of which one was chosen; empty: answered at all"
    )


class Source(Part):
    """Where to read more: the law, a standard, a form."""

    text: Line
    url: Line | None


class Question(Part):
    """One question. Its id is stable: asked again in a later set, it keeps it."""

    id: Identifier
    topic: Identifier = Field(description="id of the topic in the law's data")
    topic_title: Line
    area: Identifier | None = Field(description="id of the area within the topic, when it has one")
    area_title: Line | None
    text: Prose
    asks: Asked
    required: StrictBool
    evidence_expected: StrictBool = Field(description="whether an answer should come with evidence")
    condition: Condition | None
    help: Prose | None
    references: tuple[Source, ...]
    follows: Identifier | None = Field(
        description="in clarifications: the question whose answer gave rise to this one"
    )
