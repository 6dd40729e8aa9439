"""Whether a regime covers the person: their own answer, on grounds that the law names."""

from __future__ import annotations

from declarant.determination.citing import cite
from declarant.determination.verdict import CoverageVerdict, Reason
from declarant.law import Regime
from declarant.problems import Finding, Place
from declarant.register.facts import Person


def determine_coverage(person: Person, regime: Regime) -> tuple[CoverageVerdict, list[Finding]]:
    """Return whether `person` is covered, and what is doubtful about the answer.

    "Yes" must rest on a ground that the regime names, where it names any; else it stays unknown.
    """
    answer = person.covered.get(regime.id)
    where = Place(field=f"person.covered.{regime.id}")
    if answer is None or answer.answer is None:
        said = answer.why if answer else f"The register does not say whether {regime.id} applies."
        return CoverageVerdict(None, (Reason(said),)), [
            Finding(
                "determination.coverage_unknown",
                f"whether {person.name} is covered by {regime.id} is not known.",
                where,
                "Answer yes or no, with the grounds.",
                effect="no activity can be reportable for certain",
            )
        ]
    known = {ground.id: ground for ground in regime.persons}
    unknown = [ground for ground in answer.grounds if ground not in known]
    findings = [
        Finding(
            "determination.ground_unknown",
            f"{regime.id} knows no ground {ground!r}.",
            where,
            f"Known: {', '.join(known)}.",
        )
        for ground in unknown
    ]
    if answer.answer is False and answer.grounds:
        findings.append(
            Finding(
                "determination.ground_contradicts",
                f"{person.name} is said not to be covered, with grounds on which it would be.",
                where,
                "Leave the grounds out, or answer yes.",
            )
        )
    held = [known[ground] for ground in answer.grounds if ground in known]
    if answer.answer and known and not held:
        findings.append(
            Finding(
                "determination.ground_missing",
                f"{person.name} is said to be covered, but on no ground that {regime.id} names.",
                where,
                f"Name one of: {', '.join(known)}.",
                effect="no activity can be reportable for certain",
            )
        )
        return CoverageVerdict(None, (Reason(answer.why),)), findings
    why = tuple(
        Reason(f"{person.name}: {ground.text.in_language('en')}", cite(ground.citation))
        for ground in held
        if answer.answer
    )
    return CoverageVerdict(answer.answer, (*why, Reason(answer.why))), findings
