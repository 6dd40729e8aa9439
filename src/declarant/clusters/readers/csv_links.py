"""Links as CSV: two ends, a rate, and how many run in parallel."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from declarant.clusters.csv_table import LINE, header_of, named_columns, read_table
from declarant.clusters.observation import UNKNOWN_RATE, LinkKind, Links, Nodes, Observation
from declarant.clusters.readers.registry import ReadContext, Sample, reader
from declarant.clusters.text_column import TextColumn
from declarant.problems import BadInput, Finding, Severity, bad_input
from declarant.quantities import parse_bits_per_second, parse_number

COLUMNS = {
    "a": ("from", "source", "node_a", "a_node", "device_a", "left", "end_a"),
    "b": ("to", "target", "destination", "node_b", "b_node", "device_b", "right", "end_b"),
    "gbit_s": ("speed", "rate", "gbps", "gbit", "speed_gbps", "bandwidth", "bandwidth_gbps"),
    "count": ("links", "parallel", "quantity"),
    "status": ("state",),
    "kind": ("type", "fabric", "network"),
}
_MOST_LINKS = 100_000
_GBIT = 10**9
_ABSENT = ("disconnected", "decommissioned", "decommissioning", "removed", "unplugged", "retired")
_PRESENT = ("", "connected", "up", "active", "planned", "on_order", "installed", "in_service")
_SCALE_UP = ("scale_up", "nvlink", "ici", "neuronlink", "infinity_fabric", "xgmi")
_SCALE_OUT = ("", "scale_out", "infiniband", "ethernet", "ib", "roce", "efa", "slingshot")
_UNKNOWN_WORDS = ("", "unknown", "?", "???", "n/a", "na", "-")


def _is_links(sample: Sample) -> bool:
    header, _ = header_of(sample.head)
    found = named_columns(header, COLUMNS)
    return "a" in found and "b" in found


@reader("csv-links", shows="links as CSV", suffixes=(".csv", ".tsv"), sniff=_is_links)
def read(content: bytes, context: ReadContext) -> Observation:
    """Read one row a link, or one for `count` parallel links of the same two ends.

    A rate is in Gbit/s, or carries its unit; left out, it is unknown. A link to itself joins
    nothing and is left out, and so is one that is gone.
    """
    table = read_table(content, context, COLUMNS, ("a", "b"))
    rows = table.rows
    if not len(rows):
        raise bad_input(
            "csv-links.no_links",
            "it names columns and no link.",
            mend="Write one row for each link.",
            file=context.file,
        )
    status = rows["status"].str.to_lowercase().str.replace_all(" ", "_")
    kind = rows["kind"].str.to_lowercase().str.replace_all("[ -]", "_")
    endless = (rows["a"] == "") | (rows["b"] == "")
    looped = (rows["a"] == rows["b"]) & ~endless
    gone = status.is_in(_ABSENT)
    rates, rate_findings = _rates(rows, context)
    counts, count_findings = _counts(rows, context)
    kept = ~(endless | looped | gone)
    nodes, a, b = _ends(rows.filter(kept))
    here = kept.to_numpy()
    active = rates[here]
    said = kind.is_in(_SCALE_UP).to_numpy()[here]
    links = Links(
        a=a,
        b=b,
        active=active,
        supported=active,
        count=counts[here],
        kind=np.where(said, LinkKind.SCALE_UP, LinkKind.SCALE_OUT).astype(np.int8),
        one_ended=np.zeros(len(a), np.bool_),
    )
    findings = [
        *table.findings,
        *rate_findings,
        *count_findings,
        *_told(rows.filter(endless), context, "end", "links lack an end", "they are left out"),
        *_told(rows.filter(looped), context, "loop", "links lead back", "they are left out"),
        *_told(
            rows.filter(gone),
            context,
            "gone",
            "links are disconnected or decommissioned",
            "they are left out",
            Severity.NOTE,
        ),
        *_told(
            rows.filter(~status.is_in([*_PRESENT, *_ABSENT])),
            context,
            "status",
            "links have a status that is not known",
            "they count",
        ),
        *_told(
            rows.filter(~kind.is_in([*_SCALE_UP, *_SCALE_OUT])),
            context,
            "kind",
            "links are of a kind that is not known",
            "they count as data center networking",
        ),
    ]
    return context.observation(nodes=nodes, links=links, findings=tuple(findings))


def _ends(rows: pl.DataFrame) -> tuple[Nodes, NDArray[np.int32], NDArray[np.int32]]:
    both = pl.concat([rows["a"], rows["b"]])
    code = both.rank("dense").cast(pl.Int64).to_numpy() - 1
    names = both.unique().sort()
    nothing = TextColumn(pl.repeat("", len(names), dtype=pl.String, eager=True))
    nodes = Nodes(TextColumn(names), nothing, nothing, np.zeros(len(names), np.int8))
    half = len(rows)
    return nodes, code[:half].astype(np.int32), code[half:].astype(np.int32)


def _rates(rows: pl.DataFrame, context: ReadContext) -> tuple[NDArray[np.int64], list[Finding]]:
    """Return the rate of each link in bit/s; each different spelling is read once."""
    column = rows["gbit_s"]
    read: dict[str, int] = {}
    refused: set[str] = set()
    for text in column.unique().to_list():
        if text.lower() in _UNKNOWN_WORDS:
            read[text] = UNKNOWN_RATE
            continue
        try:
            read[text] = _rate(text)
        except BadInput:
            read[text] = UNKNOWN_RATE
            refused.add(text)
    rates = column.replace_strict(read, return_dtype=pl.Int64).to_numpy()
    bad = rows.filter(column.is_in(list(refused)))
    findings = []
    if len(bad):
        findings.append(
            context.finding(
                "csv-links.rate",
                f"{bad['gbit_s'][0][:60]!r} is no link rate ({len(bad):,} links).",
                mend="Write Gbit/s as a number, or a rate such as 400 Gbit/s.",
                line=int(bad[LINE][0]),
                field="gbit_s",
                effect="their speed is unknown",
            )
        )
    unknown = int((rates == UNKNOWN_RATE).sum()) - len(bad)
    if unknown:
        first = rows.filter(pl.Series(rates == UNKNOWN_RATE) & ~column.is_in(list(refused)))
        findings.append(
            context.finding(
                "csv-links.rate_unknown",
                f"{unknown:,} links have no rate.",
                mend="Add it, in Gbit/s.",
                line=int(first[LINE][0]),
                field="gbit_s",
                effect="their speed is unknown: they may or may not join machines",
            )
        )
    return rates, findings


def _rate(text: str) -> int:
    bits = parse_number(text) * _GBIT if text[-1:].isdigit() else parse_bits_per_second(text)
    if bits <= 0 or bits != int(bits) or bits > 10**18:
        raise bad_input("csv-links.rate", f"{text!r} is no rate.", mend="Write Gbit/s.")
    return int(bits)


def _counts(rows: pl.DataFrame, context: ReadContext) -> tuple[NDArray[np.int32], list[Finding]]:
    given = rows["count"]
    number = given.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    bad = (given != "") & (number.is_null() | (number < 1) | (number > _MOST_LINKS))
    counts = number.set(bad, None).fill_null(1)  # a row is at least the one link it names
    return counts.to_numpy().astype(np.int32), _told(
        rows.filter(bad),
        context,
        "count",
        f"counts of links are no whole number from 1 to {_MOST_LINKS:,}",
        "each is taken as one link",
    )


def _told(
    rows: pl.DataFrame,
    context: ReadContext,
    subject: str,
    what: str,
    effect: str,
    severity: Severity = Severity.WARNING,
) -> list[Finding]:
    if not len(rows):
        return []
    return [
        context.finding(
            f"csv-links.{subject}",
            f"{len(rows):,} {what}.",
            mend="Correct them, the first is on this line.",
            line=int(rows[LINE][0]),
            severity=severity,
            effect=effect,
        )
    ]
