"""The questions of a file with their answers laid out, and what the file says about itself."""

from __future__ import annotations

from dataclasses import dataclass

from declarant.filing.exchange.questions import Question
from declarant.filing.offline.entries import Sheet, laid_out
from declarant.filing.offline.handed_out import FORMAT, HandedOut, Labels, Slip, known_grounds
from declarant.filing.offline.handed_out import labels_of as _labels_of
from declarant.filing.offline.reading_entries import Reading
from declarant.filing.offline.work import DraftAnswer, Work, fingerprint

KEPT = (
    "This answer cannot be carried by a file as it stands. Work on it at the desk; here it is only "
    "shown, and it is left as it is."
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """One question for a file; without a sheet it is shown, and not to be edited."""

    question: Question
    draft: DraftAnswer
    sheet: Sheet | None


def prepare(work: Work) -> tuple[Slip, tuple[Prepared, ...]]:
    """Return what a file says about itself, and the questions that it holds."""
    labels = _labels_of(work)
    prepared = tuple(
        Prepared(question, draft, _faithful(question, draft, labels, work))
        for question in work.handed_out
        for draft in (work.draft(question.id),)
    )
    slip = Slip(
        format=FORMAT,
        set=work.questions.id,
        sha256=work.questions.sha256,
        labels=labels,
        questions=tuple(_handed_out(item) for item in prepared),
        told=(),
    )
    return slip, prepared


def reading(work: Work, labels: Labels, question: Question, name: str) -> Reading:
    """Return the reading of one answer, against what the desk has at hand."""
    return Reading(question, labels, tuple(known_grounds(work)), frozenset(work.files), name)


def _faithful(question: Question, draft: DraftAnswer, labels: Labels, work: Work) -> Sheet | None:
    """Return an answer laid out, if reading the parts gives the same answer again."""
    sheet = laid_out(question, draft, labels)
    if sheet is None:
        return None
    handed = _handed_out(Prepared(question, draft, sheet))
    again = reading(work, labels, question, "")
    return None if again.answer(sheet, handed).touched else sheet


def _handed_out(item: Prepared) -> HandedOut:
    draft = item.draft
    entries = item.sheet.entries if item.sheet else ()
    return HandedOut(
        id=item.question.id,
        version=draft.version,
        fingerprint=fingerprint(draft.passages, draft.not_known, draft.evidence),
        parts=tuple(entry.part for entry in entries if entry.kind != "table"),
        tables=tuple(entry.part for entry in entries if entry.kind == "table"),
        kept=item.sheet is None,
    )
