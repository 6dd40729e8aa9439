"""Slurm accounting: `sacct -P`, with or without -X and -D, in any columns with their header.

Counts device-seconds: what AllocTRES allotted x the seconds it was held. That is time of nodes, not
of training. Sources: sacct(1), https://slurm.schedmd.com/sacct.html; TRES,
https://slurm.schedmd.com/tres.html.

Decisions, each shown as a finding where it applies:

- A device that AllocTRES names by type and without is one device.
- Elapsed time holds suspension, unless start and end show that it does not; it is taken off.
- A job that names no device has an unknown number of them: the total is then a lower bound.
- A job that still runs is counted up to the moment sacct looked, and has no end.
- Moments without a zone are read in the zone given, else as UTC. Elapsed time needs no zone, so
  only days can be wrong, by up to 14 hours.
"""

from __future__ import annotations

from collections.abc import Sequence

from declarant.compute.ledger import Method
from declarant.compute.readers.registry import Given, reader
from declarant.compute.readers.slurm.jobs import Jobs
from declarant.compute.readers.slurm.nodes import note_overlaps
from declarant.compute.readers.slurm.notes import Notes
from declarant.compute.readers.slurm.pieces import Capacities, pieces
from declarant.compute.readers.slurm.rows import Remark, Row, columns_of, ends_whole, rows
from declarant.compute.readers.slurm.times import Moments
from declarant.compute.readers.source import Source
from declarant.compute.recording import Recording
from declarant.formats import Sample
from declarant.problems import Finding, Place, Severity

VERSION = "sacct/1"
MOST_PIECES = 10_000
"""Jobs that become a piece each; the smallest of more are summed under their names."""
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_NEEDED = ("alloctres", ("elapsedraw", "elapsed", "end"), "start")


def _is_sacct(sample: Sample) -> bool:
    first = sample.head.lstrip("\ufeff\r\n ").partition("\n")[0]
    return "|" in first and columns_of(first) is not None


@reader("sacct", shows="Slurm accounting, sacct -P", sniff=_is_sacct)
def read(sources: Sequence[Source], given: Given) -> Recording:
    """Read the exports of one accounting database, which may overlap.

    Raises:
        BadInput: when a file has no header.
    """
    notes, moments = Notes(), Moments(given.zone)
    jobs = Jobs(notes, moments)
    findings: list[Finding] = []
    for source in sources:
        last: Row | None = None
        for row in rows(source, _remark(notes, source)):
            jobs.add(row)
            last = row
        findings += [*_missing_columns(source, last), *_cut_off(source)]
    attempts = jobs.finish(given.devices)
    note_overlaps(attempts, notes)
    jobs.fold(MOST_PIECES, settled=True)
    capacities = Capacities(given)
    made = tuple(pieces(jobs.attempts(), jobs.sums.values(), given, capacities))
    total = sum(int(piece.device_seconds.low) for piece in made if piece.device_seconds)
    findings += [*notes.findings(total), *capacities.findings(), *_of_moments(moments, sources)]
    facts = [("jobs", f"{sum(jobs.states.values()):,}")]
    facts += [(f"jobs {state or 'of unknown state'}", f"{n:,}") for state, n in jobs.states.items()]
    if jobs.energy:
        facts.append(("energy consumed, joules", f"{jobs.energy:,}"))
    return Recording(
        "sacct",
        VERSION,
        Method.CHIP_TIME,
        tuple(item for source in sources for item in source.evidence),
        made,
        facts=tuple(facts),
        findings=tuple(sorted(findings, key=lambda item: _ORDER.index(item.severity))),
    )


def _remark(notes: Notes, source: Source) -> Remark:
    def remark(code: str, seen: str, line: int) -> None:
        notes.add(code, "", 0, source.shown, line)

    return remark


def _missing_columns(source: Source, last: Row | None) -> list[Finding]:
    if last is None:
        return [
            Finding(
                "sacct.no_rows",
                "holds a header and no job.",
                Place(source.shown),
                "Check the period (-S, -E), the user (-a) and the partition.",
            )
        ]
    lacking = [
        name
        for names in _NEEDED
        for name in [names if isinstance(names, str) else names[0]]
        if not set([names] if isinstance(names, str) else names) & set(last.fields)
    ]
    effects = {
        "alloctres": "the number of devices is unknown",
        "elapsedraw": "the time is unknown, and no job is counted",
        "start": "no day is known, and attempts of one job cannot be told apart",
    }
    return [
        Finding(
            "sacct.column_missing",
            f"has no column {name}.",
            Place(source.shown),
            "Add it to --format.",
            effect=effects[name],
        )
        for name in lacking
    ]


def _cut_off(source: Source) -> list[Finding]:
    if ends_whole(source):
        return []
    return [
        Finding(
            "sacct.cut_off",
            "does not end with the end of a line, as sacct's output does.",
            Place(source.shown),
            "Export again; the file may have been cut off.",
            effect="the last row may be short of digits, and rows behind it may be missing",
        )
    ]


def _of_moments(moments: Moments, sources: Sequence[Source]) -> list[Finding]:
    where = Place(sources[0].shown)
    found = []
    if moments.without_zone:
        found.append(
            Finding(
                "sacct.zone_unknown",
                f"{moments.without_zone:,} moments have no zone, as sacct prints local time; they "
                "are read as UTC.",
                where,
                "Give the zone, or run sacct with SLURM_TIME_FORMAT=%FT%T%z.",
                effect="no change to device-seconds; starts and ends may be up to 14 hours off, "
                "and so a day",
            )
        )
    if moments.unreadable:
        found.append(
            Finding(
                "sacct.moment_unreadable",
                f"{moments.unreadable:,} moments are in no form known here, such as "
                f"{moments.example!r}.",
                where,
                "Run sacct with SLURM_TIME_FORMAT=%FT%T%z.",
                Severity.WARNING,
                effect="these starts and ends are unknown; elapsed time is counted all the same",
            )
        )
    return found
