"""What a file says about itself, hidden from people: for which questions it was made, with what.

Labels stand in for things that people choose among: bases of confidentiality, files of evidence.
The file keeps the list it was made with, so that a label means the same when the desk has moved on.
Nothing in it is trusted: it is read against the questions and files at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field, StrictBool, ValidationError

from declarant.filing.canonical import canonical, sha256
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.filing.offline.work import Work
from declarant.filing.parts import Count, Ground, Identifier, Line, Part, Sha256
from declarant.problems import BadInput, bad_input

FORMAT = "declarant-offline-1"
PUBLIC = "Public"
NO_BASIS = "Confidential (name the basis at the desk)"
_LONGEST_LABEL = 120
_NOTHING = frozenset({"", PUBLIC.casefold(), "public", "no", "公開"})


class HandedOut(Part):
    """One question as it was handed out.

    `parts` are the numbers of the parts that stood in the file, `tables` those of tables. A
    question that is `kept` was shown, but not to be edited: its answer cannot be carried
    faithfully.
    """

    id: Identifier
    version: Annotated[int, Field(ge=0, le=2**53 - 1)]
    fingerprint: Sha256
    parts: tuple[Count, ...]
    tables: tuple[Count, ...]
    kept: StrictBool


class Labels(Part):
    """What people read and choose, in the place of a basis of confidentiality or a file."""

    marks: dict[Line, Ground | None]
    files: dict[Line, Sha256]

    def mark(self, confidential: bool, basis: Ground | None) -> str:
        """Return the label of a mark."""
        if not confidential:
            return PUBLIC
        return next((label for label, held in self.marks.items() if held == basis), NO_BASIS)

    def marked(self, label: str, known: Iterable[Ground]) -> tuple[bool, Ground | None, bool]:
        """Return whether a label means confidential, on which basis, and whether it is known.

        What is not known is confidential: the careful reading of somebody's mark.
        """
        wanted = " ".join(label.split())
        if wanted.casefold() in _NOTHING:
            return False, None, True
        basis = self.marks.get(wanted)
        if basis is not None and basis in known:
            return True, basis, True
        return True, None, wanted == NO_BASIS

    def file(self, digest: str) -> str | None:
        """Return the label of a file; None when it has none."""
        return next((label for label, held in self.files.items() if held == digest), None)


class Slip(Part):
    """Everything that a file says about itself."""

    format: str
    set: Identifier
    sha256: Sha256
    labels: Labels
    questions: tuple[HandedOut, ...]
    told: tuple[Line, ...] = Field(description="short hashes of what stood beside the boxes")

    def as_text(self) -> str:
        """Return it as it stands in the file."""
        return canonical(self.model_dump(mode="json")).decode()


def labels_of(work: Work) -> Labels:
    """Return the labels of the bases and files that the work knows."""
    marks: dict[str, Ground | None] = {}
    for ground in known_grounds(work):
        marks[_unused(f"Confidential: {ground.text}", marks)] = ground
    marks[NO_BASIS] = None
    files: dict[str, str] = {}
    for digest, name in work.files.items():
        files[_unused(name, files)] = digest
    return Labels(marks=marks, files=files)


def short_hash(text: str) -> str:
    """Return the hash by which a paragraph is known again."""
    return sha256(text.strip().encode("utf-8", "replace"))[:12]


def known_grounds(work: Work) -> list[Ground]:
    """Return every basis that the law lists or an answer names already."""
    named = (
        passage.basis
        for draft in work.drafts
        for passage in draft.passages
        if passage.basis is not None
    )
    return list(dict.fromkeys((*work.grounds, *named)))


def read_slip(text: str, questions: QuestionSet, name: str) -> Slip:
    """Return what a file says about itself.

    Raises:
        BadInput: when it says nothing that can be read, or was made for other questions.
    """
    try:
        slip = Slip.model_validate_json(text)
    except ValidationError:
        slip = None
    if slip is None or slip.format != FORMAT:
        raise not_ours(name)
    if (slip.set, slip.sha256) != (questions.id, questions.sha256):
        raise bad_input(
            "offline.other_questions",
            f"was made for other questions: {slip.set}, not {questions.id}.",
            mend="Upload it where those questions are, or take the file of these ones.",
            file=name,
        )
    return slip


def not_ours(name: str) -> BadInput:
    """Return the refusal of a file that does not say which questions it was made for."""
    return bad_input(
        "offline.not_ours",
        "is not a file that was handed out for these questions, or what marks it is gone.",
        mend="Take the file anew from the desk and copy the answers into it.",
        file=name,
    )


def _unused(text: str, taken: Mapping[str, object]) -> str:
    """Return a label on one line that no other thing has."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    label = line[:_LONGEST_LABEL].strip()
    number = 1
    unused = label
    while unused in taken or unused.casefold() in _NOTHING:
        number += 1
        unused = f"{label} ({number})"
    return unused
