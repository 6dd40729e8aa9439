"""A fabric under the limits of a law and under every reading of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.assessment import ClusterAssessment, Limits
from declarant.clusters.fabric import Fabric
from declarant.clusters.flips import device_flip, reading_flips, speed_flips
from declarant.clusters.holdings import Holdings
from declarant.clusters.reading import DIMENSIONS, READ_IN_THE_LAW, Reading
from declarant.clusters.speeds import speed_steps
from declarant.clusters.survey import Survey
from declarant.clusters.unattributed import unattributed
from declarant.clusters.witness import witness
from declarant.problems import Finding, Place, Severity
from declarant.quantities import FormatClass, Interval

FORMATS = (FormatClass.HIGHEST, FormatClass.BITS_16, FormatClass.BITS_8)
"""The number formats of the table of readings."""

_EXAMPLES = 3
_NO_BOUND = "no upper bound of the peak"
_WRITTEN_BY_PEOPLE = ("", "csv")
_MEND_PRINTED = "The catalogue does not hold it; its peak stays unknown (no upper bound)."
_MEND_WRITTEN = (
    "Correct the name where it is misspelt; if not, the catalogue does not hold it, and its peak "
    "stays unknown (no upper bound)."
)
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
            *reading_flips(by_default, results, READ_IN_THE_LAW),
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
    findings += _names(fabric, held)
    if fabric.group.vertices and not len(fabric.group.machines):
        findings.append(
            Finding(
                "cluster.no_machines",
                "The files show switches and links, and no machine.",
                Place(", ".join(item.path for item in fabric.inputs)),
                "Give an inventory of the machines, or links that name them.",
                Severity.WARNING,
                _NO_BOUND,
            )
        )
    if len(fabric.group.clique_of):
        domains = len(np.unique(fabric.group.clique_of))
        findings.append(
            Finding(
                "cluster.scale_up_rate",
                f"{domains} scale-up domains of an inventory have no link rates; where scale-up "
                "links count, they are taken to exceed the limit.",
                Place(", ".join(item.path for item in fabric.inputs if item.machines)),
                "Nothing, unless a domain has slower links: give these as links with their rates.",
                Severity.NOTE,
            )
        )
    return findings


def _names(fabric: Fabric, held: Holdings) -> Iterator[Finding]:
    """Yield what is wrong with names of devices that machines hold."""
    used = set(held.kind.tolist())
    for choices in fabric.inventory.choices:
        used.update(kind for content in choices for kind, _ in content)
    listed = fabric.inventory.named_in
    for number, kind in enumerate(held.kinds):
        if not kind.name or kind.choices or number not in used:
            continue
        in_inventory = number < len(listed)
        place = Place(listed[number]) if in_inventory else Place(field="device that is assumed")
        devices = kind.match.devices
        if not devices:
            naming = fabric.inventory.kinds[number][0] if in_inventory else ""
            yield Finding(
                "cluster.unknown_device",
                f"{kind.match.why}.",
                place,
                _MEND_PRINTED if naming not in _WRITTEN_BY_PEOPLE else _MEND_WRITTEN,
                effect=_NO_BOUND,
            )
        elif len(devices) > 1:
            yield Finding(
                "cluster.ambiguous_device",
                f"{kind.name!r} may be {', '.join(device.name for device in devices)}.",
                place,
                "Give an inventory with the name that the maker's tool prints (nvidia-smi -L).",
                effect="the peak spans all of them",
            )


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
