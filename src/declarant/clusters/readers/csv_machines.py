"""Machines as CSV: name, device, count, and what else an inventory knows."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from declarant.clusters.csv_table import LINE, header_of, named_columns, read_table
from declarant.clusters.observation import Machines, Observation, Status
from declarant.clusters.readers.columns import MOST_DEVICES, UNKNOWN_COUNT
from declarant.clusters.readers.registry import ReadContext, Sample, reader
from declarant.clusters.text_column import TextColumn
from declarant.problems import Finding, Severity

COLUMNS = {
    "name": ("machine", "host", "hostname", "host_name", "node", "node_name", "server"),
    "device": ("gpu", "accelerator", "model", "device_name", "gpu_model", "accelerator_model"),
    "count": ("devices", "gpus", "device_count", "gpu_count", "accelerators", "quantity"),
    "site": ("location", "data_center", "datacenter", "campus"),
    "status": ("state",),
    "owner": ("tenant",),
    "date": ("since", "from", "expected", "delivery"),
    "clique": ("scale_up_domain", "nvlink_domain"),
}

STATUS_WORDS = {
    **{status.value: status for status in Status},
    "": Status.UNKNOWN,
    "active": Status.IN_SERVICE,
    "production": Status.IN_SERVICE,
    "running": Status.IN_SERVICE,
    "powered": Status.IN_SERVICE,
    "staged": Status.INSTALLED,
    "offline": Status.INSTALLED,
    "ordered": Status.ON_ORDER,
    "on order": Status.ON_ORDER,
    "leased": Status.RENTED,
    "decommissioned": Status.RETIRED,
    "decommissioning": Status.RETIRED,
}
_DATE = r"^\d{4}-\d{2}-\d{2}$"


def _is_machines(sample: Sample) -> bool:
    header, _ = header_of(sample.head)
    found = named_columns(header, COLUMNS)
    return "name" in found and ("device" in found or "count" in found) and "a" not in header


@reader("csv-machines", shows="machines as CSV", suffixes=(".csv", ".tsv"), sniff=_is_machines)
def read(content: bytes, context: ReadContext) -> Observation:
    """Read one row a machine, or one a kind of device in a machine.

    A count that is left out is unknown, and so is a device; a machine without accelerators has
    count 0.
    """
    table = read_table(content, context, COLUMNS, ("name",))
    rows = table.rows
    nameless = rows.filter(pl.col("name") == "")
    rows = rows.filter(pl.col("name") != "")
    counts, count_findings = _counts(rows, context)
    status, status_findings = _statuses(rows, context)
    dates, date_findings = _dates(rows, context)
    findings = [*table.findings, *count_findings, *status_findings, *date_findings]
    if len(nameless):
        findings.append(
            context.finding(
                "csv-machines.no_name",
                f"{len(nameless)} rows name no machine.",
                mend="Give each machine the name the fabric knows it by.",
                line=int(nameless[LINE][0]),
                effect="they are left out",
            )
        )
    machines = Machines(
        name=TextColumn(rows["name"]),
        device=TextColumn(rows["device"]),
        naming="csv",
        count=counts.to_numpy().astype(np.int64),
        site=TextColumn(rows["site"]),
        status=TextColumn(status),
        owner=TextColumn(rows["owner"]),
        clique=TextColumn(rows["clique"]),
        date=TextColumn(dates) if "date" in table.present else (),
    )
    return context.observation(machines=machines, findings=tuple(findings))


def _counts(rows: pl.DataFrame, context: ReadContext) -> tuple[pl.Series, list[Finding]]:
    whole = rows["count"].str.replace_all(",", "").str.replace(r"\.0+$", "")
    number = whole.cast(pl.Int64, strict=False)
    bad = (rows["count"] != "") & (number.is_null() | (number < 0) | (number > MOST_DEVICES))
    counts = number.set(bad, None).fill_null(UNKNOWN_COUNT)
    return counts, _said(
        rows.filter(bad),
        "count",
        context,
        "is no number of devices",
        "Write a whole number; 0 for a machine without accelerators.",
        "the number of devices there is unknown",
    )


def _statuses(rows: pl.DataFrame, context: ReadContext) -> tuple[pl.Series, list[Finding]]:
    folded = rows["status"].str.to_lowercase()
    words = {word: status.value for word, status in STATUS_WORDS.items()}
    words |= {word.replace("_", " "): status for word, status in tuple(words.items())}
    known = folded.is_in(list(words))
    made = folded.replace_strict(words, default=Status.UNKNOWN.value, return_dtype=pl.String)
    return made, _said(
        rows.filter(~known),
        "status",
        context,
        "is no status",
        f"Known: {', '.join(status.value for status in Status)}.",
        "the status there is unknown, and the machine counts",
    )


def _dates(rows: pl.DataFrame, context: ReadContext) -> tuple[pl.Series, list[Finding]]:
    bad = (rows["date"] != "") & ~rows["date"].str.contains(_DATE)
    bad |= (rows["date"] != "") & rows["date"].str.to_date("%Y-%m-%d", strict=False).is_null()
    return rows["date"].set(bad, ""), _said(
        rows.filter(bad),
        "date",
        context,
        "is no day",
        "Write it like 2027-04-12.",
        "the date there is unknown",
    )


def _said(
    bad: pl.DataFrame, column: str, context: ReadContext, what: str, mend: str, effect: str
) -> list[Finding]:
    if not len(bad):
        return []
    first = re.sub(r"\s+", " ", str(bad[column][0]))[:60]
    more = f" (and {len(bad) - 1:,} more)" if len(bad) > 1 else ""
    return [
        context.finding(
            f"csv-machines.{column}",
            f"{first!r} {what}{more}.",
            mend=mend,
            line=int(bad[LINE][0]),
            field=column,
            severity=Severity.WARNING,
            effect=effect,
        )
    ]
