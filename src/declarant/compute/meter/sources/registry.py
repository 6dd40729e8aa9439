"""The registry of telemetry formats: a reader is a small module in this folder.

A reader turns one file (or a folder of Parquet) into parts: Parquet files that every engine reads,
with what their columns mean. What is Parquet already stays where it is; anything else is written
to the work folder as a stream. To add a format, write a module here:

    @telemetry("dcgm-csv", shows="DCGM metrics as CSV", sniff=_is_csv, suffixes=(".csv",))
    def read(source: Source, folder: Path, known: Known) -> Part:
        ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from declarant.compute.meter.fields import Unit
from declarant.compute.meter.layout import Layout
from declarant.compute.meter.rules import Known
from declarant.compute.readers.source import Source
from declarant.formats import FormatRegistry, Sniff
from declarant.problems import Finding


@dataclass(frozen=True, slots=True)
class Part:
    """Telemetry as Parquet, and what it means.

    Attributes:
        path: the Parquet file.
        shown: the path people gave.
        layout: which column says what.
        units: of each activity, by column (wide) or metric name (long).
        time_unit: "s", "ms", "us" or "ns" since 1970; "" for dates.
        filled: columns that are known to be nowhere empty.
        rows: how many.
        findings: what was noticed.
    """

    path: Path
    shown: str
    layout: Layout
    units: Mapping[str, Unit]
    time_unit: str
    filled: frozenset[str]
    rows: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Telemetry:
    """One registered format of telemetry."""

    name: str
    shows: str
    suffixes: tuple[str, ...]
    sniff: Sniff
    read: Callable[[Source, Path, Known], Part]


FORMATS = FormatRegistry[Telemetry]("declarant.compute.meter.sources")

Decorated = TypeVar("Decorated", bound=Callable[[Source, Path, Known], Part])


def telemetry(
    name: str, *, shows: str, sniff: Sniff, suffixes: tuple[str, ...] = ()
) -> Callable[[Decorated], Decorated]:
    """Register the decorated function as the reader of a format of telemetry."""

    def register(read: Decorated) -> Decorated:
        FORMATS.add(Telemetry(name, shows, suffixes, sniff, read), read.__module__)
        return read

    return register
