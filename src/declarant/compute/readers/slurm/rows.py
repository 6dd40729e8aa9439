"""Rows of `sacct -P`: columns by the names in the header, in any order and selection.

sacct writes one line a job, a step or (with -D) an attempt, fields parted by `|`. Nothing is
quoted: a `|` in a job's name makes a row longer than the header, and the surplus is taken back
into the name. Source: sacct(1), https://slurm.schedmd.com/sacct.html.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from declarant.compute.readers.source import Source
from declarant.problems import BadInput, bad_input

COLUMNS = (
    *("jobid", "jobidraw", "jobname", "user", "account", "partition", "state", "submit", "start"),
    *("end", "elapsedraw", "elapsed", "suspended", "nnodes", "nodelist", "alloctres", "restarts"),
    *("consumedenergyraw", "cluster"),
)
"""Those that are read, in lower case."""

_JOB = re.compile(
    r"(\d{1,18}(?:_(?:\d{1,9}|\[[^\]]{1,200}\]))?(?:\+\d{1,6})?)(?:\.(.{1,200}))?", re.A
)
_CLOCK = re.compile(r"(?:(\d{1,6})-)?(?:(\d{1,6}):)?(\d{1,6}):(\d{1,2})(?:\.\d{1,9})?", re.A)
_WHOLE = re.compile(r"\d{1,12}", re.A)
_MAY_BE_HEADER = "JobID"  # as sacct writes it; only the first header may be written otherwise
_NOTHING = {"", "unknown", "none", "n/a", "invalid", "(null)"}

Remark = Callable[[str, str, int], None]
"""Called as remark(code, what was seen, line)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line.

    Attributes:
        line: its number (from 1).
        file: the path as people gave it.
        job: the job's number, of an array task or a component its own ("123", "123_4", "123+1"),
            behind its cluster where the rows name it ("alpha:123"): numbers are only unique in one.
        shown: the number as users know it (JobID where JobIDRaw is there as well).
        step: "batch", "extern", "0"; "" for the job itself.
        fields: the text of every column that is read, "" where the column is missing.
    """

    line: int
    file: str
    job: str
    shown: str
    step: str
    fields: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields.get(column, "")


def columns_of(line: str) -> list[str] | None:
    """Return the columns of a header in lower case; None when the line is none."""
    names = [name.strip().lower() for name in line.lstrip("\ufeff").rstrip("\r\n").split("|")]
    if names and names[-1] == "":  # sacct -p ends every line with a bar
        names.pop()
    known = set(names) & set(COLUMNS)
    has_job = bool(known & {"jobid", "jobidraw"})
    return names if has_job and len(known) >= 2 and len(set(names)) == len(names) else None


def rows(source: Source, remark: Remark) -> Iterator[Row]:
    """Yield the rows of one file; `remark` is told what is passed over.

    Raises:
        BadInput: when there is no header.
    """
    columns: list[str] | None = None
    for number, raw in source.lines():
        line = raw.decode("utf-8", "replace")
        if not line.strip():
            continue
        header = columns_of(line) if columns is None or _MAY_BE_HEADER in line else None
        if header is not None:  # exports put one behind the other repeat it
            columns = header
            continue
        if columns is None:
            raise _no_header(source, number)
        fields = _fields(line, columns)
        row = None if fields is None else _row(fields, number, source.shown)
        if row is None:
            remark("sacct.row_damaged", line[:80], number)
        else:
            yield row
    if columns is None:
        raise _no_header(source, None)


def seconds(text: str) -> int | None:
    """Read `93784`, `1-02:03:04`, `02:03:04` or `03:04` (minutes, seconds); None otherwise."""
    if _WHOLE.fullmatch(text):
        return int(text)
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def whole(text: str) -> int | None:
    """Read a count; None when there is none."""
    return int(text) if _WHOLE.fullmatch(text) else None


def is_nothing(text: str) -> bool:
    """Whether sacct says that it does not know, or that there is none."""
    return text.strip().lower() in _NOTHING


def ends_whole(source: Source) -> bool:
    """Whether the file ends with the end of a line; packed files are taken to (they have a sum)."""
    with source.path.open("rb") as content:
        if content.read(2) == b"\x1f\x8b":
            return True
        if not content.seek(0, os.SEEK_END):
            return True
        content.seek(-1, os.SEEK_END)
        return content.read(1) == b"\n"


def _no_header(source: Source, line: int | None) -> BadInput:
    return bad_input(
        "sacct.no_header",
        "the first line does not name the columns.",
        mend="Run sacct with -P and without -n (--noheader).",
        file=source.shown,
        line=line,
    )


def _fields(line: str, columns: list[str]) -> dict[str, str] | None:
    parts = line.split("|")
    if len(parts) == len(columns) + 1 and parts[-1] == "":
        parts.pop()
    surplus = len(parts) - len(columns)
    if surplus > 0 and "jobname" in columns:
        at = columns.index("jobname")
        parts[at : at + surplus + 1] = ["|".join(parts[at : at + surplus + 1])]
    if len(parts) != len(columns):
        return None
    return {name: part.strip() for name, part in zip(columns, parts, strict=True)}


def _row(fields: dict[str, str], number: int, file: str) -> Row | None:
    match = _JOB.fullmatch(fields.get("jobidraw") or fields.get("jobid") or "")
    if match is None:
        return None
    shown = _JOB.fullmatch(fields.get("jobid", ""))
    kept = {name: fields[name] for name in COLUMNS if name in fields}
    cluster = fields.get("cluster", "")
    job = f"{cluster}:{match[1]}" if cluster else match[1]
    return Row(number, file, job, shown[1] if shown else match[1], match[2] or "", kept)
