"""What the proposed 15 C.F.R. 702.7 says, as the other rooms rely on it."""

from __future__ import annotations

from datetime import date

import pytest

from declarant.law import Regime, load_regime
from declarant.problems import BadInput

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def rule() -> Regime:
    return load_regime("us-bis-702-7")


def test_it_was_never_in_force(rule: Regime) -> None:
    assert not any(event.in_force for event in rule.status)
    assert rule.status_on(TODAY).state == "not_final"
    text = rule.status_on(TODAY).text
    assert "never made final" in text.en
    assert "14110" in text.en
    assert "revoked" in text.en
    assert "從未定案" in text.zh_hant
    assert not rule.in_force_on(date(2000, 1, 1))


def test_status_before_its_history_is_refused(rule: Regime) -> None:
    with pytest.raises(BadInput, match="2023-10-30"):
        rule.status_on(date(2023, 10, 29))


def test_covered_persons(rule: Regime) -> None:
    assert [ground.id for ground in rule.persons] == [
        "us_citizen",
        "lawful_permanent_resident",
        "organized_in_us",
        "foreign_branch_of_us_entity",
        "located_in_us",
    ]
    assert all(ground.citation.check for ground in rule.persons)
    assert all(ground.revenue_limit_on(TODAY) is None for ground in rule.persons)


def test_limits_are_exact_and_strict(rule: Regime) -> None:
    run, cluster = rule.activities
    assert (run.kind, cluster.kind) == ("training_run", "cluster")
    assert run.limit_on("operations", TODAY).value == 10**26
    assert cluster.limit_on("operations_per_second", TODAY).value == 10**20
    assert cluster.limit_on("link_bits_per_second", TODAY).value == 300 * 10**9
    assert run.limit_on("operations", TODAY).comparison == "greater than"
    assert run.look_ahead_months == cluster.look_ahead_on(TODAY) == 6
    assert {item.id for item in cluster.particulars} == {
        "existence",
        "location",
        "total_computing_power",
    }


def test_a_limit_that_an_activity_does_not_have_is_refused(rule: Regime) -> None:
    with pytest.raises(BadInput, match="It has: operations"):
        rule.activity("training").limit_on("link_bits_per_second", TODAY)


def test_no_limit_before_the_proposal(rule: Regime) -> None:
    with pytest.raises(BadInput, match="from 2024-09-11"):
        rule.activity("training").limit_on("operations", date(2024, 9, 10))


def test_readings(rule: Regime) -> None:
    counts = ("counts", "does_not_count")
    assert {
        (item.applies_to, item.id): tuple(option.id for option in item.options)
        for item in rule.readings
    } == {
        ("cluster", "number_format"): ("highest", "16-bit", "8-bit"),
        ("cluster", "link"): ("machine", "pair", "single"),
        ("cluster", "scale_up"): counts,
        ("cluster", "rails"): ("machine_passes", "separate"),
        ("cluster", "link_rate"): ("supported", "active"),
        ("cluster", "devices"): ("all_accelerators", "training_accelerators", "with_cpus"),
        ("training_run", "extent"): ("planned_total", "used_in_window", "used_to_date"),
        ("training_run", "stages"): ("sum", "each_stage"),
        ("training_run", "recomputation"): counts,
        ("training_run", "lost_steps"): counts,
        ("training_run", "synthetic_data"): counts,
        ("training_run", "public_synthetic_data"): counts,
        ("training_run", "evaluation"): counts,
        ("training_run", "experiment"): counts,
        ("training_run", "teacher"): counts,
        ("training_run", "reward_model"): counts,
        ("training_run", "merged_model"): counts,
        ("clock", "roll"): ("no_roll", "next_business_day"),
    }
    for item in rule.readings:
        assert [option.default for option in item.options] == [True] + [False] * (
            len(item.options) - 1
        )
        assert item.default is item.options[0]
    assert (rule.recomputation, rule.stages_add_up) == ("open", "open")


def test_four_topics_and_the_red_team_areas(rule: Regime) -> None:
    assert len(rule.topics) == 4
    areas = [area for topic in rule.topics for area in topic.areas]
    assert [area.id for area in areas if not area.citation.check] == [
        "biological_weapons",
        "software_vulnerabilities",
        "influence",
        "self_replication",
        "safety_objectives",
    ]
    assert {area.id for area in areas if area.citation.check} == {"cbrn", "cyberattacks"}


def test_penalties(rule: Regime) -> None:
    civil, criminal = rule.penalties
    assert civil.kind == "civil"
    assert (criminal.amounts[0].amount, criminal.amounts[0].currency) == (10_000, "USD")
    assert criminal.imprisonment_months == 12


def test_what_must_be_checked_says_so(rule: Regime) -> None:
    checked = {clock.id for clock in rule.clocks if clock.citation.check}
    assert checked == {"affirmation", "correction", "extension"}
    training = next(item for item in rule.definitions if item.id == "training")
    assert training.citation.check


@pytest.mark.parametrize("ask", ["activity", "reading", "clock"])
def test_unknown_words_are_answered_with_the_known(rule: Regime, ask: str) -> None:
    with pytest.raises(BadInput, match="Known: "):
        getattr(rule, ask)("nothing-like-it")
