"""Results of one fabric under any reading and any limit on links, each worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.assessment import Limits, ReadingResult
from declarant.clusters.census import Census, take_census
from declarant.clusters.fabric import Fabric
from declarant.clusters.holdings import Holdings, holdings
from declarant.clusters.linkage import Forest, forest, switches_suffice
from declarant.clusters.observation import LinkKind
from declarant.clusters.peak import Largest, largest_set
from declarant.clusters.reading import Reading
from declarant.clusters.sets import Sets, sets
from declarant.clusters.standing import counted_machines
from declarant.clusters.strands import Strands, strands

_Key = tuple[str, ...]


@dataclass(slots=True)
class Survey:
    """A fabric under limits. Readings that come to the same links share their sets.

    Attributes:
        horizon: ISO date after which machines to come do not count; None counts all of them.
        held: what the machines hold.
    """

    fabric: Fabric
    limits: Limits
    horizon: str | None = None
    held: Holdings = field(init=False)
    _has_scale_up: bool = field(init=False)
    _has_two_rates: bool = field(init=False)
    _has_sites: bool = field(init=False)
    _counted: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    _strands: dict[_Key, Strands] = field(default_factory=dict)
    _forests: dict[_Key, Forest] = field(default_factory=dict)
    _censuses: dict[_Key, Census] = field(default_factory=dict)
    _largest: dict[_Key, Largest] = field(default_factory=dict)
    _suffice: dict[_Key, bool] = field(default_factory=dict)
    _linked: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        edges = self.fabric.wiring.edges
        self.held = holdings(self.fabric)
        self._linked = np.zeros(self.fabric.group.vertices, np.bool_)
        self._linked[edges.low] = True
        self._linked[edges.high] = True
        self._has_scale_up = bool((edges.kind == LinkKind.SCALE_UP).any())
        self._has_sites = bool((self.fabric.group.site != "").any())
        self._has_two_rates = bool((edges.active != edges.supported).any())

    def result(self, reading: Reading, link_limit: int | None = None) -> ReadingResult:
        """Return the largest set under `reading`; `link_limit` in place of the law's."""
        census = self.census(reading, link_limit)
        found = self.largest(reading, link_limit)
        known, possible = census.known, census.possible
        machines = int(known.machines[found.number]) if found.number >= 0 else 0
        switches = int(
            known.switches[found.number] if machines > 1 else known.switches.max(initial=0)
        )
        most = int((possible.machines + possible.strangers).max(initial=0))
        device, exceeds_from = self._exceeds_from(found, reading)
        devices = self.held.amount(found.rows, reading.devices)
        return ReadingResult(
            reading,
            found.peak,
            found.peak.compared_with(self.limits.operations_per_second),
            machines,
            devices,
            switches,
            max(machines, most + int(census.loose.sum())),
            self._sites(census, found.number),
            device,
            exceeds_from,
            devices > 0 or not self._holds_unknown(census, found),
        )

    def _holds_unknown(self, census: Census, found: Largest) -> bool:
        """Return whether machines of a set hold devices that are not known."""
        held, rows = self.held, found.rows
        vague = np.array([not kind.known for kind in held.kinds], np.bool_)
        if ((held.count[rows] < 0) | (vague[held.kind[rows]] & (held.count[rows] != 0))).any():
            return True
        inside = census.known.member[census.known.set_of == found.number]
        return bool(np.isin(inside, held.unlisted).any())

    def largest(self, reading: Reading, link_limit: int | None = None) -> Largest:
        """Return the set with the highest known peak under `reading`."""
        key = (*self._census_key(reading, link_limit), reading.number_format, reading.devices)
        if key not in self._largest:
            census = self.census(reading, link_limit)
            self._largest[key] = largest_set(census, reading.formats, reading.devices)
        return self._largest[key]

    def census(self, reading: Reading, link_limit: int | None = None) -> Census:
        """Return the sets under the link choices of `reading`."""
        key = self._census_key(reading, link_limit)
        kept = self._censuses.get(key)
        if kept is None:
            limit = self.limits.link_bits_per_second if link_limit is None else link_limit
            known = self._sets(reading, limit)
            unknown = self.has_unknown(reading)
            possible = self._sets(reading, limit, possible=True) if unknown else known
            kept = take_census(self.fabric, self.held, known, possible, self._linked)
            self._censuses[key] = kept
        return kept

    def _census_key(self, reading: Reading, link_limit: int | None) -> _Key:
        limit = self.limits.link_bits_per_second if link_limit is None else link_limit
        key = self._key(reading)
        if not self.has_unknown(reading) and self._passing(reading).slowest > limit:
            # every link carries, whatever the reading of "link"; and where switches hold together
            # without machines, it makes no difference whether machines pass anything on
            apart = reading.rails == "separate" and not self._switches_suffice(reading)
            key = (*key[:2], "separate" if apart else "machine_passes", key[3], "any")
        return (*key, str(limit))

    def _passing(self, reading: Reading) -> Strands:
        return self.strands(reading.with_choice("rails", "machine_passes"))

    def _switches_suffice(self, reading: Reading) -> bool:
        """Return whether switches are joined by links between them as they are with machines."""
        key = self._key(reading)[:4]
        if key not in self._suffice:
            self._suffice[key] = switches_suffice(self._passing(reading))
        return self._suffice[key]

    def counted(self, reading: Reading) -> NDArray[np.bool_]:
        """Return which machines count, shape (machines,)."""
        standing = reading.standing
        if standing not in self._counted:
            self._counted[standing] = counted_machines(self.fabric, standing, self.horizon)
        return self._counted[standing]

    def strands(self, reading: Reading, *, possible: bool = False) -> Strands:
        """Return what counts as linked under `reading`."""
        key = (*self._key(reading)[:-1], str(possible))
        if key not in self._strands:
            counted = self.counted(reading)
            self._strands[key] = strands(self.fabric, reading, counted, possible=possible)
        return self._strands[key]

    def forest(self, reading: Reading, *, possible: bool = False) -> Forest:
        """Return the forest that gives the sets under `reading` for every limit."""
        key = (*self._key(reading), str(possible))
        if key not in self._forests:
            self._forests[key] = forest(self.strands(reading, possible=possible), reading.link)
        return self._forests[key]

    def span(self, reading: Reading) -> None:
        """Reduce the forests of `reading` to spanning ones, before many limits are asked for."""
        for possible in (False, True) if self.has_unknown(reading) else (False,):
            spanning = self.forest(reading, possible=possible).spanning()
            self._forests[*self._key(reading), str(possible)] = spanning

    def _sets(self, reading: Reading, limit: int, *, possible: bool = False) -> Sets:
        made = self.strands(reading, possible=possible)
        labels = self.forest(reading, possible=possible).joined(limit)
        return sets(self.fabric, made, labels, self.counted(reading))

    def has_unknown(self, reading: Reading) -> bool:
        """Return whether the speed of some link is unknown under a reading of rates."""
        return self._passing(reading).left_out

    def _key(self, reading: Reading) -> _Key:
        """Return the choices that make a difference to links here; the last is that of `link`."""
        return (
            reading.scale_up if self._has_scale_up else "",
            reading.link_rate if self._has_two_rates else "",
            reading.rails,
            "" if self.counted(reading).all() else reading.standing,
            reading.link,
        )

    def _sites(self, census: Census, number: int) -> tuple[str, ...]:
        if not self._has_sites:
            return ()
        inside = census.known.member[census.known.set_of == number]
        found = self.fabric.group.site[inside].unique().sort()
        return tuple(site for site in found.to_list() if site)

    def _exceeds_from(self, found: Largest, reading: Reading) -> tuple[str, int | None]:
        """Return the main kind of device, and how many of it exceed the limit with the rest."""
        held = self.held
        peaks = [kind.peak(reading.formats, reading.devices) for kind in held.kinds]
        parts = {kind: peaks[kind].low * count for kind, count in held.counted(found.rows).items()}
        if not any(parts.values()):
            return "", None
        main = max(parts, key=lambda kind: parts[kind])
        match = held.kinds[main].match
        peak = match.peak(reading.formats)
        rest = sum(parts.values(), Fraction(0)) - parts[main]
        spare = self.limits.operations_per_second - rest
        name = match.devices[0].name if len(match.devices) == 1 else match.name
        if not peak.is_exact or spare < 0:
            return name, None
        return name, int(spare // (peak.low / match.per_name)) + 1
