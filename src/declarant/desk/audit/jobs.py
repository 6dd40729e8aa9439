"""Work in the background: verifying the log, exporting it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from declarant.desk.audit.exporting import export
from declarant.desk.audit.verifying import verify_desk
from declarant.desk.work.jobs import Task, job

VERIFY, EXPORT = "audit.verify", "audit.export"
SUBJECT = "audit:log"
_MOST_FINDINGS = 100  # kept with the result; the command line shows all
_KEPT_EXPORTS = 5


@job(VERIFY)
def verify(task: Task) -> dict[str, Any]:
    """Verify the log and the stored files."""

    def progress(done: int, total: int, files: bool) -> None:
        task.progress(done, total, _("Comparing stored files") if files else _("Reading entries"))

    result = verify_desk(progress).as_json()
    result["findings_left_out"] = max(0, len(result["findings"]) - _MOST_FINDINGS)
    result["findings"] = result["findings"][:_MOST_FINDINGS]
    return result


@job(EXPORT)
def export_log(task: Task, by: str) -> dict[str, Any]:
    """Write the log into a ZIP file in HOME/exports, named by the job."""
    place = export_file(str(task.row.pk))
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        folder = Path(scratch) / "audit-log"
        size = export(folder, by, lambda done, total: task.progress(done, total, _("Writing")))
        packed = shutil.make_archive(str(Path(scratch) / "packed"), "zip", scratch, folder.name)
        Path(packed).replace(place)
    for old in sorted(place.parent.glob("*.zip"), key=_written)[:-_KEPT_EXPORTS]:
        old.unlink(missing_ok=True)
    return {"entries": size, "bytes": place.stat().st_size}


def export_file(job_id: str) -> Path:
    """Return where the export of a job lies."""
    home: Path = settings.DESK.home
    return home / "exports" / f"{job_id}.zip"


def _written(file: Path) -> float:
    return file.stat().st_mtime
