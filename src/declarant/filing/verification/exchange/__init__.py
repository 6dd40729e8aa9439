"""Documents of the exchange: they hold together, fit what they reply to, bring their evidence.

Answers are held against the questions when those are given.
"""

from __future__ import annotations

from collections.abc import Iterator

from declarant.filing.canonical import sha256
from declarant.filing.documents import Affirmation, Notification
from declarant.filing.exchange.checking import check_answers
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.exchange.matching import matches
from declarant.filing.published import Exchange, Published
from declarant.filing.verification.attachments import Attached
from declarant.filing.verification.exchange.consistency import check_consistency
from declarant.filing.verification.report import Expectations, error
from declarant.problems import Finding, Place, Severity

_SEND_AGAIN = "Ask the sender for the whole message again."


def check_exchange(document: Exchange, expectations: Expectations) -> tuple[Finding, ...]:
    """Return what is wrong with a document, and with it as a reply to what was given."""
    original = expectations.replies_to
    findings = list(check_consistency(document))
    if original is not None:
        findings += matches(document, original)
    if isinstance(document, AnswerSet) and isinstance(original, QuestionSet):
        findings += _answers(document, original, expectations.earlier)
    return tuple(dict.fromkeys(findings))


def _answers(
    document: AnswerSet, questions: QuestionSet, earlier: tuple[AnswerSet, ...]
) -> Iterator[Finding]:
    """Hold answers against the questions; an instalment alone says nothing of what is missing."""
    is_instalment = document.version > 1 and document.supersedes is None
    if is_instalment and not earlier:
        what = "an instalment: whether every question is answered shows beside the earlier sets."
        where = Place(field="$.version")
        yield Finding("answer_set.instalment", what, where, "Compare it with them.", Severity.NOTE)
    yield from check_answers(
        questions,
        document.answers,
        document.evidence,
        left_for_later=document.left_for_later,
        earlier=[answer for item in earlier for answer in item.answers],
        complete=not is_instalment or bool(earlier),
        prepared_on=document.prepared_on,
    )


def check_attached_evidence(document: Published, attached: Attached) -> Iterator[Finding]:
    """Compare the evidence in a message with what its document names."""
    if isinstance(document, Notification | Affirmation):
        named: dict[str, str] = {}
    else:
        named = {file.name: file.sha256 for file in document.evidence}
        yield from _sizes(document, dict(attached.evidence))
    held = dict(attached.evidence)
    reported = {item.name: item.state for item in attached.reports}
    for name, digest in named.items():
        if name not in held:
            if reported.get(name) != "missing":  # else it is said already
                what = "the document names it as evidence, but it is not attached as such."
                yield error("evidence.not_attached", what, Place(file=name), _SEND_AGAIN)
        elif sha256(held[name]) != digest and reported.get(name) != "changed":
            what = f"is not the evidence that the document names: that has the SHA-256 {digest}."
            yield error("evidence.changed", what, Place(file=name), _SEND_AGAIN)
    for name in held:
        if name not in named:
            what = "is attached as evidence, but the document does not name it."
            mend = "Do not rely on this file."
            yield Finding("evidence.not_of_document", what, Place(file=name), mend)


def _sizes(document: Exchange, held: dict[str, bytes]) -> Iterator[Finding]:
    for file in document.evidence:
        data = held.get(file.name)
        is_it = data is not None and sha256(data) == file.sha256
        if data is not None and is_it and file.size not in (None, len(data)):
            what = f"has {len(data):,} bytes; the document says {file.size:,}."
            yield error("evidence.size", what, Place(file=file.name), "Write the document anew.")
