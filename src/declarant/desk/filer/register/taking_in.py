"""Writing what an import brings: records as versions, files as evidence, and a manifest of all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from declarant.desk.audit import Change
from declarant.desk.filer.register.evidence import write_evidence
from declarant.desk.filer.register.models import Act, EvidenceFile, Record
from declarant.desk.filer.register.paths import in_the_way
from declarant.desk.filer.register.planning import (
    CHANGED,
    NEW,
    SAME,
    Plan,
    check_union,
    compare_files,
    planned,
)
from declarant.desk.filer.register.recording import write_record
from declarant.desk.filer.register.sources import Contents
from declarant.desk.vault import store_bytes
from declarant.desk.vault.models import StoredFile
from declarant.problems import BadInput

Advance = Callable[[int, int, str], None]
_LISTED = 200  # records that the audit log names; all stand in the stored manifest


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import did: records and files by what became of them."""

    records: dict[str, int]
    files: dict[str, int]

    @property
    def changes(self) -> int:
        """How many things are not as they were."""
        return sum(
            count
            for held in (self.records, self.files)
            for act, count in held.items()
            if act != SAME
        )


def take_in(
    records: list[tuple[str, Any]],
    files: Mapping[str, str],
    with_removals: bool,
    entry: Change,
    who: str,
    advance: Advance,
) -> Summary:
    """Write everything, inside the open change; compare anew, since its lock is held now.

    Args:
        records: kind and content of each, in order.
        files: SHA-256 of each stored file, by path.
        with_removals: take out what the desk has and the folder has not.
        entry: the entry of the audit log.
        who: kept with every version.
        advance: called as advance(done, total, text).

    Raises:
        BadInput: when records or paths do not fit with what stays.
    """
    plan = planned(_Held(files), records)
    compare_files(plan, files)
    kept = [] if with_removals else plan.removed
    check_union(
        [(item.kind, item.content) for item in plan.records]
        + [(row.kind, row.content) for row in kept]
    )
    now = timezone.now()
    acts: dict[str, list[str]] = {}
    shown = len(plan.records)
    for number, item in enumerate(plan.records):
        if number % 20 == 0:
            advance(number, shown, "")
        acts.setdefault(item.act, []).append(f"{item.kind}:{item.key}")
        if item.act == SAME and item.row is not None:
            Record.objects.filter(pk=item.row.pk).update(position=number)
            continue
        row = item.row or Record.objects.filter(kind=item.kind, key=item.key).first()
        write_record(
            item.kind,
            item.content,
            row,
            act=Act.IMPORTED,
            who=who,
            when=now,
            position=number,
        )
    for number, row in enumerate(kept, shown):
        Record.objects.filter(pk=row.pk).update(position=number)
    if with_removals:
        for row in plan.removed:
            acts.setdefault("removed", []).append(row.subject)
            write_record(
                row.kind, row.content, row, act=Act.REMOVED, who=who, when=now, why="import"
            )
    counts = _files_written(plan, files, with_removals, who)
    manifest = json.dumps({"records": acts, "files": dict(files)}, ensure_ascii=False).encode()
    kept_manifest = store_bytes(manifest, name="manifest of an import")
    entry.note(
        records={act: len(names) for act, names in acts.items()},
        changed=[name for act, names in acts.items() if act != SAME for name in names][:_LISTED],
        files=counts,
        manifest={"sha256": kept_manifest.sha256},
    )
    return Summary({act: len(names) for act, names in acts.items()}, counts)


def _files_written(
    plan: Plan, files: Mapping[str, str], with_removals: bool, who: str
) -> dict[str, int]:
    stored = {row.sha256: row for row in StoredFile.objects.filter(sha256__in=set(files.values()))}
    current = EvidenceFile.objects.filter(current=True)
    if with_removals:
        current.filter(path__in=plan.files_removed).update(current=False)
    held = list(current.values_list("path", flat=True))
    changed = [path for path, act in plan.files.items() if act in (NEW, CHANGED)]
    problems = [found for path in changed if (found := in_the_way(path, held)) is not None]
    if problems:
        raise BadInput(tuple(problems))
    for path in changed:
        write_evidence(path, stored[files[path]], who=who)
    counts: dict[str, int] = {}
    for act in plan.files.values():
        counts[act] = counts.get(act, 0) + 1
    if with_removals and plan.files_removed:
        counts["removed"] = len(plan.files_removed)
    return counts


class _Held(Contents):
    """A folder whose files are stored already."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.root, self.left_out, self.register = "", [], b""
        self.entries = dict.fromkeys(files, 0)

    def files(self, wanted: Any) -> Any:
        return iter(())
