"""Machines as CSV: name, device, count, and what else an inventory knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from declarant.clusters.csv_table import Column, CsvTable, header_of, named_columns, read_table
from declarant.clusters.observation import Machines, Observation, Status
from declarant.clusters.readers.columns import MOST_DEVICES, UNKNOWN_COUNT
from declarant.clusters.readers.registry import ReadContext, reader
from declarant.clusters.text_column import TextColumn
from declarant.formats import Sample
from declarant.problems import Finding

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
    "order": Status.ON_ORDER,
    "leased": Status.RENTED,
    "decommissioned": Status.RETIRED,
    "decommissioning": Status.RETIRED,
}


def _is_machines(sample: Sample) -> bool:
    header, _ = header_of(sample.head)
    found = named_columns(header, COLUMNS)
    return "name" in found and ("device" in found or "count" in found) and "a" not in header


@reader("csv-machines", shows="machines as CSV", suffixes=(".csv", ".tsv"), sniff=_is_machines)
def read(content: bytes, context: ReadContext) -> Observation:
    """Read one row a machine, or one a kind of device in a machine.

    A count that is left out is unknown, and so is a device; a machine without accelerators has
    count 0. Rows of one machine and one device add up.

    Raises:
        BadInput: when the column of names is missing, or a row does not fit the header.
    """
    table = read_table(content, context, COLUMNS, ("name",))
    findings = list(table.findings)
    name = table["name"]
    remark = name.where(lambda text: text.startswith("#"))
    nameless = (name.code == 0) & ~_empty_rows(table)
    kept = (name.code != 0) & ~remark

    def say(
        rows: NDArray[np.bool_], column: str, what: str, mend: str, effect: str, code: str = ""
    ) -> None:
        places = np.flatnonzero(rows & ~remark)
        if len(places):
            first = table[column].texts[int(table[column].code[places[0]])]
            more = f" (and {len(places) - 1:,} more)" if len(places) > 1 else ""
            findings.append(
                context.finding(
                    f"csv-machines.{code or column}",
                    f"{first[:60]!r} {what}{more}.",
                    mend=mend,
                    line=table.line(int(places[0])),
                    field=column,
                    effect=effect,
                )
            )

    say(
        nameless,
        "name",
        "names no machine",
        "Give each machine the name the fabric knows it by.",
        "the row is left out",
        "no_name",
    )
    say(
        table["count"].where(lambda text: text != "" and _count(text) is None),
        "count",
        "is no number of devices",
        "Write a whole number; 0 for a machine without accelerators.",
        "the number of devices there is unknown",
    )
    say(
        table["status"].where(lambda text: _status(text) is None),
        "status",
        "is no status",
        f"Known: {', '.join(status.value for status in Status)}.",
        "the status there is unknown, and the machine counts",
    )
    say(
        table["date"].where(lambda text: text != "" and not _is_day(text)),
        "date",
        "is no day",
        "Write it like 2027-04-12.",
        "the date there is unknown",
    )
    findings += _repeated(table, kept, context)
    count = table["count"].numbers(
        lambda text: UNKNOWN_COUNT if _count(text) is None else _known(text)
    )
    return context.observation(
        machines=Machines(
            name=_texts(name, kept),
            device=_texts(table["device"], kept),
            naming="csv",
            count=count[kept],
            site=_texts(table["site"], kept),
            status=_texts(_mapped(table["status"], _status_or_unknown), kept),
            owner=_texts(table["owner"], kept),
            clique=_texts(table["clique"], kept),
            date=_texts(_mapped(table["date"], _day_or_nothing), kept)
            if "date" in table.present
            else (),
        ),
        findings=tuple(findings),
    )


def _texts(column: Column, kept: NDArray[np.bool_]) -> TextColumn:
    return TextColumn(column.rows(kept).series())


def _mapped(column: Column, meant: Callable[[str], str]) -> Column:
    return Column(column.code, pl.Series([meant(text) for text in column.texts.to_list()]))


def _count(text: str) -> int | None:
    digits = text.replace(",", "").removesuffix(".0")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        return None
    return int(digits) if int(digits) <= MOST_DEVICES else None


def _known(text: str) -> int:
    return _count(text) or 0


def _status(text: str) -> Status | None:
    return STATUS_WORDS.get(text.lower().replace(" ", "_").replace("-", "_"))


def _status_or_unknown(text: str) -> str:
    return (_status(text) or Status.UNKNOWN).value


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _day_or_nothing(text: str) -> str:
    return text if _is_day(text) else ""


def _empty_rows(table: CsvTable) -> NDArray[np.bool_]:
    empty = np.ones(len(table["name"].code), np.bool_)
    for column in table.columns.values():
        empty &= column.code == 0
    return empty


def _repeated(
    table: CsvTable, kept: NDArray[np.bool_], context: ReadContext
) -> tuple[Finding, ...]:
    """Return a finding when rows repeat a machine with the same device: they add up."""
    rows = np.flatnonzero(kept)
    pair = table["name"].code[rows].astype(np.int64) << 32 | table["device"].code[rows]
    order = np.argsort(pair, kind="stable")
    again = order[1:][pair[order][1:] == pair[order][:-1]]
    if not len(again):
        return ()
    row = int(rows[again.min()])
    machine = table["name"].texts[int(table["name"].code[row])]
    return (
        context.finding(
            "csv-machines.repeated",
            f"{len(again):,} rows name a machine and a device once more, {machine!r} first.",
            mend="Keep one row for each, unless each row stands for further devices.",
            line=table.line(row),
            effect="their devices add up",
        ),
    )
