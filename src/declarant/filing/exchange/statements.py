"""What the certifying officer states of answers."""

from __future__ import annotations

from collections.abc import Collection

from declarant.filing.parts import Statement
from declarant.filing.statements import ALL
from declarant.problems import bad_input

_STATEMENTS = {
    "authorized": "I am authorized to answer on behalf of {person}.",
    "examined": "I have examined these answers and the evidence that they name.",
    "true": "To the best of my knowledge and belief they are true, correct and complete as of the "
    "day they were prepared; what is not known is said to be not known.",
    "marked": "What is marked confidential rests on the basis named beside it.",
    "understood": "I understand the status of the law stated at the head of this document.",
}
NOTICES = ("Dates are computed readings of the text of the law, and no legal advice.",)
STATEMENT_IDS = tuple(_STATEMENTS)


def answer_statements(person: str, ticked: Collection[str]) -> tuple[Statement, ...]:
    """Return the statements that go with a person's answers; `ticked` holds ids, or "all".

    Raises:
        BadInput: when an id is not known.
    """
    unknown = sorted(set(ticked) - set(_STATEMENTS) - {ALL})
    if unknown:
        raise bad_input(
            "answer.statement",
            f"there is no statement {unknown[0]!r}.",
            mend=f"Known: {', '.join(_STATEMENTS)}, or {ALL}.",
            field="statements",
        )
    return tuple(
        Statement(
            id=name,
            text=text.format(person=person.removesuffix(".")),
            ticked=name in ticked or ALL in ticked,
        )
        for name, text in _STATEMENTS.items()
    )
