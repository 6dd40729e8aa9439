"""Machines that several inventories describe: where they agree, and what may be where not.

Two inventories agree on a machine when they say the same devices in the same number, under
whatever names; one whose name is ambiguous agrees with one whose name is one of its devices. A file
that names no device, or no number, says nothing against one that does. Where two disagree, either
may be right. Where one name stands at two sites, there may be two machines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from declarant.clusters.evidence import Evidence
from declarant.clusters.machine_names import Numbering
from declarant.hardware import match_device
from declarant.problems import Finding, Place, Severity

Content = tuple[tuple[int, int], ...]
"""(kind of device, number; -1 unknown) of one machine as one file says."""

Names = Sequence[tuple[str, str]]
"""(naming, device as printed) of each kind."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Rows with one file, or one open choice, for each machine.

    Attributes:
        rows: `machine`, `kind`, `count`; a kind from the number of kinds on is an open choice.
        choices: what each open choice may be.
    """

    rows: pl.DataFrame
    choices: tuple[tuple[Content, ...], ...]
    findings: tuple[Finding, ...]


def settle_inventories(
    rows: pl.DataFrame, kinds: Names, evidence: Sequence[Evidence], numbering: Numbering
) -> Settled:
    """Return what each machine holds, from rows of `file`, `machine`, `kind`, `count`, `site`."""
    columns = ["machine", "kind", "count"]
    shared = rows.filter(pl.col("file").n_unique().over("machine") > 1)
    if not len(shared):
        return Settled(rows.select(columns), (), ())
    said = _patterns(shared)
    patterns = said.unique(["said", "sites"], maintain_order=True).select("said", "sites")
    files: list[int] = []
    choices: list[tuple[Content, ...]] = []
    for text, sites in patterns.iter_rows():
        found = _choose(_read(text), kinds, two_sites=sites > 1)
        files.append(found if isinstance(found, int) else -1 - len(choices))
        if not isinstance(found, int):
            choices.append(found)
    chosen = said.join(
        patterns.with_columns(pl.Series("chosen", files, pl.Int64)), on=["said", "sites"]
    ).sort("machine")
    kept = rows.join(chosen.select("machine", "chosen"), on="machine", how="left").filter(
        pl.col("chosen").is_null() | (pl.col("chosen") == pl.col("file"))
    )
    disputed = chosen.filter(pl.col("chosen") < 0)
    open_rows = disputed.select(
        "machine", (len(kinds) - 1 - pl.col("chosen")).alias("kind"), pl.lit(1).alias("count")
    ).cast({name: rows.schema[name] for name in columns})
    return Settled(
        pl.concat([kept.select(columns), open_rows]),
        tuple(choices),
        (
            *_disagree(disputed.filter(pl.col("sites") < 2), kinds, evidence, numbering),
            *_two_sites(said.filter(pl.col("sites") > 1), shared, evidence, numbering),
        ),
    )


def in_words(content: Content, kinds: Names) -> str:
    """Return "8 x H100 SXM"."""
    told = [
        f"{'?' if count < 0 else count} x {kinds[kind][1] or 'unnamed device'}"
        for kind, count in content
    ]
    return " and ".join(told)


def _patterns(shared: pl.DataFrame) -> pl.DataFrame:
    """Return `machine`, what all files say of it (`said`), and at how many `sites` it stands."""
    unknown = (pl.col("count") < 0).any()
    totals = (
        shared.group_by("machine", "file", "kind")
        .agg(pl.when(unknown).then(-1).otherwise(pl.col("count").sum()).alias("count"))
        .sort("machine", "file", "kind")
    )
    by_file = totals.group_by("machine", "file", maintain_order=True).agg(
        pl.format("{}:{}", "kind", "count").str.join(",").alias("said")
    )
    by_machine = by_file.group_by("machine", maintain_order=True).agg(
        pl.format("{}={}", "file", "said").str.join(";").alias("said")
    )
    sites = shared.group_by("machine").agg(
        pl.col("site").filter(pl.col("site") != "").n_unique().cast(pl.Int64).alias("sites")
    )
    return by_machine.join(sites, on="machine").sort("machine")


def _read(said: str) -> list[tuple[int, Content]]:
    read = []
    for part in said.split(";"):
        file, _, content = part.partition("=")
        pairs = (pair.split(":") for pair in content.split(","))
        read.append((int(file), tuple((int(kind), int(count)) for kind, count in pairs)))
    return read


def _choose(
    told: list[tuple[int, Content]], kinds: Names, *, two_sites: bool
) -> int | tuple[Content, ...]:
    """Return the file whose word counts, or everything that the machine may hold."""
    if two_sites:
        both = tuple(pair for _, content in told for pair in content)
        return (*(content for _, content in told), both)
    clear = [
        (file, content)
        for file, content in told
        if all(count >= 0 and kinds[kind][1] for kind, count in content)
    ]
    kept: list[tuple[int, Content]] = []
    for file, content in clear:
        if any(_within(other, content, kinds) for _, other in kept):
            continue
        kept = [item for item in kept if not _within(content, item[1], kinds)]
        kept.append((file, content))
    if len(kept) > 1:
        return tuple(content for _, content in kept)
    return kept[0][0] if kept else told[0][0]


def _within(narrow: Content, wide: Content, kinds: Names) -> bool:
    """Return whether both say the same, `narrow` perhaps with a clearer name."""
    one, other = _meaning(narrow, kinds), _meaning(wide, kinds)
    if one == other:
        return True
    if len(one) != 1 or len(other) != 1:
        return False
    ((ids, units),), ((more_ids, more_units),) = one.items(), other.items()
    return units == more_units and ids < more_ids and bool(ids)


def _meaning(content: Content, kinds: Names) -> dict[frozenset[str], Fraction]:
    """Return how many devices of which a content means; a name nobody knows means itself."""
    meant: dict[frozenset[str], Fraction] = {}
    for kind, count in content:
        naming, name = kinds[kind]
        match = match_device(name, naming)
        ids = frozenset(device.id for device in match.devices) or frozenset([f"?{name.lower()}"])
        if count:
            meant[ids] = meant.get(ids, Fraction(0)) + match.per_name * count
    return meant


def _files(said: pl.Series, evidence: Sequence[Evidence]) -> Place:
    numbers = sorted({file for text in said.unique() for file, _ in _read(text)})
    return Place(", ".join(evidence[number].observation.path for number in numbers))


def _disagree(
    disputed: pl.DataFrame, kinds: Names, evidence: Sequence[Evidence], numbering: Numbering
) -> tuple[Finding, ...]:
    if not len(disputed):
        return ()
    name = numbering.machines[disputed["machine"][0]]
    told = "; ".join(
        f"{in_words(content, kinds)} in {evidence[file].observation.path}"
        for file, content in _read(disputed["said"][0])
    )
    return (
        Finding(
            "cluster.inventories_disagree",
            f"{len(disputed)} machines hold different devices in different files, {name} among "
            f"them: {told}.",
            _files(disputed["said"], evidence),
            "Correct the file that is out of date.",
            Severity.WARNING,
            "the peak spans what the files say",
        ),
    )


def _two_sites(
    twice: pl.DataFrame, shared: pl.DataFrame, evidence: Sequence[Evidence], numbering: Numbering
) -> tuple[Finding, ...]:
    if not len(twice):
        return ()
    first = twice["machine"][0]
    sites = shared.filter((pl.col("machine") == first) & (pl.col("site") != ""))["site"]
    return (
        Finding(
            "cluster.one_name_two_sites",
            f"{len(twice)} machine names stand in inventories of different sites, "
            f"{numbering.machines[first]} among them ({', '.join(sites.unique().sort())}): one "
            "machine, or two of one name.",
            _files(twice["said"], evidence),
            "Write full names (name.site) where they are two machines, or one site where they are "
            "one.",
            Severity.WARNING,
            "the lower bound counts one of them, the upper bound both",
        ),
    )
