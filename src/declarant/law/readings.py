"""Where a rule is open: each question it leaves, and the answers its text allows."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import model_validator

from declarant.law.dated import Holding
from declarant.law.text import Citation, Id, LawModel, Text, at_least

Subject = Literal["training_run", "cluster", "clock"]


class ReadingOption(LawModel):
    """One answer that the text allows; `why` gives the reason somebody would read it so."""

    id: Id
    title: Text
    why: Text
    citation: Citation
    default: bool = False


class ReadingDimension(Holding):
    """A question that the text leaves open. The cautious answer is the default and stands first.

    An option without a citation of its own takes that of the question.
    """

    id: Id
    applies_to: Subject
    question: Text
    citation: Citation
    options: Annotated[tuple[ReadingOption, ...], at_least(2)]

    @model_validator(mode="before")
    @classmethod
    def _cited(cls, given: Any) -> Any:
        if not isinstance(given, dict) or not isinstance(given.get("options"), list):
            return given
        cited = [
            {"citation": given.get("citation"), **option} if isinstance(option, dict) else option
            for option in given["options"]
        ]
        return {**given, "options": cited}

    @model_validator(mode="after")
    def _one_default(self) -> Self:
        ids = [option.id for option in self.options]
        if len(set(ids)) != len(ids):
            raise ValueError("two options have the same id")
        if [option.default for option in self.options] != [True] + [False] * (len(ids) - 1):
            raise ValueError("exactly one option, the first, is the default")
        return self

    @property
    def default(self) -> ReadingOption:
        """The cautious answer."""
        return self.options[0]


class ReadingsFile(LawModel):
    """`readings.yaml`."""

    readings: tuple[ReadingDimension, ...] = ()
