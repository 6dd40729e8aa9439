"""Whether an answer set holds together: versions, marks, evidence, people, statements, days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from declarant.filing.exchange.checking import answered_once
from declarant.filing.exchange.checking_evidence import check_evidence_named
from declarant.filing.exchange.checking_passages import At, check_marks
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.verification.report import error
from declarant.problems import Finding, Place, Severity

_WRITE_ANEW = "Write the answer set anew."


def versions_follow(document: AnswerSet) -> Iterator[Finding]:
    """Require that a set which supersedes one has a later number, and a correction supersedes."""
    where = Place(field="$.version")
    if document.supersedes and document.version == 1:
        what = f"is version 1, but supersedes {document.supersedes.id}."
        yield error("answer_set.version", what, where, _WRITE_ANEW)
    if document.corrects and not document.supersedes:
        what = "answers a correction notice, but does not say which answer set it supersedes."
        yield error("answer_set.supersedes", what, Place(field="$.supersedes"), _WRITE_ANEW)
    for field, kind in (("supersedes", "answer_set"), ("corrects", "correction_notice")):
        named = getattr(document, field)
        if named and named.kind != kind:
            what = f"names a {named.kind} where a {kind} belongs.".replace("_", " ")
            yield error("reply.kind", what, Place(field=f"$.{field}"), _WRITE_ANEW)


def each_once(document: AnswerSet) -> Iterator[Finding]:
    """Require one answer a question, and none to a question that is left for later."""
    yield from answered_once(document.answers, document.left_for_later)


def standings_named(document: AnswerSet) -> Iterator[Finding]:
    """Require the former answer's name exactly when an answer is not new."""
    for answer in document.answers:
        if (answer.standing == "new") != (answer.former is None):
            what = f"stands as {answer.standing}, " + (
                "but names no former answer."
                if answer.former is None
                else "but names a former one."
            )
            yield At(answer.question).wrong("standing", what, "Compare it with the former answer.")


def passages_marked(document: AnswerSet) -> Iterator[Finding]:
    """Require a basis for every confidential passage, and a mark where one is named."""
    for answer in document.answers:
        yield from check_marks(answer)


def evidence_named(document: AnswerSet) -> Iterator[Finding]:
    """Require that answers name evidence of the set, and expect that each file is named."""
    yield from check_evidence_named(list(document.answers), document.evidence, document.prepared_on)


def two_people(document: AnswerSet) -> Iterator[Finding]:
    """Expect a named officer who is somebody else than the preparer."""
    officer, preparer = document.contacts.certifying_officer, document.contacts.preparer
    where = Place(field="$.contacts")
    if officer is None:
        what = "no certifying officer is named."
        yield Finding("contacts.no_officer", what, where, "Name who certifies the answers.")
    elif preparer and (officer.name, officer.email) == (preparer.name, preparer.email):
        what = "the certifying officer prepared the document alone."
        yield Finding("contacts.one_person", what, where, "Let somebody else prepare or certify.")


def statements_ticked(document: AnswerSet) -> Iterator[Finding]:
    """Expect that the certifying officer ticked every statement."""
    left = [statement.id for statement in document.statements if not statement.ticked]
    if left:
        what = f"the certifying officer has not ticked: {', '.join(left)}."
        where = Place(field="$.statements")
        yield Finding("statement.not_ticked", what, where, "The officer ticks each of them.")


def remarks_confirmed(document: AnswerSet) -> Iterator[Finding]:
    """Expect a reason for every answer that a check questioned; what cannot be true blocks."""
    for number, remark in enumerate(document.remarks):
        if remark.severity != "note" and remark.confirmation is None:
            what = f"not confirmed with a reason: {remark.what}"
            weight = Severity.ERROR if remark.severity == "error" else Severity.WARNING
            where = Place(field=f"$.remarks[{number}]")
            yield Finding(
                "remark.not_confirmed", what, where, "Correct it, or give the reason.", weight
            )


def in_time(document: AnswerSet) -> Iterator[Finding]:
    """Expect answers by the day they are due, or the day to which it was extended."""
    clock, extended = document.clock, document.extended
    if clock is None:
        return
    if clock.starts > document.prepared_on:
        what = (
            f"was prepared on {document.prepared_on}, before its clock started on {clock.starts}."
        )
        yield error("clock.starts_later", what, Place(field="$.clock.starts"), _WRITE_ANEW)
    if extended and extended.until <= clock.due:
        what = f"an extension until {extended.until} is none: it was due on {clock.due}."
        yield error("extension.not_later", what, Place(field="$.extended.until"), _WRITE_ANEW)
    last = extended.until if extended else clock.due
    if document.prepared_on > last:
        what = f"it was prepared on {document.prepared_on}, after the last day, {last}."
        yield Finding("answer_set.late", what, Place(field="$.prepared_on"), "Say why in words.")


ANSWER_RULES: dict[type, tuple[Callable[[Any], Iterator[Finding]], ...]] = {
    AnswerSet: (
        versions_follow,
        each_once,
        standings_named,
        passages_marked,
        evidence_named,
        two_people,
        statements_ticked,
        remarks_confirmed,
        in_time,
    ),
}
