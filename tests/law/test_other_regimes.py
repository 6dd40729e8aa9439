"""Rules in force that use the same measurements, in the same schema."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from declarant.law import due, load_regime
from declarant.problems import BadInput

DAY = date(2027, 1, 1)


def test_european_thresholds() -> None:
    law = load_regime("eu-ai-act-gpai")
    assert law.activity("general_purpose").limit_on("operations", DAY).value == 10**23
    assert law.activity("general_purpose").effect == "indicates"
    assert law.activity("systemic_risk").limit_on("operations", DAY).value == 10**25
    assert law.activity("systemic_risk").effect == "presumes"
    share = law.activity("modification").share_on(DAY)
    assert share is not None
    assert share.value == Fraction(1, 3)
    assert law.activity("systemic_risk").share_on(DAY) is None


def test_european_counting() -> None:
    law = load_regime("eu-ai-act-gpai")
    treated = {rule.purpose: rule.treatment for rule in law.counting}
    assert [purpose for purpose, how in treated.items() if how == "out"] == [
        "public_synthetic_data",
        "evaluation",
        "experiment",
        "teacher",
        "reward_model",
    ]
    assert [purpose for purpose, how in treated.items() if how == "open"] == ["lost_steps"]
    assert (law.recomputation, law.stages_add_up) == ("out", "in")
    assert law.accuracy is not None
    assert (law.accuracy.percent, law.accuracy.significant_figures) == (30, 2)


def test_european_fines_only_since_they_are_enforced() -> None:
    law = load_regime("eu-ai-act-gpai")
    assert law.on(date(2026, 8, 1)).penalties == ()
    (fine,) = law.on(date(2026, 8, 2)).penalties
    assert (fine.amounts[0].amount, fine.amounts[0].currency) == (15_000_000, "EUR")
    assert fine.turnover_percent == 3


def test_no_date_where_the_text_sets_no_number() -> None:
    with pytest.raises(BadInput, match="without undue delay"):
        due(load_regime("eu-ai-act-gpai"), "serious_incident", DAY)


@pytest.mark.parametrize("regime_id", ["us-ca-sb53", "us-ny-raise"])
def test_states(regime_id: str) -> None:
    law = load_regime(regime_id)
    small, large = law.persons
    assert small.revenue_limit_on(DAY) is None
    limit = large.revenue_limit_on(DAY)
    assert limit is not None
    assert (limit.value, limit.currency, limit.comparison) == (500_000_000, "USD", "greater than")
    assert law.activity("frontier_model").limit_on("operations", DAY).value == 10**26
    assert law.stages_add_up == "in"
    assert law.activity("frontier_model").look_ahead_months == 0


def test_penalties_of_the_states() -> None:
    (california,) = load_regime("us-ca-sb53").penalties
    (new_york,) = load_regime("us-ny-raise").penalties
    assert [amount.amount for amount in california.amounts] == [1_000_000]
    assert [amount.amount for amount in new_york.amounts] == [1_000_000, 3_000_000]


def test_cost_of_compute_is_a_reading_to_be_checked() -> None:
    law = load_regime("us-ny-raise")
    cost = law.activity("frontier_model").compute_cost_on(DAY)
    assert cost is not None
    assert (cost.value, cost.citation.check) == (100_000_000, True)
    assert law.reading("compute_cost").default.id == "not_required"


def test_clocks_of_hours_end_at_a_moment() -> None:
    start = datetime.fromisoformat("2027-06-01T08:30:00+00:00")
    found = due(load_regime("us-ny-raise"), "critical_safety_incident", start)
    assert found.moment is not None
    assert found.moment - start == timedelta(hours=72)
    assert found.due == date(2027, 6, 4)
    assert found.moment.utcoffset() == timedelta(hours=-4)
