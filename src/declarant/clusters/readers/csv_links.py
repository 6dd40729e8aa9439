"""Links as CSV: two ends, a rate, and how many run in parallel."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from declarant.clusters.csv_table import Column, CsvTable, header_of, named_columns, read_table
from declarant.clusters.observation import (
    UNKNOWN_RATE,
    LinkKind,
    Links,
    NodeKind,
    Nodes,
    Observation,
)
from declarant.clusters.readers.registry import Content, ReadContext, reader
from declarant.clusters.text_column import TextColumn
from declarant.formats import Sample
from declarant.problems import BadInput, Finding, Severity, bad_input
from declarant.quantities import parse_bits_per_second, parse_number

COLUMNS = {
    "a": ("from", "source", "node_a", "a_node", "device_a", "left", "end_a"),
    "b": ("to", "target", "destination", "node_b", "b_node", "device_b", "right", "end_b"),
    "gbit_s": ("speed", "rate", "gbps", "gbit", "speed_gbps", "bandwidth", "bandwidth_gbps"),
    "count": ("links", "parallel", "quantity"),
    "status": ("state",),
    "kind": ("type", "fabric", "network"),
    "supported_gbit_s": ("supported", "max_gbit_s", "max_speed", "port_speed"),
    "a_kind": ("from_kind", "a_type", "a_role"),
    "b_kind": ("to_kind", "b_type", "b_role"),
}
_MOST_LINKS = 100_000
_MOST_RATE = 10**15
_GBIT = 10**9
_ABSENT = ("disconnected", "decommissioned", "decommissioning", "removed", "unplugged", "retired")
_PRESENT = ("", "connected", "up", "active", "planned", "on_order", "installed", "in_service")
_SCALE_UP = ("scale_up", "nvlink", "ici", "neuronlink", "infinity_fabric", "xgmi")
_SCALE_OUT = ("", "scale_out", "infiniband", "ethernet", "ib", "roce", "efa", "slingshot")
_MANAGEMENT = ("management", "mgmt", "out_of_band", "oob", "bmc", "ipmi")
_UNKNOWN_WORDS = ("", "unknown", "?", "???", "n/a", "na", "-")
_NODE_KINDS = {
    "switch": NodeKind.SWITCH,
    "router": NodeKind.SWITCH,
    "leaf": NodeKind.SWITCH,
    "spine": NodeKind.SWITCH,
    "core": NodeKind.SWITCH,
    "machine": NodeKind.MACHINE,
    "host": NodeKind.MACHINE,
    "node": NodeKind.MACHINE,
    "server": NodeKind.MACHINE,
}


def _is_links(sample: Sample) -> bool:
    header, _ = header_of(sample.head)
    found = named_columns(header, COLUMNS)
    return "a" in found and "b" in found


@reader(
    "csv-links",
    shows="links as CSV",
    suffixes=(".csv", ".tsv"),
    sniff=_is_links,
    takes_map=True,
)
def read(content: Content, context: ReadContext) -> Observation:
    """Read one row a link, or one for `count` parallel links of the same two ends.

    A rate is in Gbit/s, or carries its unit; left out, it is unknown. A link to itself joins
    nothing and is left out, and so is one that is gone, or that is there for management only.

    Raises:
        BadInput: when a column is missing, a row does not fit the header, or there is no row.
    """
    table = read_table(content, context, COLUMNS, ("a", "b"), together=("a", "b"))
    remark = table["a"].where(lambda text: text.startswith("#"))
    endless = (table["a"].code == 0) | (table["b"].code == 0)
    blank = remark | ((table["a"].code == 0) & (table["b"].code == 0))
    if blank.all():
        raise bad_input(
            "csv-links.no_links",
            "it names columns and no link.",
            mend="Write one row for each link.",
            file=context.file,
        )
    looped = (table["a"].code == table["b"].code) & ~endless
    gone = table["status"].where(lambda text: _word(text) in _ABSENT)
    management = table["kind"].where(lambda text: _word(text) in _MANAGEMENT)
    kept = ~(remark | endless | looped | gone | management)
    says = _Remarks(table, context, blank)
    active = says.rates("gbit_s", kept, missing="their speed is unknown: they may join or not")
    supported = active
    if "supported_gbit_s" in table.present:
        given = says.rates("supported_gbit_s", kept, missing="")
        supported = np.where(given == UNKNOWN_RATE, active, np.maximum(given, active))
    scale_up = table["kind"].where(lambda text: _word(text) in _SCALE_UP)
    count = table["count"].numbers(lambda text: _count(text) or 1)  # a row is at least one link
    nodes, a, b = _ends(table, kept)
    carried = active[kept]
    links = Links(
        a,
        b,
        carried,
        carried if supported is active else supported[kept],
        count[kept].astype(np.int32),
        np.where(scale_up[kept], LinkKind.SCALE_UP, LinkKind.SCALE_OUT).astype(np.int8),
        np.zeros(len(a), np.bool_),
    )
    says.rows(endless, "end", "links lack an end", "they are left out")
    says.rows(looped, "loop", "links lead back", "they are left out")
    says.rows(gone, "gone", "links are gone", "they are left out", Severity.NOTE)
    says.rows(
        management, "management", "links are for management", "they are left out", Severity.NOTE
    )
    says.rows(
        table["count"].where(lambda text: text != "" and _count(text) is None),
        "count",
        f"counts of links are no whole number from 1 to {_MOST_LINKS:,}",
        "each is taken as one link",
    )
    says.rows(
        table["status"].where(lambda text: _word(text) not in (*_PRESENT, *_ABSENT)),
        "status",
        "links have a status that is not known",
        "they count",
    )
    known_kinds = (*_SCALE_UP, *_SCALE_OUT, *_MANAGEMENT)
    says.rows(
        table["kind"].where(lambda text: _word(text) not in known_kinds),
        "kind",
        "links are of a kind that is not known",
        "they count as data center networking",
    )
    return context.observation(nodes=nodes, links=links, findings=tuple(says.findings))


def _word(text: str) -> str:
    return text.lower().replace(" ", "_").replace("-", "_")


def _count(text: str) -> int | None:
    digits = text.removesuffix(".0")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return None
    return int(digits) if 1 <= int(digits) <= _MOST_LINKS else None


def _rate(text: str) -> int | None:
    """Return bit/s; UNKNOWN_RATE where the text says unknown; None when it is no rate."""
    if text.lower() in _UNKNOWN_WORDS:
        return UNKNOWN_RATE
    try:
        bits = parse_number(text) * _GBIT if text[-1].isdigit() else parse_bits_per_second(text)
    except BadInput:
        return None
    return int(bits) if 0 < bits <= _MOST_RATE and bits == int(bits) else None


def _ends(
    table: CsvTable, kept: NDArray[np.bool_]
) -> tuple[Nodes, NDArray[np.int32], NDArray[np.int32]]:
    """Return the nodes that links name, and the rows of both ends of each link."""
    names = table["a"].texts
    a, b = table["a"].code[kept], table["b"].code[kept]
    used = np.zeros(len(names), np.bool_)
    used[a] = True
    used[b] = True
    place = (np.cumsum(used) - 1).astype(np.int32)
    kind = np.full(len(names), NodeKind.UNKNOWN, np.int8)
    for end, said in ((a, table["a_kind"]), (b, table["b_kind"])):
        _note_kinds(kind, end, said.rows(kept))
    keys = TextColumn(names.filter(pl.Series(used)))
    nothing = TextColumn(pl.repeat("", len(keys), dtype=pl.String, eager=True))
    return Nodes(keys, nothing, nothing, kind[used]), place[a], place[b]


def _note_kinds(kind: NDArray[np.int8], end: NDArray[np.int32], said: Column) -> None:
    for word, meant in _NODE_KINDS.items():
        # the default binds the word of this turn; mypy knows no type of such an argument
        rows = said.where(lambda text, word=word: _word(text) == word)  # type: ignore[misc]
        kind[end[rows]] = meant


class _Remarks:
    """Findings about rows of the table; `blank` rows hold nothing and are passed over."""

    def __init__(self, table: CsvTable, context: ReadContext, blank: NDArray[np.bool_]) -> None:
        self.table = table
        self.context = context
        self.blank = blank
        self.findings: list[Finding] = list(table.findings)

    def rows(
        self,
        rows: NDArray[np.bool_],
        subject: str,
        what: str,
        effect: str,
        severity: Severity = Severity.WARNING,
        field: str | None = None,
    ) -> None:
        """Add one finding for all these rows, with the place of the first."""
        places = np.flatnonzero(rows & ~self.blank)
        if len(places):
            self.findings.append(
                self.context.finding(
                    f"csv-links.{subject}",
                    f"{len(places):,} {what}.",
                    mend="Correct them, the first is on this line.",
                    line=self.table.line(int(places[0])),
                    field=field,
                    severity=severity,
                    effect=effect,
                )
            )

    def rates(self, column: str, kept: NDArray[np.bool_], *, missing: str) -> NDArray[np.int64]:
        """Return the rate of each row in bit/s, and say which are none; `missing` is the effect."""
        cells = self.table[column]
        bad = cells.where(lambda text: _rate(text) is None) & ~self.blank
        if bad.any():
            first = int(bad.argmax())
            self.rows(
                bad,
                "rate",
                f"cells are no link rate, the first {cells.texts[int(cells.code[first])]!r:.60}",
                "their speed is unknown",
                field=column,
            )
        rates = cells.numbers(lambda text: _rate(text) or UNKNOWN_RATE)
        if missing:
            unknown = (rates == UNKNOWN_RATE) & kept & ~bad
            self.rows(unknown, "rate_unknown", "links have no rate", missing, field=column)
        return rates
