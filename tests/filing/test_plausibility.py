"""Every rule of plausibility, met and broken; a rule that nobody registered fails the suite."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from declarant.filing.documents import Document
from declarant.filing.verification import lawfulness, plausibility
from declarant.filing.verification.plausibility import check_plausibility
from declarant.problems import Finding

Fields = dict[str, Callable[[], dict[str, Any]]]
Make = Callable[..., Document]
LIMIT = 10**26


def found(document: Document) -> dict[str, Finding]:
    return {f.code: f for f in check_plausibility(document) if f.code != "statement.not_ticked"}


def amount(low: int, best: int | None, high: int | None) -> dict[str, str | None]:
    return {
        "low": str(low),
        "best": None if best is None else str(best),
        "high": None if high is None else str(high),
    }


def run_with(make: Make, fields: Fields, **changed: Any) -> Document:
    return make(activities=(fields["run"]() | changed,))


def test_documents_made_by_hand_are_plausible(
    make_notification: Make, make_affirmation: Make
) -> None:
    assert found(make_notification()) == {}
    assert found(make_affirmation()) == {}


@pytest.mark.parametrize("module", [plausibility, lawfulness])
def test_every_rule_is_registered_and_says_what_it_asks(module: Any) -> None:
    registered = {rule.__name__ for rule in getattr(module, "RULES", ())}
    registered |= {rule.__name__ for rule in module.LAW_RULES} if module is lawfulness else set()
    written = {
        name
        for name, rule in inspect.getmembers(module, inspect.isfunction)
        if rule.__module__ == module.__name__
        and not name.startswith("_")
        and name not in ("check_plausibility", "amounts_in_order")
    }
    assert written == registered
    for name in written:
        assert inspect.getdoc(getattr(module, name)).startswith(("Require", "Expect"))


@pytest.mark.parametrize("wrong", [(2, 1, 3), (2, 3, 2), (5, None, 4)])
def test_amounts_in_order(make_notification: Make, fields: Fields, wrong: Any) -> None:
    document = run_with(make_notification, fields, amount=amount(*wrong))
    assert list(found(document)) == ["amount.order"]
    assert found(document)["amount.order"].where.field == "$.activities[0].amount"


@pytest.mark.parametrize(
    ("low", "high", "right"),
    [
        (LIMIT, LIMIT, "below"),
        (LIMIT + 1, LIMIT + 1, "above"),
        (LIMIT, LIMIT + 1, "straddles"),
        (0, None, "straddles"),
        (LIMIT - 1, LIMIT, "below"),
    ],
)
def test_comparison_with_the_limit_is_strict(
    make_notification: Make, fields: Fields, low: int, high: int | None, right: str
) -> None:
    verdicts = {"above": "reportable", "below": "not_reportable", "straddles": "undetermined"}
    for said, verdict in verdicts.items():
        document = run_with(
            make_notification,
            fields,
            amount=amount(low, None, high),
            comparison=said,
            verdict=verdict,
            readings=(),
        )
        assert ("activity.comparison" not in found(document)) == (said == right)


@pytest.mark.parametrize(
    ("covered", "when", "verdict"),
    [
        (True, "current", "reportable"),
        (True, "planned", "reportable"),
        (True, "outside", "not_reportable"),
        (True, "unknown", "undetermined"),
        (None, "current", "undetermined"),
        (None, "outside", "not_reportable"),
        (False, "current", "not_reportable"),
    ],
)
def test_the_verdict_follows(
    make_notification: Make, fields: Fields, covered: bool | None, when: str, verdict: str
) -> None:
    person = fields["common"]()["person"] | {"covered": covered}
    for said in ("reportable", "not_reportable", "undetermined"):
        run = fields["run"]() | {"verdict": said, "when": when, "readings": ()}
        document = make_notification(person=person, activities=(run,))
        assert ("activity.verdict" not in found(document)) == (said == verdict)


def test_flips_follow(make_notification: Make, fields: Fields) -> None:
    readings = tuple(r | {"flips": not r["flips"]} for r in fields["run"]()["readings"])
    assert "reading.flips" in found(run_with(make_notification, fields, readings=readings))


def test_days_in_order(make_notification: Make, fields: Fields) -> None:
    document = run_with(make_notification, fields, ends=date(2026, 8, 2))
    assert found(document)["days.order"].where.field == "$.activities[0]"
    assert not found(run_with(make_notification, fields, ends=date(2026, 8, 3)))
    assert not found(run_with(make_notification, fields, ends=None))


def test_evidence_agrees(make_notification: Make, fields: Fields) -> None:
    run, cluster = fields["run"](), fields["cluster"]()
    twice = cluster | {"evidence": (run["evidence"][0] | {"sha256": "e" * 64},)}
    assert "evidence.two_hashes" in found(make_notification(activities=(run, twice)))
    assert "evidence.not_named" in found(run_with(make_notification, fields, evidence=()))


def test_something_applies(make_notification: Make, fields: Fields) -> None:
    document = run_with(make_notification, fields, verdict="not_reportable", when="outside")
    assert "document.nothing_applies" in found(document)


def test_two_people(make_notification: Make, fields: Fields) -> None:
    contacts = fields["common"]()["contacts"]
    same = contacts | {"preparer": contacts["certifying_officer"]}
    assert list(found(make_notification(contacts=same))) == ["contacts.one_person"]
    nobody = contacts | {"certifying_officer": None}
    assert list(found(make_notification(contacts=nobody))) == ["contacts.no_officer"]


def test_statements_ticked(make_notification: Make, fields: Fields) -> None:
    first, second = (s | {"ticked": True} for s in fields["common"]()["statements"])
    one_left = make_notification(statements=(first, second | {"ticked": False}))
    (left,) = check_plausibility(one_left)
    assert (left.code, left.where.field) == ("statement.not_ticked", "$.statements")
    assert left.what.endswith("has not ticked: complete.")
    assert check_plausibility(make_notification(statements=(first, second))) == ()


def test_remarks_confirmed(make_notification: Make, fields: Fields) -> None:
    remark = fields["run"]()["remarks"][0] | {"confirmation": None}
    open_one = run_with(make_notification, fields, remarks=(remark,))
    assert found(open_one)["remark.not_confirmed"].where.field == "$.activities[0].remarks[0]"
    note = run_with(make_notification, fields, remarks=(remark | {"severity": "note"},))
    assert not found(note)


def test_in_time(make_notification: Make) -> None:
    assert not found(make_notification(prepared_on=date(2027, 1, 15)))
    assert list(found(make_notification(prepared_on=date(2027, 1, 16)))) == ["document.late"]
    assert list(found(make_notification(prepared_on=date(2027, 4, 17)))) == ["document.late"]
    late = found(make_notification(prepared_on=date(2027, 4, 18)))
    assert list(late) == ["document.long_late"]
    assert "due on 2027-01-15" in late["document.long_late"].what


def test_affirmation_counts(make_affirmation: Make) -> None:
    assert "affirmation.sequence" in found(make_affirmation(sequence=2))
    assert "affirmation.sequence" in found(make_affirmation(sequence=None))
    assert not found(make_affirmation(sequence=None, owed=(), former=None))


def test_status_stated(make_notification: Make, fields: Fields) -> None:
    law = fields["common"]()["regime"]
    wrong = law | {"status": law["status"] | {"state": "in_force"}}
    assert "law.status" in found(make_notification(regime=wrong))
    assert "law.status" in found(make_notification(regime=law | {"in_force": True}))
    assert "law.voluntary" in found(make_notification(regime=law | {"voluntary": False}))


@pytest.mark.parametrize(
    ("quarter", "days"),
    [
        ("2026Q4", {date(2027, 1, 15)}),
        ("2027Q4", {date(2028, 1, 15), date(2028, 1, 18)}),  # Saturday; Monday is a holiday
        ("2027Q1", {date(2027, 4, 15)}),
    ],
)
def test_due_date(make_notification: Make, quarter: str, days: set[date]) -> None:
    for day in days | {date(2027, 1, 16), date(2028, 1, 17)}:
        document = make_notification(quarter=quarter, due=day)
        assert ("law.due" not in found(document)) == (day in days)


def test_window(make_notification: Make, fields: Fields) -> None:
    window = fields["common"]()["window"]
    for name, day in (
        ("begins", date(2026, 10, 2)),
        ("look_ahead_from", date(2027, 1, 14)),
        ("ends", date(2027, 7, 16)),
    ):
        assert list(found(make_notification(window=window | {name: day}))) == ["law.window"]


def test_limits(make_notification: Make, fields: Fields) -> None:
    run = fields["run"]()
    other = run_with(make_notification, fields, limit=run["limit"] | {"value": str(10**25)})
    assert "law.limit" in found(other)
    unit = run["limit"] | {"unit": "operations_per_second"}
    assert "law.limit" in found(run_with(make_notification, fields, limit=unit))
    assert "law.activity" in found(run_with(make_notification, fields, activity="cluster"))
    assert "law.activity" in found(run_with(make_notification, fields, activity="parade"))


def test_affirmations(make_affirmation: Make) -> None:
    assert "law.affirmations" in found(make_affirmation(owed=("2026Q4",)))


def test_an_unknown_law_is_said_to_be_unchecked(make_notification: Make, fields: Fields) -> None:
    law = fields["common"]()["regime"] | {"id": "atlantis-1"}
    assert list(found(make_notification(regime=law))) == ["law.unknown_regime"]


def test_a_day_before_the_law_is_no_traceback(make_notification: Make) -> None:
    assert "law.activity" in found(make_notification(prepared_on=date(1999, 1, 1)))


@pytest.mark.parametrize(("severity", "weight"), [("warning", "warning"), ("error", "error")])
def test_what_cannot_be_true_blocks_until_a_reason_is_given(
    make_notification: Make, severity: str, weight: str
) -> None:
    remark = {
        "code": "plausibility.run_exceeds_cluster", "severity": severity, "where": None,
        "what": "more than the cluster can do", "effect": None, "confirmation": None,
    }  # fmt: skip
    finding = found(make_notification(remarks=[remark]))["remark.not_confirmed"]
    assert finding.severity.value == weight
    assert "--confirm plausibility.run_exceeds_cluster=" in finding.mend
    confirmed = remark | {
        "confirmation": {"reason": "It was larger then.", "by": "Dana", "on": "2027-01-08"}
    }
    assert "remark.not_confirmed" not in found(make_notification(remarks=[confirmed]))
