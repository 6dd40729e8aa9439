"""Background work of the register."""

from __future__ import annotations

from typing import Any

from declarant.desk.audit import change
from declarant.desk.filer.register.evidence import RECOGNISE
from declarant.desk.filer.register.importing import (
    APPLY,
    EXAMINE,
    apply_import,
    examine_import,
)
from declarant.desk.filer.register.models import EvidenceFile, Import
from declarant.desk.filer.register.recognising import recognised
from declarant.desk.work.jobs import Cancelled, Task, job
from declarant.problems import BadInput


@job(RECOGNISE)
def recognise(task: Task, evidence: int | None = None) -> dict[str, Any]:
    """Find out from its content which reader knows a file; without one, of all new files."""
    waiting = EvidenceFile.objects.select_related("file").order_by("pk")
    waiting = (
        waiting.filter(current=True, recognised__isnull=True)
        if evidence is None
        else waiting.filter(pk=evidence)
    )
    rows = list(waiting)
    found: dict[int, list[dict[str, str]]] = {}
    for number, row in enumerate(rows):
        task.progress(number, len(rows), row.path)
        found[row.pk] = [
            {"room": item.room, "format": item.format, "shows": item.shows}
            for item in recognised(row.file.path, row.name)
        ]
    if found:
        subject = rows[0].subject if len(rows) == 1 else "register"
        with change("worker", "register.evidence.recognised", subject) as entry:
            for row in rows:
                EvidenceFile.objects.filter(pk=row.pk).update(recognised=found[row.pk])
            entry.note(
                formats={
                    row.path: ", ".join(item["format"] for item in found[row.pk])
                    for row in rows[:200]
                }
            )
    return {"files": len(found)}


@job(EXAMINE)
def examine(task: Task, import_id: int) -> dict[str, Any]:
    """Look at an archive that was uploaded, and say what taking it in would change."""
    row = Import.objects.select_related("archive").get(pk=import_id)
    if row.state == Import.State.RECEIVED:
        examine_import(row, task.progress)
        row.refresh_from_db()
    return {"state": row.state}


@job(APPLY)
def apply(task: Task, import_id: int, actor_name: str) -> dict[str, Any]:
    """Take in a folder that somebody confirmed; when it cannot be, let it be confirmed again."""
    row = Import.objects.select_related("archive").get(pk=import_id)
    actor = task.row.asked_by or actor_name
    try:
        summary = apply_import(row, actor, task.progress)
    except (BadInput, Cancelled) as error:
        found = [item.as_json() for item in error.findings] if isinstance(error, BadInput) else []
        outdated = any(item["code"] == "import.outdated" for item in found)
        with change("worker", "register.import.put_off", f"import:{row.pk}") as entry:
            entry.note(findings=[item["code"] for item in found])
            Import.objects.filter(pk=row.pk).update(
                state=Import.State.RECEIVED if outdated else Import.State.READY, findings=found
            )
        if outdated:
            row.refresh_from_db()
            examine_import(row, task.progress, found)
        raise
    return {"records": summary.records, "files": summary.files}
