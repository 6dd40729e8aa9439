"""Whether the evidence of an answer set is named once, used, dated, and marked with a basis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from declarant.filing.exchange.answers import Answer, FilePassage
from declarant.filing.exchange.checking_passages import At
from declarant.filing.exchange.parts import AttachedEvidence
from declarant.problems import Finding, Place, Severity


def check_evidence_named(
    answers: list[Answer], files: tuple[AttachedEvidence, ...], prepared_on: date | None
) -> Iterator[Finding]:
    """Yield what is wrong with the evidence, and with what answers name of it."""
    known = {file.sha256 for file in files}
    for answer in answers:
        for digest in dict.fromkeys(_named(answer)):
            if digest not in known:
                what = f"no evidence of this answer set has the SHA-256 {digest}."
                mend = "Attach the file, or take it off the answer."
                yield At(answer.question).wrong("unknown_file", what, mend)
    used = {digest for answer in answers for digest in _named(answer)}
    yield from check_files(files, prepared_on)
    for file in files:
        if file.sha256 not in used:
            what = f"{file.name} is attached, but no answer names it."
            mend = "Name it at the answer that rests on it, or confirm why it is sent."
            yield _doubt("evidence.unused", what, file, mend)


def check_files(files: tuple[AttachedEvidence, ...], prepared_on: date | None) -> Iterator[Finding]:
    """Yield what is wrong with attached evidence of any document of the exchange."""
    names = Counter(file.name.casefold() for file in files)
    hashes = Counter(file.sha256 for file in files)
    for file in files:
        if names[file.name.casefold()] > 1:
            what = f"more than one file is named {file.name}."
            yield _wrong("evidence.same_name", what, file, "Give each file a name of its own.")
        if hashes[file.sha256] > 1:
            what = f"{file.name} is attached more than once."
            yield _wrong("evidence.twice", what, file, "Attach it once.")
        if file.confidential and file.basis is None:
            what = f"{file.name} is marked confidential, but names no basis for it."
            yield _wrong("evidence.no_basis", what, file, "Name the basis, or take the mark away.")
        if not file.confidential and file.basis is not None:
            what = f"{file.name} names a basis for confidentiality, but is not marked."
            yield _wrong("evidence.no_mark", what, file, "Mark it, or take the basis away.")
        if file.dated is None:
            what = f"{file.name} bears no date of its own."
            mend = "Give the day it was made or measured, or confirm why it is not known."
            yield _doubt("evidence.undated", what, file, mend)
        elif prepared_on and file.dated > prepared_on:
            what = (
                f"{file.name} is dated {file.dated}, after the day of this document, {prepared_on}."
            )
            yield _wrong("evidence.dated_later", what, file, "Correct the date of the file.")


def _named(answer: Answer) -> Iterator[str]:
    yield from answer.evidence
    for passage in answer.passages:
        if isinstance(passage, FilePassage):
            yield passage.file


def _wrong(code: str, what: str, file: AttachedEvidence, mend: str) -> Finding:
    return Finding(code, what, Place(field=f"evidence.{file.name}"), mend, Severity.ERROR)


def _doubt(code: str, what: str, file: AttachedEvidence, mend: str) -> Finding:
    return Finding(code, what, Place(field=f"evidence.{file.name}"), mend, Severity.WARNING)
