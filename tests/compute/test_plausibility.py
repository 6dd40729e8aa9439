from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import replace
from datetime import date

import pytest
from tests.determination.made import segment

from declarant.compute import plausibility
from declarant.compute.ledger import Evidence, Ledger, Method, Purpose, Segment, Share
from declarant.compute.plausibility import RULES, RunContext, check
from declarant.quantities import Interval

DAY = 86_400
FILE = (Evidence("log.txt", "0" * 64),)


def one(
    operations: int | Interval, method: Method = Method.ARCHITECTURE, **more: object
) -> Segment:
    made = segment(operations, start=date(2026, 1, 1), end=date(2026, 1, 10))
    made = replace(made, id=f"run/part/{method.value}", method=method, evidence=FILE)
    return replace(made, **more)  # type: ignore[arg-type]


def codes(*segments: Segment, peak: Interval | None = None) -> set[str]:
    context = RunContext("run", Ledger(segments), date(2026, 6, 1), "Phoenix", peak)
    found = check(context)
    assert all(finding.what and finding.mend and finding.effect for finding in found)
    return {finding.code.removeprefix("plausibility.") for finding in found}


def test_a_sound_ledger_has_no_findings() -> None:
    assert codes(one(100), peak=Interval.exactly(1)) == set()


@pytest.mark.parametrize(
    ("operations", "expected"),
    [(10 * DAY - 1, set()), (10 * DAY, set()), (10 * DAY + 1, {"run_exceeds_cluster"})],
)
def test_a_run_cannot_exceed_its_cluster(operations: int, expected: set[str]) -> None:
    assert codes(one(operations), peak=Interval.exactly(1)) == expected


def part(operations: int, name: str, first: int, last: int, **more: object) -> Segment:
    days = {"start": date(2026, 1, first), "end": date(2026, 1, last)}
    return one(operations, id=f"run/{name}/architecture", **days, **more)


@pytest.mark.parametrize(
    ("first", "operations", "expected"),
    [
        (6, 15 * DAY, set()),  # days 1 to 15 in all
        (6, 15 * DAY + 1, {"run_exceeds_cluster"}),
        (1, 10 * DAY + 1, {"run_exceeds_cluster"}),  # the same ten days twice
        (1, 10 * DAY, set()),
        (11, 20 * DAY, set()),
    ],
)
def test_parts_of_a_run_share_the_days_they_cover(
    first: int, operations: int, expected: set[str]
) -> None:
    half = operations // 2
    parts = part(half, "a", 1, 10), part(operations - half, "b", first, first + 9)
    assert codes(*parts, peak=Interval.exactly(1)) == expected


def test_work_beside_the_training_may_run_elsewhere() -> None:
    judged = part(6 * DAY, "a", 1, 10), part(6 * DAY, "b", 1, 10, purpose=Purpose.EVALUATION)
    assert codes(*judged, peak=Interval.exactly(1)) == set()
    again = part(6 * DAY, "a", 1, 10), part(6 * DAY, "b", 1, 10, preferred=False)
    assert codes(*again, peak=Interval.exactly(1)) == set()


def test_work_that_goes_on_has_lasted_until_the_day_of_the_check() -> None:
    going_on = {"start": date(2026, 5, 31), "end": None}  # two days, with the first of June
    assert codes(one(2 * DAY, **going_on), peak=Interval.exactly(1)) == set()
    assert codes(one(2 * DAY + 1, **going_on), peak=Interval.exactly(1)) == {"run_exceeds_cluster"}


def test_a_cluster_without_an_upper_bound_refutes_nothing() -> None:
    assert codes(one(10**30), peak=Interval.at_least(1)) == set()


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        (49, {"utilisation_outside"}),
        (50, set()),
        (650, set()),
        (651, {"utilisation_outside"}),
    ],
)
def test_utilisation_outside_5_to_65_percent_is_questioned(
    operations: int, expected: set[str]
) -> None:
    timed = one(operations, Method.CHIP_TIME, capacity=Interval.exactly(1000))
    assert codes(timed) == expected


def test_methods_without_a_common_value_are_named() -> None:
    narrow = one(Interval.between(90, 99))
    touching = one(Interval.between(99, 120), Method.CHIP_TIME)
    apart = one(Interval.between(100, 120), Method.CHIP_TIME)
    assert codes(narrow, touching) == set()
    assert codes(narrow, apart) == {"methods_disagree"}


def test_two_parts_of_a_run_need_not_agree() -> None:
    other = replace(one(500), id="run/other/architecture")
    assert codes(one(100), other) == set()


def test_more_model_than_executed_operations_cannot_be() -> None:
    assert codes(one(100, executed_operations=Interval.exactly(99))) == {"model_exceeds_executed"}


def test_done_work_needs_evidence_and_planned_work_does_not() -> None:
    assert codes(one(1, evidence=())) == {"evidence_missing"}
    ahead = date(2026, 7, 1)
    planned = one(1, evidence=(), share=Share.PLANNED, start=ahead, end=ahead)
    assert codes(planned) == set()


def test_planned_work_lies_ahead_and_done_work_behind() -> None:
    assert codes(one(1, share=Share.PLANNED)) == {"planned_in_the_past"}
    assert codes(one(1, start=date(2026, 6, 2), end=None)) == {"done_in_the_future"}


def test_every_rule_is_registered() -> None:
    written = set()
    for module in pkgutil.iter_modules(plausibility.__path__):
        loaded = importlib.import_module(f"{plausibility.__name__}.{module.name}")
        for name, rule in inspect.getmembers(loaded, inspect.isfunction):
            if rule.__module__ == loaded.__name__ and not name.startswith("_"):
                assert rule.__doc__.startswith(f"plausibility.{name}:")
                written.add(rule)
    assert written == set(RULES)
