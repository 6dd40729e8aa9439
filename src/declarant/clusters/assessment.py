"""What is found out about a cluster: a result for each reading, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from declarant.clusters.reading import Reading
from declarant.problems import Finding
from declarant.quantities import Comparison, Interval

VERDICT = {
    Comparison.ABOVE: "reportable",
    Comparison.BELOW: "not_reportable",
    Comparison.STRADDLES: "undetermined",
}
"""The words of a determination for where a peak lies with respect to the limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What must be exceeded, strictly, under the law of a day."""

    operations_per_second: int
    link_bits_per_second: int


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """The largest connected set of machines under one reading.

    Attributes:
        reading: the choices made.
        peak: theoretical maximum of the set, operations per second. `low` is of what is known to be
            transitively connected; `high` of what may, None when nobody can say.
        comparison: of the peak with the limit.
        machines: of the set that is known to be connected; 1 when no two machines are joined.
        devices: in that set, as far as they are known.
        devices_known: False when none of its devices are known and it holds some that are not.
        switches: in that set; of the largest set of switches when no two machines are joined.
        at_most_machines: of the set that may be connected, where links or hosts are unknown.
        sites: of its machines, where the evidence names them.
        device: the kind that makes most of its known peak, "" when nothing is known.
        exceeds_from: how many devices of that kind it takes to exceed the limit, everything else
            in the set unchanged; None when that cannot be said.
    """

    reading: Reading
    peak: Interval
    comparison: Comparison
    machines: int
    devices: int
    switches: int
    at_most_machines: int
    sites: tuple[str, ...] = ()
    device: str = ""
    exceeds_from: int | None = None
    devices_known: bool = True

    @property
    def verdict(self) -> str:
        """`reportable`, `not_reportable` or `undetermined`."""
        return VERDICT[self.comparison]

    @property
    def outcome(self) -> str:
        """`cluster`, `switches_only` (no two machines are joined) or `no_cluster`."""
        if self.machines > 1:
            return "cluster"
        return "switches_only" if self.switches > 1 else "no_cluster"

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "id": self.reading.id,
            "number_format": self.reading.number_format,
            "link": self.reading.link,
            "scale_up": self.reading.scale_up,
            "verdict": self.verdict,
            "comparison": self.comparison.value,
            "outcome": self.outcome,
            "machines": self.machines,
            "at_most_machines": self.at_most_machines,
            "devices": self.devices if self.devices_known else None,
            "switches": self.switches,
            "sites": list(self.sites),
            "peak": self.peak.as_json(),
            "peak_open_because": self.peak.reason,
            "device": self.device,
            "exceeds_from": self.exceeds_from,
        }


@dataclass(frozen=True, slots=True)
class Flip:
    """One change that turns the default verdict into another.

    Attributes:
        kind: "reading" (another option in `dimension`), "link_speed" (the limit on links at which
            the verdict turns) or "devices" (how many devices of the same kind turn it).
        dimension: of a change of reading, else "".
        now: the option or value in force. to: the one that turns the verdict.
        verdict: what it turns into.
        what: the same in words.
    """

    kind: str
    dimension: str
    now: str
    to: str
    verdict: str
    what: str

    def as_json(self) -> dict[str, str]:
        """Return the published form."""
        return {
            "kind": self.kind,
            "dimension": self.dimension,
            "from": self.now,
            "to": self.to,
            "verdict": self.verdict,
            "what": self.what,
        }


@dataclass(frozen=True, slots=True)
class SpeedStep:
    """The largest set for every limit on links from `above` up to, not including, `below`.

    `below` is None on the last step, on which nothing is joined any more.
    """

    above: int
    below: int | None
    machines: int
    peak: Interval
    comparison: Comparison

    def as_json(self) -> dict[str, Any]:
        """Return the published form; bit/s as integers."""
        return {
            "from_bits_per_second": self.above,
            "to_bits_per_second": self.below,
            "machines": self.machines,
            "peak": self.peak.as_json(),
            "verdict": VERDICT[self.comparison],
        }


@dataclass(frozen=True, slots=True)
class WitnessLink:
    """A link, or parallel links of one pair, that joins the set; `bits_per_second` None unknown."""

    a: str
    b: str
    bits_per_second: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Witness:
    """Why the default set is connected: some of its machines, and links that join just these.

    `machines_in_all` counts the whole set; the lists are cut to a length that can be read.
    """

    machines: tuple[str, ...]
    machines_in_all: int
    links: tuple[WitnessLink, ...]
    links_in_all: int

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "machines": list(self.machines),
            "machines_in_all": self.machines_in_all,
            "links": [
                {"a": link.a, "b": link.b, "bits_per_second": link.bits_per_second}
                | {"count": link.count}
                for link in self.links
            ],
            "links_in_all": self.links_in_all,
        }


@dataclass(frozen=True, slots=True)
class Unattributed:
    """Something seen that could not be attributed, and what it does to the bounds."""

    kind: str
    count: int
    what: str
    examples: tuple[str, ...]
    effect: str

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "kind": self.kind,
            "count": self.count,
            "what": self.what,
            "examples": list(self.examples),
            "effect": self.effect,
        }


@dataclass(frozen=True, slots=True)
class ClusterAssessment:
    """A fabric under limits and readings.

    Attributes:
        default: the result under the default reading.
        readings: every combination of number format, link and scale-up, the default among them.
        variations: the default with one of the other dimensions changed.
        flips: single changes that turn the default verdict.
        speeds: the default reading for every limit on link speed, slowest first.
        peaks: the default set's peak for each class of formats: (number format, peak).
        witness: what joins the default set; None when no two machines are joined.
        unattributed: what the bounds are wide for.
        findings: of the evidence and of the assessment.
    """

    limits: Limits
    default: ReadingResult
    readings: tuple[ReadingResult, ...]
    variations: tuple[ReadingResult, ...]
    flips: tuple[Flip, ...]
    speeds: tuple[SpeedStep, ...]
    peaks: tuple[tuple[str, Interval], ...]
    witness: Witness | None
    unattributed: tuple[Unattributed, ...]
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> str:
        """The verdict under the default reading."""
        return self.default.verdict

    def as_json(self) -> dict[str, Any]:
        """Return the published form (without the inputs, which the fabric knows)."""
        return {
            "verdict": self.verdict,
            "comparison": self.default.comparison.value,
            "default_reading": self.default.reading.id,
            "limits": {
                "operations_per_second": str(self.limits.operations_per_second),
                "link_bits_per_second": str(self.limits.link_bits_per_second),
            },
            "readings": [result.as_json() for result in self.readings],
            "variations": [
                result.as_json()
                | {
                    "rails": result.reading.rails,
                    "link_rate": result.reading.link_rate,
                    "devices_counted": result.reading.devices,
                    "standing": result.reading.standing,
                }
                for result in self.variations
            ],
            "flips": [flip.as_json() for flip in self.flips],
            "speeds": [step.as_json() for step in self.speeds],
            "peaks": [{"number_format": name, "peak": peak.as_json()} for name, peak in self.peaks],
            "witness": self.witness.as_json() if self.witness else None,
            "unattributed": [item.as_json() for item in self.unattributed],
            "findings": [finding.as_json() for finding in self.findings],
        }
