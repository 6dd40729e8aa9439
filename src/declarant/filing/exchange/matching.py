"""Whether a reply belongs to a document: the very one, of a kind that it can reply to.

Empty findings mean that it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from declarant.filing.documents import Affirmation, Notification
from declarant.filing.exchange.from_agency import (
    CorrectionNotice,
    ExtensionDecision,
    QuestionSet,
    Receipt,
)
from declarant.filing.exchange.from_person import AnswerSet, ExtensionRequest
from declarant.filing.exchange.head import Side
from declarant.filing.exchange.wording import KINDS
from declarant.filing.published import Exchange, Published
from declarant.problems import Finding, Place, Severity

_A_DAY = timedelta(days=1)
_REPLIES: dict[str, tuple[str, ...]] = {
    "question_set": ("notification", "affirmation", "answer_set"),
    "answer_set": ("question_set",),
    "correction_notice": ("answer_set",),
    "extension_request": ("question_set", "correction_notice"),
    "extension_decision": ("extension_request",),
    "receipt": tuple(kind for kind in KINDS if kind != "receipt"),
}
_TO = Place(field="$.replies_to")
_ASK = "Ask the sender which document it belongs to."


def matches(
    reply: Published, original: Published, *, message_sha256: str | None = None
) -> tuple[Finding, ...]:
    """Return why `reply` does not belong to `original`; nothing when it does.

    Args:
        reply: a document of the exchange.
        original: what it should reply to.
        message_sha256: of the message in which `original` was sent; a receipt must name it.
    """
    if isinstance(reply, Notification | Affirmation):
        what = f"a {reply.kind} replies to nothing."
        return (_wrong("reply.kind", what, Place(field="$.kind"), _ASK),)
    return (
        *_names(reply, original),
        *_parties(reply, original),
        *_content(reply, original),
        *(_receipt(reply, original, message_sha256) if isinstance(reply, Receipt) else ()),
    )


def may_reply(kind: str, to: str) -> bool:
    """Whether a document of one kind can reply to one of the other."""
    return to in _REPLIES.get(kind, ())


def _names(reply: Exchange, original: Published) -> Iterator[Finding]:
    named = reply.replies_to
    if named is None:
        what = "it does not say to which document it replies."
        yield _wrong("reply.to_nothing", what, _TO, _ASK)
        return
    if not may_reply(reply.kind, original.kind):
        what = f"a {_kind(reply)} cannot reply to a {_kind(original)}."
        yield _wrong("reply.kind", what, _TO, _ASK)
    if named.id != original.id:
        what = f"it replies to {named.id}, not to {original.id}."
        yield _wrong("reply.other_document", what, _TO, _ASK)
    elif named.sha256 != original.sha256:
        what = (
            f"it replies to a document of the same id with the SHA-256 {named.sha256}; the one "
            f"here has {original.sha256}."
        )
        mend = "Compare the documents byte by byte: one of them was changed."
        yield _wrong("reply.other_content", what, _TO, mend)


def _parties(reply: Exchange, original: Published) -> Iterator[Finding]:
    if reply.regime.id != original.regime.id:
        what = f"it is made under {reply.regime.id}, and the document under {original.regime.id}."
        yield _wrong("reply.regime", what, Place(field="$.regime.id"), _ASK)
    if reply.person and original.person and reply.person.name != original.person.name:
        what = f"it is about {reply.person.name}, and the document about {original.person.name}."
        mend = "Confirm that both are the same person, such as after a change of name."
        yield _doubt("reply.person", what, Place(field="$.person.name"), mend)
    if reply.prepared_on + _A_DAY < original.prepared_on:  # zones may be a day apart
        what = f"was prepared on {reply.prepared_on}, before {original.prepared_on}, the day of "
        mend = "Ask the sender which day is true."
        yield _doubt(
            "reply.before", f"{what}what it replies to.", Place(field="$.prepared_on"), mend
        )


def _content(reply: Exchange, original: Published) -> Iterator[Finding]:
    """Yield what the reply names that the document does not hold."""
    match reply, original:
        case CorrectionNotice(), AnswerSet():
            for number, item in enumerate(reply.returned):
                if original.answer(item.question) is None:
                    where = Place(field=f"$.returned[{number}]")
                    yield _unknown(f"returns the answer to {item.question}", original, where)
        case QuestionSet(), AnswerSet():
            for number, question in enumerate(reply.questions):
                if question.follows and original.answer(question.follows) is None:
                    where = Place(field=f"$.questions[{number}].follows")
                    yield _unknown(f"follows the answer to {question.follows}", original, where)
        case ExtensionRequest(), QuestionSet():
            for number, name in enumerate(reply.questions):
                if original.question(name) is None:
                    where = Place(field=f"$.questions[{number}]")
                    yield _unknown(f"asks for time for {name}", original, where)
        case ExtensionDecision(), ExtensionRequest() if reply.clock != original.clock:
            what = "it is about another clock than the request."
            yield _wrong("reply.clock", what, Place(field="$.clock"), _ASK)


def _receipt(reply: Receipt, original: Published, message_sha256: str | None) -> Iterator[Finding]:
    if reply.by == _side(original):
        what = f"the {reply.by} receipts what it sent itself."
        yield _wrong("reply.own_receipt", what, Place(field="$.by"), _ASK)
    if message_sha256 is not None and reply.message_sha256 != message_sha256:
        what = (
            f"it is the receipt of a message with the SHA-256 {reply.message_sha256 or 'unknown'}; "
            f"the message that was sent has {message_sha256}."
        )
        mend = "The message was changed on its way, or sent twice: compare it with what arrived."
        yield _wrong("reply.other_message", what, Place(field="$.message_sha256"), mend)


def _side(document: Published) -> Side:
    return "person" if isinstance(document, Notification | Affirmation) else document.side


def _kind(document: Published) -> str:
    return document.kind.replace("_", " ")


def _unknown(does: str, original: Published, where: Place) -> Finding:
    what = f"it {does}, which {original.id} does not hold."
    return _wrong("reply.unknown_question", what, where, _ASK)


def _wrong(code: str, what: str, where: Place, mend: str) -> Finding:
    return Finding(code, what, where, mend, Severity.ERROR)


def _doubt(code: str, what: str, where: Place, mend: str) -> Finding:
    return Finding(code, what, where, mend, Severity.WARNING)
