"""Verdicts on training runs and clusters as activities of a notification."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from declarant.compute.ledger import Evidence
from declarant.compute.ledger import Segment as LedgerSegment
from declarant.determination.citing import cite
from declarant.determination.verdict import ActivityVerdict, Flip
from declarant.filing import changes
from declarant.filing.activities import (
    Activity,
    Cluster,
    Limit,
    MachineGroup,
    Segment,
    TrainingRun,
)
from declarant.filing.build_readings import Taken, chosen_readings, other_readings
from declarant.filing.parts import Amount, FormerFiling, Reason
from declarant.filing.preparation import Preparation
from declarant.filing.wording import UNITS
from declarant.law import Regime
from declarant.law.activities import LimitKind
from declarant.quantities import Comparison, show_interval, show_operations
from declarant.register.facts import Facts

_UNITS: dict[str, LimitKind] = {
    "training_run": "operations",
    "cluster": "operations_per_second",
}


def activity(
    verdict: ActivityVerdict,
    taken: Taken,
    facts: Facts,
    law: Regime,
    preparation: Preparation,
    filed: FormerFiling | None,
) -> Activity:
    """Return a verdict as the notification tells it, compared with the former filing."""
    first: dict[str, Any] = _common(verdict, taken, law, preparation) | {
        "standing": "first",
        "changes": (),
    }
    drafted: Activity = (
        TrainingRun(**first, **_run(verdict, facts, preparation))
        if verdict.kind == "training_run"
        else Cluster(**first, **_cluster(verdict, facts, preparation))
    )
    standing, changed = changes.standing(drafted, preparation.former, filed)
    return drafted.model_copy(update={"standing": standing, "changes": changed})


def _common(
    verdict: ActivityVerdict, taken: Taken, law: Regime, preparation: Preparation
) -> dict[str, Any]:
    named = law.activity(verdict.activity)
    unit = _UNITS[verdict.kind]
    limit = named.limit_on(unit, preparation.prepared_on)
    return {
        "id": verdict.id,
        "kind": verdict.kind,
        "name": verdict.name,
        "activity": named.id,
        "activity_title": named.title.en,
        "activity_citation": cite(named.citation),
        "verdict": taken.reading.verdict.value,
        "when": verdict.when,
        "amount": Amount.of(taken.reading.amount),
        "comparison": taken.reading.comparison,
        "limit": Limit(value=str(verdict.limit), unit=unit, citation=cite(limit.citation)),
        "crosses": verdict.crosses,
        "chosen": tuple(chosen_readings(verdict, taken, law)),
        "readings": tuple(other_readings(verdict, taken, law)),
        "turns_at": tuple(_turning(flip, taken) for flip in verdict.flips if flip.kind == "value"),
        "why": (
            *(
                Reason(text=preparation.relative(reason.text), citation=reason.citation or None)
                for reason in verdict.why
            ),
            *_because(taken, verdict.limit, unit),
        ),
    }


def _because(taken: Taken, limit: int, unit: LimitKind) -> Iterator[Reason]:
    """Yield the last step when a reading was chosen: what it makes of the amount, and why."""
    if taken.because is None:
        return
    relation = {
        Comparison.ABOVE: "is greater than",
        Comparison.BELOW: "is not greater than",
        Comparison.STRADDLES: "may or may not be greater than",
    }[taken.reading.comparison]
    yield Reason(
        text=f"For this filing another reading was chosen ({taken.title}). Under it the amount, "
        f"{show_interval(taken.reading.amount)} {UNITS[unit]}, {relation} "
        f"{show_operations(limit)}.",
        citation=None,
    )


def _turning(flip: Flip, taken: Taken) -> str:
    """Return at which value the verdict under the default turns, as a sentence."""
    under = "" if taken.because is None else "Under the cautious default: "
    if flip.what.endswith("."):
        return f"{under}{flip.what}"
    return f"{under}{flip.to.value.replace('_', ' ').capitalize()} with {flip.what}."


def _run(verdict: ActivityVerdict, facts: Facts, preparation: Preparation) -> dict[str, Any]:
    run = facts.run(verdict.id)
    # the stages of one model may add up to one run: all of them are told, each under its own run
    segments = [item for item in facts.ledger.segments if item.model == run.model]
    found = [finding for item in segments for finding in item.findings]
    return {
        "model": facts.model(run.model).name,
        "status": run.status.value,
        "begins": run.start,
        "ends": run.end,
        "cluster": facts.cluster(run.cluster).name if run.cluster else None,
        "segments": tuple(_segment(item, preparation) for item in segments),
        "evidence": preparation.evidence(
            (*facts.evidence[:1], *(file for item in segments for file in item.evidence))
        ),
        "remarks": preparation.remarks((*verdict.findings, *found)),
    }


def _segment(item: LedgerSegment, preparation: Preparation) -> Segment:
    return Segment(
        id=item.id,
        run=item.run,
        stage=item.stage,
        purpose=item.purpose,
        share=item.share,
        begins=item.start,
        ends=item.end,
        method=item.method,
        model_operations=Amount.of(item.model_operations) if item.model_operations else None,
        executed_operations=Amount.of(item.executed_operations)
        if item.executed_operations
        else None,
        formula=item.formula,
        formula_version=item.formula_version,
        preferred=item.preferred,
        evidence=tuple(preparation.relative(file.path) for file in item.evidence),
    )


def _cluster(verdict: ActivityVerdict, facts: Facts, preparation: Preparation) -> dict[str, Any]:
    cluster = facts.cluster(verdict.id)
    observed = [item for group in cluster.groups for item in group.observations]
    return {
        "location": cluster.location,
        "possession": cluster.possession,
        "groups": tuple(
            MachineGroup(
                id=group.id,
                site=group.site,
                status=group.status.value.replace("_", " "),
                since=group.since,
                owner=group.owner,
            )
            for group in cluster.groups
        ),
        "evidence": preparation.evidence(
            (*facts.evidence[:1], *(Evidence(item.path, item.sha256) for item in observed))
        ),
        "remarks": preparation.remarks(verdict.findings),
    }
