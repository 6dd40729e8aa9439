"""Whether answers say the truth of how they stand against the former ones. Cross-record checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from declarant.filing.exchange.answers import Answer, NumberPassage
from declarant.filing.exchange.carrying_over import changes
from declarant.filing.exchange.checking_passages import At
from declarant.filing.exchange.from_agency import CorrectionNotice
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.exchange.wording import number_said
from declarant.problems import Finding, Severity

_LEAP = 10  # times as much, or a tenth


def check_against_former(
    answers: Iterable[Answer],
    formers: Iterable[AnswerSet],
    notice: CorrectionNotice | None = None,
) -> tuple[Finding, ...]:
    """Return what does not agree with former answer sets, or with what was returned.

    Args:
        answers: what is answered now.
        formers: the sets that the answers name as former.
        notice: the correction notice that the answers reply to, if they correct.
    """
    sets = {item.id: item for item in formers}
    findings: list[Finding] = []
    for answer in answers:
        findings += _standing(answer, sets)
        findings += _corrected(answer, notice)
    return tuple(findings)


def _standing(answer: Answer, sets: dict[str, AnswerSet]) -> Iterator[Finding]:
    named = answer.former
    if named is None:
        return
    former_set = sets.get(named.answer_set)
    former = former_set.answer(named.question) if former_set else None
    if former is None or former_set is None or former_set.sha256 != named.sha256:
        what = f"names a former answer, to {named.question} in {named.answer_set}, not at hand."
        mend = "Import that answer set, or confirm why it is not at hand."
        yield _doubt(answer, "former_unknown", what, mend)
        return
    differs = bool(changes(former, answer))
    if differs != (answer.standing == "changed"):
        truth = "it differs from the former answer" if differs else "nothing in it has changed"
        what = f"stands as {answer.standing}, but {truth}."
        yield At(answer.question).wrong("standing", what, "Compare it with the former answer.")
    yield from _leaps(former, answer)


def _leaps(former: Answer, answer: Answer) -> Iterator[Finding]:
    before, after = _number(former), _number(answer)
    if before is None or after is None or before.unit != after.unit:
        return
    old, new = abs(Decimal(before.number)), abs(Decimal(after.number))
    if old and new and (new >= _LEAP * old or old >= _LEAP * new):
        what = (
            f"was {number_said(before.number, before.unit)} and is now "
            f"{number_said(after.number, after.unit)}."
        )
        if before.confidential or after.confidential:  # findings are shown without marks
            what = f"the number is {_LEAP} times as large as before, or more, or a tenth, or less."
        mend = "Check number and unit, or confirm with the reason for the change."
        yield _doubt(answer, "leap", what, mend)


def _corrected(answer: Answer, notice: CorrectionNotice | None) -> Iterator[Finding]:
    if notice is None:
        return
    returned = {item.question for item in notice.returned}
    if answer.question in returned and answer.standing == "same":
        what = "was returned for correction, and is the same as before."
        yield _doubt(answer, "not_corrected", what, "Correct it, or confirm why it stands.")
    if answer.question not in returned and answer.standing != "same":
        what = f"is {answer.standing}, but was not returned for correction."
        yield _doubt(answer, "not_returned", what, "Leave it as it was, or confirm why it differs.")


def _number(answer: Answer) -> NumberPassage | None:
    return next((item for item in answer.passages if isinstance(item, NumberPassage)), None)


def _doubt(answer: Answer, code: str, what: str, mend: str) -> Finding:
    return Finding(f"answer.{code}", what, At(answer.question).place, mend, Severity.WARNING)
