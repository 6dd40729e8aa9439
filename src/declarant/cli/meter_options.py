"""What the options of `declarant meter` say, read and checked."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

from declarant.cli.arguments import given_to
from declarant.problems import BadInput, bad_input

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from declarant.compute.meter import Known, Unit
    from declarant.quantities import NumberFormat

_LABELS = ("pod", "namespace", "container", "run")
_DURATION = re.compile(r"(\d{1,7}(?:\.\d{1,3})?)\s*(ms|s|m|min)?", re.ASCII)
_SCALE = {"ms": 1, "s": 1000, "m": 60_000, "min": 60_000}
_MOST_MS = 86_400_000


def known_from(
    number_format: str | None,
    formats: Path | None,
    device: str | None,
    reference_clock: int | None,
    interval: str | None,
    units: Sequence[str],
    zone: str | None,
    run: str | None,
    run_label: str | None,
    run_of_label: Mapping[str, str] | None,
    *,
    has_jobs: bool,
) -> Known:
    """Return what the options say.

    Raises:
        BadInput: when one cannot be read, or two contradict each other.
    """
    from declarant.compute.meter import Known

    ways = [
        name
        for name, given in (("--jobs", has_jobs), ("--run-label", run_label), ("--run", run))
        if given
    ]
    if len(ways) > 1:
        raise _refused(
            f"{' and '.join(ways)} both say whose the work is.", "Give one of them.", ways[1]
        )
    if run_label is not None and run_label not in _LABELS:
        raise _refused(
            f"{run_label!r} is no label of telemetry that is read.",
            f"Give one of: {', '.join(_LABELS)}.",
            "--run-label",
        )
    return Known(
        _formats(number_format, formats),
        device,
        reference_clock,
        _milliseconds(interval),
        dict(_unit(item) for item in units),
        _zone(zone),
        run,
        run_label,
        None if has_jobs else run_of_label,
    )


def read_names(path: Path, columns: tuple[str, str]) -> dict[str, str]:
    """Read a table of two columns, the first naming what the second says.

    Raises:
        BadInput: when a column is missing, a cell is empty, or a name has two meanings.
    """
    from declarant.compute.readers.source import Source

    source = Source(path)
    source.sample()
    lines = (line.decode("utf-8", "replace").lstrip("\ufeff") for _, line in source.lines())
    found: dict[str, str] = {}
    first, second = columns
    try:
        reader = csv.DictReader(lines)
        if not set(columns) <= set(reader.fieldnames or ()):
            raise bad_input(
                "meter.table",
                f"has no columns {first},{second}.",
                mend=f"Let its first line be {first},{second}.",
                file=source.shown,
                line=1,
            )
        for row in reader:
            name, says = (row[first] or "").strip(), (row[second] or "").strip()
            if not name or not says or found.get(name, says) != says:
                raise bad_input(
                    "meter.table",
                    f"{name[:60]!r} has two meanings."
                    if name and says
                    else f"{first} or {second} is empty.",
                    mend="Name each once, with what it means.",
                    file=source.shown,
                    line=reader.line_num,
                )
            found[name] = says
    except csv.Error as error:
        raise bad_input(
            "meter.table",
            f"cannot be read as CSV: {error}.",
            mend="Write it again.",
            file=source.shown,
        ) from None
    return found


def _formats(every: str | None, table: Path | None) -> dict[str, NumberFormat]:
    from declarant.compute.meter import number_format

    found: dict[str, NumberFormat] = {}
    if every is not None:
        with given_to("--number-format"):
            found[""] = number_format(every)
    if table is not None:
        for run, text in read_names(table, ("run", "number_format")).items():
            try:
                found[run] = number_format(text)
            except BadInput as error:
                item = error.findings[0]
                raise bad_input(
                    item.code, item.what, mend=item.mend, file=str(table), field=run
                ) from None
    return found


def _milliseconds(text: str | None) -> int | None:
    if text is None:
        return None
    match = _DURATION.fullmatch(text.strip())
    length = round(float(match[1]) * _SCALE[match[2] or "s"]) if match else 0
    if not 0 < length <= _MOST_MS:
        raise _refused(
            f"{text[:40]!r} is no time up to a day.", "Write it such as 15s or 500ms.", "--interval"
        )
    return length


def _unit(text: str) -> tuple[str, Unit]:
    from declarant.compute.meter import Unit

    column, equals, unit = text.rpartition("=")
    if not equals or not column or unit not in [item.value for item in Unit]:
        raise _refused(
            f"{text[:60]!r} names no column and unit.",
            "Write it such as DCGM_FI_PROF_PIPE_TENSOR_ACTIVE=percent, or activity=ratio for all.",
            "--unit",
        )
    return column, Unit(unit)


def _zone(text: str | None) -> tzinfo | None:
    from zoneinfo import ZoneInfo

    if text is None:
        return None
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise _refused(
            f"{text[:40]!r} is no time zone.", "Write it such as Europe/Berlin or UTC.", "--zone"
        ) from None


def _refused(what: str, mend: str, option: str) -> BadInput:
    return bad_input("meter.option", what, mend=mend, field=option)
