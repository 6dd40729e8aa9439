"""Whether what a document says can be so. One function a rule; its docstring is the rule.

Rules look at the document and at the law's data, never at the register it came from, so the agency
applies the same ones as the person who files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from declarant.filing.activities import Activity, TrainingRun
from declarant.filing.documents import Affirmation, Document, Notification
from declarant.filing.parts import Amount, Remark
from declarant.filing.verification.report import error
from declarant.law import Regime, load_regime
from declarant.problems import BadInput, Finding, Place, Severity
from declarant.quantities import Comparison, show_operations

Rule = Callable[[Document], Iterator[Finding]]
_CORRECT = "Correct the register and file anew."
_ASK = "Ask the sender."
_A_QUARTER = timedelta(days=92)  # the longest there is
_COVERED = {
    True: "for a covered person",
    False: "for a person not covered",
    None: "coverage unknown",
}
_COMPARED = {
    Comparison.ABOVE: "above the limit",
    Comparison.BELOW: "not above the limit",
    Comparison.STRADDLES: "that may or may not be above the limit",
}


def check_plausibility(document: Document) -> tuple[Finding, ...]:
    """Return what every rule finds, here and in the law's rules; dates and limits come from both.

    A document with amounts out of order is not looked at further: nothing can be compared.
    """
    from declarant.filing.verification.lawfulness import LAW_RULES

    found = tuple(amounts_in_order(document))
    if found:
        return found
    findings = [finding for rule in RULES for finding in rule(document)]
    try:
        law = load_regime(document.regime.id)
    except BadInput:
        what = (
            f"{document.regime.id} is no law this program knows: limits and dates stay unchecked."
        )
        findings.append(
            Finding("law.unknown_regime", what, Place(field="$.regime.id"), "Update the program.")
        )
        return tuple(findings)
    findings += [finding for rule in LAW_RULES for finding in _as_far_as_known(rule, document, law)]
    return tuple(dict.fromkeys(findings))


def amounts_in_order(document: Document) -> Iterator[Finding]:
    """Require low <= best <= high of every amount."""
    for field, amount in _amounts(document, "$"):
        try:
            amount.interval  # noqa: B018 - it refuses bounds out of order
        except ValueError as problem:
            yield error("amount.order", f"{problem}.", Place(field=field), _CORRECT)


def comparison_follows(document: Document) -> Iterator[Finding]:
    """Require that every comparison is that of the amount with the limit, strictly."""
    for path, activity in _activities(document):
        limit = int(activity.limit.value)
        compared = [(path, activity), *_readings(path, activity)]
        for place, item in compared:
            right = item.amount.interval.compared_with(limit)
            if item.comparison is not right:
                what = (
                    f"says {item.comparison.value}, but the amount is one "
                    f"{_COMPARED[right]}, {show_operations(limit)}."
                )
                where = Place(field=f"{place}.comparison")
                yield error("activity.comparison", what, where, _CORRECT)


def verdict_follows(document: Document) -> Iterator[Finding]:
    """Require the verdict that coverage, period and comparison give together.

    Reportable when the person is covered, the activity lies in the period, and the amount is above
    the limit; not reportable when one of these fails; undetermined when one is unknown. So of the
    cautious default too, where another reading was chosen.
    """
    for path, activity in _activities(document):
        in_period = {"current": True, "planned": True, "outside": False}.get(activity.when)
        defaults = [(place, item) for place, item in _readings(path, activity) if item.default]
        for place, item in [(path, activity), *defaults]:
            right = _verdict(document.person.covered, in_period, _exceeds(item.comparison))
            if item.verdict != right:
                what = (
                    f"says {item.verdict}; but {_COVERED[document.person.covered]}, an activity "
                    f"({activity.when}) with an amount {_COMPARED[item.comparison]} is {right}."
                )
                yield error("activity.verdict", what, Place(field=f"{place}.verdict"), _CORRECT)


def flips_follow(document: Document) -> Iterator[Finding]:
    """Require that a reading flips exactly when its verdict is another than the one taken."""
    for path, activity in _activities(document):
        for place, reading in _readings(path, activity):
            if reading.flips != (reading.verdict != activity.verdict):
                what = f"{reading.title!r} leads to {reading.verdict}, against {activity.verdict}."
                where = Place(field=f"{place}.flips")
                yield error("reading.flips", what, where, _CORRECT)


def days_in_order(document: Document) -> Iterator[Finding]:
    """Require that nothing ends before it begins."""
    if document.window.ends < document.window.begins:
        yield _backwards("$.window")
    for path, activity in _activities(document):
        if not isinstance(activity, TrainingRun):
            continue
        spans: list[tuple[str, Any]] = [(path, activity)]
        spans += [(f"{path}.segments[{n}]", item) for n, item in enumerate(activity.segments)]
        for place, item in spans:
            if item.begins and item.ends and item.ends < item.begins:
                yield _backwards(place)


def evidence_agrees(document: Document) -> Iterator[Finding]:
    """Require one hash for one path, and a hash for every file that a segment rests on."""
    hashes: dict[str, str] = {}
    for path, activity in _activities(document):
        for number, file in enumerate(activity.evidence):
            if hashes.setdefault(file.path, file.sha256) != file.sha256:
                where = Place(field=f"{path}.evidence[{number}]")
                what = f"{file.path} stands in this document with two different hashes."
                yield error("evidence.two_hashes", what, where, _CORRECT)
    for path, activity in _activities(document):
        segments = activity.segments if isinstance(activity, TrainingRun) else ()
        for number, segment in enumerate(segments):
            for named in segment.evidence:
                if named not in hashes:
                    where = Place(field=f"{path}.segments[{number}].evidence")
                    what = f"rests on {named}, which is not among the evidence files."
                    yield error("evidence.not_named", what, where, _CORRECT)


def something_applies(document: Document) -> Iterator[Finding]:
    """Expect at least one activity in a notification that is reportable, or may be.

    Under the cautious default is enough: a reading that was chosen does not end the duty to notify.
    """
    if isinstance(document, Notification) and all(
        item.verdict == "not_reportable"
        for activity in document.activities
        for item in (activity, activity.under_default)
        if item is not None
    ):
        what = "no activity in it is reportable: an affirmation would say so."
        yield Finding("document.nothing_applies", what, Place(field="$.activities"), _ASK)


def two_people(document: Document) -> Iterator[Finding]:
    """Expect a named officer who is somebody else than the preparer."""
    officer, preparer = document.contacts.certifying_officer, document.contacts.preparer
    where = Place(field="$.contacts")
    if officer is None:
        what = "no certifying officer is named."
        yield Finding("contacts.no_officer", what, where, "Name one in the register.")
    elif preparer and (officer.name, officer.email) == (preparer.name, preparer.email):
        what = "the certifying officer prepared the document alone."
        yield Finding("contacts.one_person", what, where, "Let somebody else prepare or certify.")


def statements_ticked(document: Document) -> Iterator[Finding]:
    """Expect that the certifying officer ticked every statement."""
    left = [statement.id for statement in document.statements if not statement.ticked]
    if left:
        what = f"the certifying officer has not ticked: {', '.join(left)}."
        mend = "The officer ticks each (declarant file ... --tick ID)."
        yield Finding("statement.not_ticked", what, Place(field="$.statements"), mend)


def remarks_confirmed(document: Document) -> Iterator[Finding]:
    """Expect a reason for every figure that a check questioned; what cannot be true blocks."""
    remarks: list[tuple[str, Remark]] = [
        (f"$.remarks[{number}]", remark) for number, remark in enumerate(document.remarks)
    ]
    for path, activity in _activities(document):
        remarks += [(f"{path}.remarks[{n}]", item) for n, item in enumerate(activity.remarks)]
    for field, remark in remarks:
        if remark.severity != "note" and remark.confirmation is None:
            what = f"not confirmed with a reason: {remark.what}"
            mend = f"Correct it, or give the reason: declarant file ... --confirm {remark.code}=..."
            weight = Severity.ERROR if remark.severity == "error" else Severity.WARNING
            yield Finding("remark.not_confirmed", what, Place(field=field), mend, weight)


def in_time(document: Document) -> Iterator[Finding]:
    """Expect that it was prepared by the day it is due.

    More than a quarter late, the next one was due before: the quarter may be a slip.
    """
    if document.prepared_on - document.due > _A_QUARTER:
        what = (
            f"a late filing: it was prepared on {document.prepared_on}, and the {document.kind} "
            f"for {document.quarter} was due on {document.due}, more than a quarter before."
        )
        mend = "Check that the quarter is the one meant; if it is, say in the mail why it is late."
        yield Finding("document.long_late", what, Place(field="$.quarter"), mend)
    elif document.prepared_on > document.due:
        what = f"it was prepared on {document.prepared_on}, after it was due on {document.due}."
        yield Finding("document.late", what, Place(field="$.prepared_on"), "Say why in the mail.")


def affirmation_counts(document: Document) -> Iterator[Finding]:
    """Require that an affirmation is for one of the quarters owed, and says which by number."""
    if not isinstance(document, Affirmation) or not document.owed:
        return
    place = document.owed.index(document.quarter) + 1 if document.quarter in document.owed else None
    if place != document.sequence:
        right = "it is not among the quarters owed" if place is None else f"it is number {place}"
        what = f"says number {document.sequence} for {document.quarter}, but {right}."
        yield error("affirmation.sequence", what, Place(field="$.sequence"), _CORRECT)


RULES: tuple[Rule, ...] = (
    comparison_follows,
    verdict_follows,
    flips_follow,
    days_in_order,
    evidence_agrees,
    something_applies,
    two_people,
    statements_ticked,
    remarks_confirmed,
    in_time,
    affirmation_counts,
)


def _as_far_as_known(
    rule: Callable[[Document, Regime], Iterator[Finding]], document: Document, law: Regime
) -> Iterator[Finding]:
    try:
        yield from rule(document, law)
    except BadInput as problem:  # the law's data has no value for that day
        for item in problem.findings:
            yield Finding(item.code, item.what, Place(field="$.regime"), item.mend)


def _exceeds(comparison: Comparison) -> bool | None:
    return {Comparison.ABOVE: True, Comparison.BELOW: False}.get(comparison)


def _verdict(*conditions: bool | None) -> str:
    if False in conditions:
        return "not_reportable"
    return "undetermined" if None in conditions else "reportable"


def _activities(document: Document) -> Iterator[tuple[str, Activity]]:
    if isinstance(document, Notification):
        for number, activity in enumerate(document.activities):
            yield f"$.activities[{number}]", activity


def _readings(path: str, activity: Activity) -> list[tuple[str, Any]]:
    return [(f"{path}.readings[{n}]", reading) for n, reading in enumerate(activity.readings)]


def _backwards(field: str) -> Finding:
    return error("days.order", "ends before it begins.", Place(field=field), _CORRECT)


def _amounts(value: Any, field: str) -> Iterator[tuple[str, Amount]]:
    if isinstance(value, Amount):
        yield field, value
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _amounts(inner, f"{field}[{number}]")
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from _amounts(getattr(value, name), f"{field}.{name}")
