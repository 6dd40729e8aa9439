"""Whether a document of the exchange holds together, and says of the law what the law's data says.

One function a rule; its docstring is the rule. Both sides apply the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from declarant.filing.exchange.checking_evidence import check_files
from declarant.filing.exchange.duties import ANSWER, CLARIFICATION, CORRECTION
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.exchange.matching import may_reply
from declarant.filing.published import Exchange
from declarant.filing.verification.exchange.answers import ANSWER_RULES
from declarant.filing.verification.exchange.decisions import DECISION_RULES
from declarant.filing.verification.exchange.questions import QUESTION_RULES, check_topics
from declarant.filing.verification.lawfulness import status_stated
from declarant.filing.verification.report import error
from declarant.law import Regime, due_under_each_reading, load_regime
from declarant.problems import BadInput, Finding, Place

_WRITE_ANEW = "Write the document anew."
_DUTIES: dict[str, tuple[str, ...]] = {
    "question_set": (ANSWER, CLARIFICATION),
    "correction_notice": (CORRECTION,),
}


def check_consistency(document: Exchange) -> tuple[Finding, ...]:
    """Return what every rule finds."""
    findings = [
        *replies_to_its_kind(document),
        *check_files(document.evidence, document.prepared_on),
    ]
    for kind, rules in (*QUESTION_RULES.items(), *ANSWER_RULES.items(), *DECISION_RULES.items()):
        if isinstance(document, kind):
            findings += [finding for rule in rules for finding in rule(document)]
    findings += _lawful(document)
    return tuple(dict.fromkeys(findings))


def replies_to_its_kind(document: Exchange) -> Iterator[Finding]:
    """Require that a document replies to one of a kind that it can reply to.

    Questions may come without a notification; a receipt may be of something unreadable.
    """
    named = document.replies_to
    if named is None:
        if document.kind not in ("question_set", "receipt"):
            what = "it does not say to which document it replies."
            yield error("reply.to_nothing", what, Place(field="$.replies_to"), _WRITE_ANEW)
    elif not may_reply(document.kind, named.kind):
        what = f"a {document.kind} cannot reply to a {named.kind}.".replace("_", " ")
        yield error("reply.kind", what, Place(field="$.replies_to"), _WRITE_ANEW)


def clock_follows(document: Exchange, law: Regime) -> Iterator[Finding]:
    """Require the duty of its kind, and a due date that the law gives from the day it starts."""
    clock = document.clock
    duties = _DUTIES.get(document.kind, ())
    if clock is None:
        if any(item.id in duties for item in law.clocks):
            what = f"the law sets a period for {' or '.join(duties)}, and no due date is named."
            yield Finding("clock.missing", what, Place(field="$.clock"), "Ask until when.")
        return
    if duties and clock.duty not in duties:
        what = f"names the duty {clock.duty!r}; it is {' or '.join(duties)}."
        yield error("clock.duty", what, Place(field="$.clock.duty"), _WRITE_ANEW)
    possible = {
        item.due: item.roll for item in due_under_each_reading(law, clock.duty, clock.starts)
    }
    if clock.due not in possible:
        dates = " or ".join(f"{due} ({roll})" for due, roll in possible.items())
        what = f"says {clock.due}; a clock that starts on {clock.starts} runs until {dates}."
        yield error("law.due", what, Place(field="$.clock.due"), _WRITE_ANEW)


def _lawful(document: Exchange) -> Iterator[Finding]:
    try:
        law = load_regime(document.regime.id)
    except BadInput:
        name = document.regime.id
        what = f"{name} is no law this program knows: topics and dates stay unchecked."
        where = Place(field="$.regime.id")
        yield Finding("law.unknown_regime", what, where, "Update the program.")
        return
    try:
        yield from status_stated(document, law)
        yield from clock_follows(document, law)
    except BadInput as problem:  # the law's data has no value for that day, or no such duty
        for item in problem.findings:
            yield Finding(item.code, item.what, Place(field="$.regime"), item.mend)
    if isinstance(document, QuestionSet | AnswerSet):
        yield from check_topics(document, law)
