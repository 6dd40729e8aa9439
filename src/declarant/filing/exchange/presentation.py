"""What the forms of the exchange say, as plain text: headings, rows and cells.

The Typst templates lay this out. A confidential passage carries its mark and its basis in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from declarant.filing.exchange.from_agency import (
    CorrectionNotice,
    ExtensionDecision,
    QuestionSet,
    Receipt,
)
from declarant.filing.exchange.from_person import AnswerSet, ExtensionRequest
from declarant.filing.exchange.parts import AttachedEvidence, Reference
from declarant.filing.exchange.presentation_answers import answered_topics, basis_said
from declarant.filing.exchange.presentation_questions import asked_topics
from declarant.filing.exchange.wording import KINDS, moment_said
from declarant.filing.presentation_activities import Rows, presented_remark
from declarant.filing.presentation_head import (
    clock_rows,
    contact_rows,
    head,
    named,
    person_rows,
)
from declarant.filing.wording import day

if TYPE_CHECKING:
    from declarant.filing.published import Exchange

_VOLUNTARY = "The rule is not in force, and nothing obliges anybody to ask or to answer under it."


def presented_exchange(document: Exchange) -> dict[str, Any]:
    """Return the content of the form of a document of the exchange."""
    common: dict[str, Any] = {
        **head(document, _VOLUNTARY),
        "side": document.side,
        "lead": _lead(document),
        "boxes": [["Prepared on", day(document.prepared_on)]],
        "belongs": list(_belongs(document)),
        "person": person_rows(document.person) if document.person else [],
        "agency_rows": _agency(document),
        "contacts": contact_rows(document.contacts),
        "clocks": list(clock_rows(document.clocks)),
        "evidence": [_evidence(file) for file in document.evidence],
        "statements": [],
        "officer": "",
    }
    return common | _own(document)


def _own(document: Exchange) -> dict[str, Any]:
    match document:
        case QuestionSet():
            return {
                "boxes": [*_due(document), ["Prepared on", day(document.prepared_on)]],
                "letter": document.letter or "",
                "topics": asked_topics(document.questions),
            }
        case AnswerSet():
            return _answer_set(document)
        case CorrectionNotice():
            return {
                "boxes": [*_due(document), ["Prepared on", day(document.prepared_on)]],
                "letter": document.letter or "",
                "returned": [
                    [item.question, item.why, item.asks_for or "not said"]
                    for item in document.returned
                ],
            }
        case ExtensionRequest():
            return {
                "boxes": [
                    *_due(document),
                    ["Asked until", day(document.until)],
                    ["Prepared on", day(document.prepared_on)],
                ],
                "questions": ", ".join(document.questions) or "all",
                "reason": document.reason,
            }
        case ExtensionDecision():
            return {
                "boxes": [
                    ["Decision", "Granted" if document.granted else "Refused"],
                    ["New last day", day(document.until) if document.until else "unchanged"],
                    ["Prepared on", day(document.prepared_on)],
                ],
                "reason": document.reason or "",
            }
        case Receipt():
            return _receipt(document)


def _answer_set(document: AnswerSet) -> dict[str, Any]:
    extended = document.extended
    return {
        "boxes": [
            *_due(document),
            *([["Extended until", day(extended.until)]] if extended else []),
            ["Version", str(document.version)],
            ["Prepared on", day(document.prepared_on)],
        ],
        "topics": answered_topics(document.answers, document.evidence),
        "left_for_later": list(document.left_for_later),
        "remarks": [presented_remark(remark) for remark in document.remarks],
        "statements": [[item.text, item.ticked] for item in document.statements],
        "officer": named(document.contacts.certifying_officer),
    }


def _receipt(document: Receipt) -> dict[str, Any]:
    half = 32
    digest = document.message_sha256
    return {
        "boxes": [["Received", moment_said(document.received_at)], ["Outcome", document.outcome]],
        "received": [
            ["Message", document.message_id or "not known"],
            [
                "SHA-256 of the message",
                f"{digest[:half]}\n{digest[half:]}" if digest else "the document came alone",
            ],
        ],
        "findings": [
            [
                item.severity,
                f"{item.where}: {item.what}" if item.where else item.what,
                item.mend or "",
            ]
            for item in document.findings
        ],
    }


def _due(document: Exchange) -> list[list[str]]:
    return [["Due", day(document.clock.due)]] if document.clock else []


def _lead(document: Exchange) -> str:
    sides = (document.agency.name, document.person_name)
    sender, receiver = sides if document.side == "agency" else reversed(sides)
    return f"From {sender} to {receiver}"


def _belongs(document: Exchange) -> Iterator[list[str]]:
    if document.case:
        yield ["Case", document.case]
    if document.replies_to:
        yield from _reference("Reply to", document.replies_to)
    if isinstance(document, AnswerSet):
        for label, other in (
            ("Supersedes", document.supersedes),
            ("Corrects after", document.corrects),
            ("Extended by", document.extended.decision if document.extended else None),
        ):
            if other:
                yield from _reference(label, other)


def _reference(label: str, other: Reference) -> Iterator[list[str]]:
    half = len(other.sha256) // 2
    yield [label, f"{KINDS[other.kind]}: {other.id}"]
    yield ["Its SHA-256", f"{other.sha256[:half]}\n{other.sha256[half:]}"]


def _agency(document: Exchange) -> Rows:
    rows = [["Agency", document.agency.name], ["E-mail", document.agency.email or "not given"]]
    if document.officer:
        rows.append(["Officer", named(document.officer)])
    return rows


def _evidence(file: AttachedEvidence) -> list[str]:
    half = len(file.sha256) // 2
    said = [file.name, *([file.about] if file.about else [])]
    size = "size not known" if file.size is None else f"{file.size:,} bytes"
    return [
        "\n".join(said),
        f"{'undated' if file.dated is None else day(file.dated)}\n{size}",
        f"CONFIDENTIAL. {basis_said(file.basis)}" if file.confidential else "public",
        f"{file.sha256[:half]}\n{file.sha256[half:]}",
    ]
