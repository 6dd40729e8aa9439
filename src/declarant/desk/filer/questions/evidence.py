"""The files that go with an answer set: each once, under a name of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from declarant.desk.filer.questions.attaching import LONGEST_NAME, described
from declarant.desk.filer.questions.bases import ground_of
from declarant.desk.filer.questions.models import (
    AnswerPackage,
    Attachment,
    Question,
    QuestionSetRecord,
)
from declarant.desk.vault.models import StoredFile
from declarant.filing.exchange.answers import Answer, FilePassage
from declarant.filing.exchange.parts import AttachedEvidence
from declarant.filing.manifest import MANIFEST_NAME


@dataclass(frozen=True, slots=True)
class Gathered:
    """Evidence as a document names it, and where its bytes lie."""

    attached: tuple[AttachedEvidence, ...]
    files: dict[str, StoredFile]

    def read(self) -> dict[str, bytes]:
        """Return the bytes of each file, by its SHA-256."""
        return {digest: file.read() for digest, file in self.files.items()}


def gather(
    record: QuestionSetRecord, items: Iterable[Any], supersedes: AnswerPackage | None
) -> Gathered:
    """Return every file that the answers name, described as it was attached last.

    A file that an answer took over from the set it replaces is described as it was there. One that
    two answers name is confidential when either says so.
    """
    former = {file.sha256: file for file in (supersedes.answer_set.evidence if supersedes else ())}
    made: dict[str, AttachedEvidence] = {}
    taken: set[str] = {MANIFEST_NAME}
    digests: dict[str, None] = {}
    held: dict[str, Attachment] = {}
    for item in items:
        named = dict.fromkeys(item.answer.evidence)
        named |= {p.file: None for p in item.answer.passages if isinstance(p, FilePassage)}
        digests |= named
        for digest, row in described(item.question.draft).items():
            known = held.get(digest)
            if digest in named and (known is None or (row.confidential and not known.confidential)):
                held[digest] = row
    files = {file.sha256: file for file in StoredFile.objects.filter(sha256__in=digests)}
    for digest in digests:
        if digest in held and digest in files:
            made[digest] = _described(record.regime, held[digest], files[digest], taken)
        elif digest in former:
            made[digest] = former[digest]
            taken.add(former[digest].name.casefold())
    return Gathered(tuple(made.values()), {key: files[key] for key in made if key in files})


def described_for(question: Question, answer: Answer) -> tuple[AttachedEvidence, ...]:
    """Return the files that one answer names, as they would be described."""
    named = dict.fromkeys(answer.evidence)
    named |= {p.file: None for p in answer.passages if isinstance(p, FilePassage)}
    taken: set[str] = set()
    return tuple(
        _described(question.question_set.regime, row, row.file, taken)
        for digest, row in described(question.draft).items()
        if digest in named
    )


def _described(regime: str, row: Attachment, file: StoredFile, taken: set[str]) -> AttachedEvidence:
    return AttachedEvidence(
        name=_own_name(row.name, taken),
        sha256=file.sha256,
        size=file.size,
        media_type=file.media_type,
        dated=row.dated,
        about=row.about or None,
        confidential=row.confidential,
        basis=ground_of(regime, row.basis) if row.confidential else None,
    )


def _own_name(name: str, taken: set[str]) -> str:
    """Return a name that no other file of the message has: report.pdf, report (2).pdf."""
    stem, dot, suffix = name.rpartition(".")
    if not dot or not stem:
        stem, dot, suffix = name, "", ""
    made, number = name, 1
    while made.casefold() in taken:
        number += 1
        end = f" ({number}){dot}{suffix}"
        made = f"{stem[: LONGEST_NAME - len(end)]}{end}"
    taken.add(made.casefold())
    return made
