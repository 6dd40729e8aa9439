"""A fabric under the limits of a law and under every reading of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.assessment import ClusterAssessment, Limits
from declarant.clusters.fabric import Fabric
from declarant.clusters.flips import device_flip, reading_flips, speed_flips
from declarant.clusters.holdings import Holdings
from declarant.clusters.reading import DIMENSIONS, Reading
from declarant.clusters.speeds import speed_steps
from declarant.clusters.survey import Survey
from declarant.clusters.unattributed import unattributed
from declarant.clusters.witness import witness
from declarant.problems import Finding, Severity
from declarant.quantities import FormatClass, Interval

FORMATS = (FormatClass.HIGHEST, FormatClass.BITS_16, FormatClass.BITS_8)
"""The number formats of the table of readings."""

_EXAMPLES = 3
_TABLE = ("number_format", "link", "scale_up")


def assess(
    fabric: Fabric,
    limits: Limits,
    *,
    default: Reading | None = None,
    formats: Sequence[FormatClass] = FORMATS,
    horizon: str | None = None,
    advance: Callable[[int, int], None] | None = None,
) -> ClusterAssessment:
    """Return the largest connected set of machines under every reading, and what turns the verdict.

    Args:
        fabric: all evidence, joined.
        limits: what must be exceeded, strictly.
        default: the reading that decides; the cautious one when None.
        formats: number formats in the table of readings; the default's is always among them.
        horizon: ISO date; machines to come later do not count. None counts all.
        advance: optional; called as advance(readings done, readings in all).
    """
    chosen = default or Reading()
    survey = Survey(fabric, limits, horizon)
    table = [
        chosen.with_choice("number_format", name)
        .with_choice("link", link)
        .with_choice("scale_up", scale_up)
        for name in dict.fromkeys((chosen.number_format, *(each.value for each in formats)))
        for link in DIMENSIONS["link"]
        for scale_up in DIMENSIONS["scale_up"]
    ]
    others = [
        chosen.with_choice(dimension, option)
        for dimension, options in DIMENSIONS.items()
        if dimension not in _TABLE
        for option in options
        if option != getattr(chosen, dimension)
    ]
    results = []
    for done, reading in enumerate((*table, *others), 1):
        results.append(survey.result(reading))
        if advance is not None:
            advance(done, len(table) + len(others))
    by_default = next(result for result in results if result.reading == chosen)
    steps = speed_steps(survey, chosen)
    return ClusterAssessment(
        limits,
        by_default,
        tuple(results[: len(table)]),
        tuple(results[len(table) :]),
        (
            *reading_flips(by_default, results, DIMENSIONS),
            *speed_flips(by_default, steps, limits.link_bits_per_second),
            *device_flip(by_default),
        ),
        steps,
        tuple(_peaks(survey, chosen)),
        witness(survey, chosen),
        unattributed(fabric, survey.held),
        (*fabric.findings, *_assumptions(fabric, survey.held)),
    )


def _peaks(survey: Survey, chosen: Reading) -> list[tuple[str, Interval]]:
    return [
        (name.value, survey.result(chosen.with_choice("number_format", name)).peak)
        for name in FormatClass
    ]


def _assumptions(fabric: Fabric, held: Holdings) -> list[Finding]:
    """Return what is counted on a person's word, and which names the catalogue does not know."""
    findings = []
    for number, row in held.assumed_kind.items():
        assumed = fabric.assumed[number]
        machines = int((held.kind == row).sum())
        if assumed is None or not machines:
            continue
        held_by_each = f"{assumed.per_machine} x {assumed.device or 'no device'}"
        few = _few_links(fabric, held.machine[held.kind == row])
        findings.append(
            Finding(
                "cluster.assumed_devices",
                f"{machines} machines that no inventory describes are taken to hold "
                f"{held_by_each} each.{few}",
                mend="Give an inventory, and count 0 for machines without accelerators.",
                severity=Severity.NOTE,
            )
        )
    for kind in held.kinds:
        if not kind.known and kind.name:
            findings.append(
                Finding(
                    "cluster.unknown_device",
                    f"{kind.match.why}.",
                    mend="Write the name as the maker's datasheet or the tool prints it.",
                    effect="no upper bound of the peak",
                )
            )
    return findings


def _few_links(fabric: Fabric, machines: NDArray[np.int64]) -> str:
    """Name the machines that have less than half as many links as most: often no accelerators."""
    edges = fabric.wiring.edges
    links = np.zeros(fabric.group.vertices, np.int64)
    np.add.at(links, edges.low, edges.count)
    np.add.at(links, edges.high, edges.count)
    usual = int(np.median(links[machines]))
    few = machines[links[machines] * 2 < usual]
    if not len(few):
        return ""
    names = ", ".join(fabric.group.machines[few[:_EXAMPLES]].to_list())
    return f" {len(few)} of them have few links ({names}) and may hold none."
