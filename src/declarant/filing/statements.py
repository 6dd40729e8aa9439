"""What the certifying officer states, and what every reader of a filing must know."""

from __future__ import annotations

from collections.abc import Collection

from declarant.filing.parts import Statement
from declarant.problems import bad_input

ALL = "all"
_STATEMENTS = {
    "authorized": "I am authorized to certify this document on behalf of {person}.",
    "examined": "I have examined this document and the evidence that it names.",
    "true": "To the best of my knowledge and belief it is true, correct and complete as of the day "
    "it was prepared.",
    "understood": "I understand the status of the law stated at its head, and that its verdicts "
    "are computed readings of the text.",
}
NOTICES = ("Verdicts are computed readings of the text of the law, and no legal advice.",)


def statements(person: str, ticked: Collection[str]) -> tuple[Statement, ...]:
    """Return the statements for a person's filing; `ticked` holds ids, or "all".

    Raises:
        BadInput: when an id is not known.
    """
    unknown = sorted(set(ticked) - set(_STATEMENTS) - {ALL})
    if unknown:
        raise bad_input(
            "file.statement",
            f"there is no statement {unknown[0]!r}.",
            mend=f"Known: {', '.join(_STATEMENTS)}, or {ALL}.",
            field="--tick",
        )
    return tuple(
        Statement(
            id=name,
            text=text.format(person=person.removesuffix(".")),
            ticked=name in ticked or ALL in ticked,
        )
        for name, text in _STATEMENTS.items()
    )
