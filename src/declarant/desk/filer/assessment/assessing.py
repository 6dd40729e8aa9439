"""From the register's facts to the pieces of an assessment; everything is worked out elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from declarant.compute.reconcile import reconcile
from declarant.desk.filer.assessment.models import Item
from declarant.determination import determine
from declarant.determination.clocks import next_quarter
from declarant.determination.forecast import Forecast, SumForecast, forecast
from declarant.determination.totals import totals_by_regime
from declarant.law import Regime, load_regime, regime_ids
from declarant.plots.agreement_chart import agreement_chart
from declarant.plots.fan_chart import fan_chart
from declarant.plots.timeline_chart import timeline_chart
from declarant.problems import BadInput
from declarant.register.facts import Facts
from declarant.register.plausibility import plausibility_of

REPORTING_RULE = "us-bis-702-7"
LANGUAGES = ("en", "zh-Hant")
Piece = tuple[Any, str, Any]
"""Kind, key, content."""
Advance = Callable[[int, int, str], None]
Kept = Callable[[str, Any], Mapping[str, Any] | None]
"""Pictures of a run that were drawn before, by key; None when its content is not what it was."""


_LISTED = ("id", "name", "kind", "activity", "verdict", "when", "amount", "limit", "crosses")
"""What lists show of an activity; its readings and reasons stand in a piece of their own."""


def activity_key(regime: str, activity: Mapping[str, Any]) -> str:
    """Return the key of an activity's own piece."""
    return f"{regime}:{activity['activity']}:{activity['id']}"


def pieces(facts: Facts, day: date, advance: Advance, kept: Kept) -> Iterator[Piece]:
    """Yield every piece of the assessment of `facts` on a day.

    Args:
        facts: what the register holds.
        day: the day they are looked at, and whose law applies.
        advance: called as advance(done, total, what).
        kept: pictures that need not be drawn again.
    """
    laws = tuple(load_regime(regime) for regime in regime_ids())
    steps = len(laws) + 2 + len(facts.runs)
    by_cluster: dict[str, dict[str, Any]] = {cluster.id: {} for cluster in facts.clusters}
    for number, law in enumerate(laws):
        advance(number, steps, law.short_title.en)
        yield from _of_law(facts, law, day, by_cluster)
    for cluster, verdicts in by_cluster.items():
        yield Item.Kind.CLUSTER, cluster, {"verdicts": verdicts}
    advance(len(laws), steps, "forecast")
    made = forecast(facts, laws, load_regime(REPORTING_RULE), day)
    yield from _of_forecast(made)
    advance(len(laws) + 1, steps, "totals")
    yield from _of_runs(
        facts, laws, day, made, lambda left: advance(steps - left, steps, "runs"), kept
    )


def _of_law(
    facts: Facts, law: Regime, day: date, by_cluster: dict[str, dict[str, Any]]
) -> Iterator[Piece]:
    try:
        content = determine(facts, law, day).as_json()
    except BadInput as problem:  # no value of that law holds on the day: told, and others go on
        told = [finding.as_json() for finding in problem.findings]
        yield Item.Kind.REGIME, law.id, {"regime": law.id, "outside": told}
        return
    for activity in content["activities"]:
        if activity["kind"] == "cluster" and activity["id"] in by_cluster:
            by_cluster[activity["id"]].setdefault(law.id, []).append(activity)
    upcoming = next_quarter(facts, law, day)
    content["quarter"] = str(upcoming) if upcoming else None
    for activity in content["activities"]:
        yield Item.Kind.ACTIVITY, activity_key(law.id, activity), activity
    light = [{name: each[name] for name in _LISTED} for each in content["activities"]]
    yield Item.Kind.REGIME, law.id, {**content, "activities": light}


def _of_forecast(made: Forecast) -> Iterator[Piece]:
    yield (
        Item.Kind.SUMS,
        "all",
        {
            "sums": [_told(item, made) for item in made.sums],
            "findings": [finding.as_json() for finding in made.findings],
        },
    )
    for language in LANGUAGES:
        spec = timeline_chart(made, language)
        if spec is not None:
            yield Item.Kind.PLOT, f"timeline:{language}", spec


def _told(item: SumForecast, made: Forecast) -> dict[str, Any]:
    """Return what a sum comes to: the published form without the curves, and its next notice."""
    told = item.as_json()
    if told["crosses_by_history"]:
        told["crosses_by_history"].pop("bands", None)
    notice = item.next_notice(made.as_of)
    told["next_notice"] = notice.as_json() if notice else None
    told["passed"] = item.has_passed(made.as_of)
    return told


def _of_runs(
    facts: Facts,
    laws: tuple[Regime, ...],
    day: date,
    made: Forecast,
    left: Callable[[int], None],
    kept: Kept,
) -> Iterator[Piece]:
    totals: dict[str, list[dict[str, Any]]] = {}
    for law in laws:
        try:
            for total in totals_by_regime(facts, (law,), day):
                totals.setdefault(total.run, []).append(total.as_json())
        except BadInput:  # said with the determination under that law
            continue
    checks = [finding.as_json() for finding in plausibility_of(facts, day)]
    for number, run in enumerate(facts.runs):
        left(len(facts.runs) - number)
        ledger = facts.ledger.of_run(run.id)
        agreements = reconcile(ledger)
        content = {
            "segments": [segment.as_json() for segment in ledger.segments],
            "agreements": [agreement.as_json() for agreement in agreements],
            "totals": totals.get(run.id, []),
            "sums": [_told(item, made) for item in made.sums if run.id in item.runs],
            "findings": [check for check in checks if run.id in check["where"]],
        }
        yield Item.Kind.RUN, run.id, content
        before = kept(run.id, content)
        if before is not None:
            yield from ((Item.Kind.PLOT, key, spec) for key, spec in before.items())
            continue
        for language in LANGUAGES:
            yield from _pictures(run.id, made, agreements, language)


def _pictures(run: str, made: Forecast, agreements: Any, language: str) -> Iterator[Piece]:
    of_run = [item for item in made.sums if item.runs == (run,)]
    if of_run:
        spec = fan_chart(replace(made, sums=tuple(of_run)), run, language)
        yield Item.Kind.PLOT, f"forecast:{run}:{language}", spec
    if any(len(item.figures) > 1 for item in agreements):
        spec = agreement_chart(agreements, language)
        yield Item.Kind.PLOT, f"methods:{run}:{language}", spec
