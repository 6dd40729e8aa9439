"""Answers made for a question: its words, its topic, the heads of its table, its options."""

from __future__ import annotations

from collections.abc import Iterable

from declarant.filing.exchange.answers import (
    Answer,
    AnswerStanding,
    ChoicePassage,
    FormerAnswer,
    Passage,
    TableColumn,
)
from declarant.filing.exchange.questions import (
    AskedColumn,
    AsksChoice,
    AsksNumber,
    AsksTable,
    Question,
)
from declarant.filing.parts import Ground
from declarant.problems import bad_input


def answer_to(
    question: Question,
    passages: Iterable[Passage],
    *,
    not_known: bool = False,
    evidence: Iterable[str] = (),
    standing: AnswerStanding = "new",
    former: FormerAnswer | None = None,
) -> Answer:
    """Return an answer that carries the question's words; `evidence` holds SHA-256 of files.

    Raises:
        pydantic.ValidationError: when a field does not fit the schema, such as no passage at all.
    """
    return Answer(
        question=question.id,
        topic=question.topic,
        topic_title=question.topic_title,
        asked=question.text,
        passages=tuple(passages),
        not_known=not_known,
        evidence=tuple(evidence),
        standing=standing,
        former=former,
    )


def table_columns(asks: AsksTable) -> tuple[TableColumn, ...]:
    """Return the heads of the table that a question asks for."""
    return tuple(
        TableColumn(
            id=column.id,
            title=column.title,
            unit=_unit(column),
            options=column.cell.options if isinstance(column.cell, AsksChoice) else (),
        )
        for column in asks.columns
    )


def choice_of(
    asks: AsksChoice, chosen: Iterable[str], *, basis: Ground | None = None
) -> ChoicePassage:
    """Return the passage that chooses the options of those ids; confidential when it has a basis.

    Raises:
        BadInput: when the question offers no such option.
    """
    words = {option.id: option for option in asks.options}
    ids = tuple(chosen)
    for name in ids:
        if name not in words:
            raise bad_input(
                "answer.option",
                f"{name!r} is not one of the options.",
                mend=f"Choose among: {', '.join(words)}.",
            )
    options = tuple(words[name] for name in ids)
    return ChoicePassage(type="choice", chosen=options, confidential=basis is not None, basis=basis)


def _unit(column: AskedColumn) -> str | None:
    cell = column.cell
    return cell.units[0] if isinstance(cell, AsksNumber) and cell.units else None
