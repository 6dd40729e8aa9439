"""Verdicts on training runs and clusters as activities of a notification."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from declarant.compute.ledger import Evidence
from declarant.compute.ledger import Segment as LedgerSegment
from declarant.determination.citing import cite
from declarant.determination.verdict import ActivityVerdict, Flip, ReadingVerdict, Verdict
from declarant.filing import changes
from declarant.filing.activities import (
    Activity,
    ChosenReading,
    Cluster,
    Limit,
    MachineGroup,
    Reading,
    Segment,
    TrainingRun,
)
from declarant.filing.parts import Amount, FormerFiling, Reason
from declarant.filing.preparation import Preparation
from declarant.law import Regime
from declarant.law.activities import LimitKind
from declarant.register.facts import Facts

_MOST_NAMED = 3  # options spelled out in the title of a reading
_UNITS: dict[str, LimitKind] = {
    "training_run": "operations",
    "cluster": "operations_per_second",
}


def activity(
    verdict: ActivityVerdict,
    facts: Facts,
    law: Regime,
    preparation: Preparation,
    filed: FormerFiling | None,
) -> Activity:
    """Return a verdict as the notification tells it, compared with the former filing."""
    first: dict[str, Any] = _common(verdict, law, preparation) | {
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


def _common(verdict: ActivityVerdict, law: Regime, preparation: Preparation) -> dict[str, Any]:
    named = law.activity(verdict.activity)
    unit = _UNITS[verdict.kind]
    limit = named.limit_on(unit, preparation.prepared_on)
    default = verdict.readings[0]
    return {
        "id": verdict.id,
        "kind": verdict.kind,
        "name": verdict.name,
        "activity": named.id,
        "activity_title": named.title.en,
        "activity_citation": cite(named.citation),
        "verdict": verdict.verdict.value,
        "when": verdict.when,
        "amount": Amount.of(verdict.amount),
        "comparison": default.comparison,
        "limit": Limit(value=str(verdict.limit), unit=unit, citation=cite(limit.citation)),
        "crosses": verdict.crosses,
        "chosen": tuple(_chosen(verdict.kind, law)),
        "readings": tuple(_reading(item, verdict.verdict, law) for item in verdict.readings[1:]),
        "turns_at": tuple(_turning(flip) for flip in verdict.flips if flip.kind == "value"),
        "why": tuple(
            Reason(text=preparation.relative(reason.text), citation=reason.citation or None)
            for reason in verdict.why
        ),
    }


def _chosen(kind: str, law: Regime) -> Iterable[ChosenReading]:
    for dimension in law.readings:
        if dimension.applies_to == kind:
            yield ChosenReading(
                dimension=dimension.id,
                question=dimension.question.en,
                option=dimension.default.id,
                title=dimension.default.title.en,
                citation=cite(dimension.default.citation),
            )


def _reading(item: ReadingVerdict, default: Verdict, law: Regime) -> Reading:
    detail = dict(item.detail)
    return Reading(
        id=item.id,
        title=_title(item, law),
        choices=dict(item.choices),
        verdict=item.verdict.value,
        amount=Amount.of(item.amount),
        comparison=item.comparison,
        flips=item.verdict is not default,
        machines=detail.get("machines"),
        devices=detail.get("devices"),
    )


def _title(item: ReadingVerdict, law: Regime) -> str:
    """Return the options in which a reading differs from the default, in the law's words.

    A variation of one more question carries it in its id: `.../rails=separate`.
    """
    variation = [part.partition("=")[::2] for part in item.id.split("/") if "=" in part]
    known = {dimension.id: dimension for dimension in law.readings}
    other: dict[str, str] = {}
    for dimension_id, option_id in dict((*item.choices, *variation)).items():
        options = known[dimension_id].options if dimension_id in known else ()
        titles = {option.id: option.title.en for option in options}
        if not options or option_id != options[0].id:  # the default stands first
            named = titles.get(option_id, option_id.replace("_", " "))
            other[dimension_id.replace("_", " ")] = named
    if len(other) > _MOST_NAMED:
        return f"The other reading of every question at once: {', '.join(other)}"
    return "; ".join(f"{name}: {title}" for name, title in other.items()) or item.id


def _turning(flip: Flip) -> str:
    """Return at which value a verdict turns, as a sentence."""
    if flip.what.endswith("."):
        return flip.what
    return f"{flip.to.value.replace('_', ' ').capitalize()} with {flip.what}."


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
