"""SONiC's config_db.json: one switch, the speeds of its ports and the neighbours at them.

The speed is the configured one; breakout ports (Ethernet0, Ethernet4 of one cage) each have their
own. Source: SONiC, Configuration.md (PORT, DEVICE_NEIGHBOR, DEVICE_NEIGHBOR_METADATA).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from declarant.clusters.observation import UNKNOWN_RATE, NodeKind, Observation
from declarant.clusters.readers.columns import FabricRows
from declarant.clusters.readers.guarded_text import parse_json
from declarant.clusters.readers.registry import ReadContext, reader
from declarant.clusters.readers.sonic_links import bits_per_second, kind_of
from declarant.clusters.readers.tally import Tally
from declarant.formats import Sample
from declarant.problems import Finding, Severity, bad_input

_TABLES = ("PORT", "DEVICE_NEIGHBOR")
_PORTS = ("port", "ports")


def _is_config_db(sample: Sample) -> bool:
    return sample.head.lstrip().startswith("{") and (
        b'"DEVICE_NEIGHBOR"' in sample.content
        or (b'"DEVICE_METADATA"' in sample.content and b'"PORT"' in sample.content)
    )


@reader("sonic-config-db", shows="SONiC config_db.json", suffixes=(".json",), sniff=_is_config_db)
def read(content: bytes, context: ReadContext) -> Observation:
    """Read the switch, its neighbours and a link for each port that names one.

    A file of several parts (localhost, asic0, ...) is read part by part.

    Raises:
        BadInput: when it is not JSON, or has neither PORT nor DEVICE_NEIGHBOR.
    """
    whole = parse_json(content, context)
    parts = _parts(whole)
    if not parts:
        raise bad_input(
            "sonic-config-db.no_tables",
            "has neither PORT nor DEVICE_NEIGHBOR.",
            mend="Take /etc/sonic/config_db.json from the switch.",
            file=context.file,
        )
    ports = _Ports(context)
    for tables in parts:
        ports.add(tables)
    return context.observation(
        nodes=ports.rows.nodes(), links=ports.rows.links(), findings=tuple(ports.all_findings())
    )


def _parts(whole: Any) -> list[Mapping[str, Any]]:
    if not isinstance(whole, dict):
        return []
    if any(isinstance(whole.get(table), dict) for table in _TABLES):
        return [whole]
    return [
        part
        for part in whole.values()
        if isinstance(part, dict) and any(isinstance(part.get(table), dict) for table in _TABLES)
    ]


@dataclass(slots=True)
class _Ports:
    """Collects the links of one file and what is to be said about them."""

    context: ReadContext
    rows: FabricRows = field(default_factory=FabricRows)
    findings: list[Finding] = field(default_factory=list)
    alone: Tally = field(default_factory=Tally)
    speedless: Tally = field(default_factory=Tally)
    nameless: Tally = field(default_factory=Tally)
    typeless: Tally = field(default_factory=Tally)

    def add(self, tables: Mapping[str, Any]) -> None:
        """Take the tables of one switch in."""
        ports, neighbours = _table(tables, "PORT"), _table(tables, "DEVICE_NEIGHBOR")
        types = _table(tables, "DEVICE_NEIGHBOR_METADATA")
        by_alias = {alias: name for name, port in ports.items() if (alias := _text(port, "alias"))}
        here = self.rows.node(self._own_name(tables), NodeKind.SWITCH)
        met = set()
        for written, neighbour in neighbours.items():
            if written in _table(tables, "MGMT_PORT"):
                continue
            name = _text(neighbour, "name")
            if not name:
                self.nameless.add(written)
                continue
            port_name = written if written in ports else by_alias.get(written, written)
            met.add(port_name)
            kind = kind_of(_text(types.get(name), "type"))
            if kind is NodeKind.UNKNOWN:
                self.typeless.add(name)
            there = self.rows.node(name, kind, host=name if kind is NodeKind.MACHINE else "")
            self._link(here, there, port_name, ports.get(port_name))
        for port_name, port in ports.items():
            if port_name not in met and _text(port, "admin_status") == "up":
                self.alone.add(port_name)

    def _link(self, here: int, there: int, port_name: str, port: Any) -> None:
        speed = bits_per_second(port.get("speed")) if isinstance(port, dict) else None
        if speed is None:
            self.speedless.add(port_name)
            speed = UNKNOWN_RATE
        down = _text(port, "admin_status") == "down"
        self.rows.link(here, there, 0 if down else speed, speed)

    def _own_name(self, tables: Mapping[str, Any]) -> str:
        own = _text(_table(tables, "DEVICE_METADATA").get("localhost"), "hostname")
        if own:
            return own
        name = PurePath(self.context.file).stem or "unnamed"
        self.findings.append(
            self.context.finding(
                "sonic-config-db.switch_name",
                f"does not name its switch, which is taken as {name!r} after the file.",
                mend="Set hostname in DEVICE_METADATA, or name each file after its switch.",
                field="DEVICE_METADATA.localhost.hostname",
            )
        )
        return name

    def all_findings(self) -> list[Finding]:
        """Return every remark about the file."""
        context = self.context
        return [
            *self.findings,
            *self.alone.told(
                context,
                "no_neighbour",
                "up, with no neighbour named",
                _PORTS,
                mend="Add what LLDP sees (lldpctl -f json0), or a list of links (CSV).",
                field="DEVICE_NEIGHBOR",
                effect="links may be missing",
            ),
            *self.speedless.told(
                context,
                "no_speed",
                "without a speed in Mbit/s",
                _PORTS,
                mend="Set speed in PORT (400000 is 400 Gbit/s).",
                field=f"PORT.{self.speedless.first}.speed",
                effect="the rate of these links is not known",
            ),
            *self.nameless.told(
                context,
                "neighbour_name",
                "with a neighbour of no name",
                _PORTS,
                mend="Set name in DEVICE_NEIGHBOR.",
                field=f"DEVICE_NEIGHBOR.{self.nameless.first}.name",
                effect="links are missing: connectivity is a lower bound",
            ),
            *self.typeless.told(
                context,
                "neighbour_type",
                "of no type, so that nobody can tell a machine from a switch",
                ("neighbour", "neighbours"),
                mend="Set type in DEVICE_NEIGHBOR_METADATA (Server, LeafRouter, ...), or list the "
                "machines (CSV).",
                field=f"DEVICE_NEIGHBOR_METADATA.{self.typeless.first}.type",
                severity=Severity.NOTE,
            ),
        ]


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = tables.get(name)
    return table if isinstance(table, dict) else {}


def _text(entry: Any, key: str) -> str:
    value = entry.get(key) if isinstance(entry, dict) else None
    return value.strip() if isinstance(value, str) else ""
