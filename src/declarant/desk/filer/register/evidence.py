"""Evidence comes in, is replaced by a newer upload, or is taken out; what was there stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.filer.register.fingerprinting import register_change
from declarant.desk.filer.register.models import EvidenceFile, FileUse, name_of_actor
from declarant.desk.filer.register.paths import in_the_way, why_not
from declarant.desk.filer.register.recognising import refused
from declarant.desk.vault.models import StoredFile
from declarant.desk.work.jobs import enqueue
from declarant.problems import BadInput, bad_input

RECOGNISE = "register.recognise"


def add_evidence(
    actor: Any,
    path: str,
    file: StoredFile,
    *,
    evidence_date: date | None = None,
    note: str = "",
) -> EvidenceFile:
    """Put a stored file under a path of the register; return its row.

    The same bytes under the same path again are no new version: the row that is there is returned.

    Raises:
        BadInput: when the path is no path inside the register, or the file is of no known kind.
    """
    problem = why_not(path) or refused(file.path, path.rpartition("/")[2])
    if problem is not None:
        raise BadInput((problem,))
    with register_change(actor, "register.evidence.uploaded", f"evidence:{path}") as (
        entry,
        _state,
    ):
        held = EvidenceFile.objects.filter(current=True)
        problem = in_the_way(path, list(held.values_list("path", flat=True)))
        if problem is not None:
            raise BadInput((problem,))
        same = held.filter(path=path, file=file).first()
        if same is not None and same.evidence_date == (evidence_date or same.evidence_date):
            entry.note(unchanged=True, sha256=file.sha256)
            return same
        row = write_evidence(
            path, file, who=name_of_actor(actor), evidence_date=evidence_date, note=note
        )
        enqueue(RECOGNISE, actor, subject=row.subject, evidence=row.pk)
        entry.note(
            version=row.number,
            sha256=file.sha256,
            size=file.size,
            evidence_date=evidence_date.isoformat() if evidence_date else None,
            **({"note": note} if note else {}),
        )
    return row


def write_evidence(
    path: str,
    file: StoredFile,
    *,
    who: str,
    evidence_date: date | None = None,
    note: str = "",
) -> EvidenceFile:
    """Write the row of a new upload; the caller has checked it, and opened the change."""
    before = EvidenceFile.objects.filter(path=path)
    last = before.aggregate(last=Max("number"))["last"] or 0
    before.filter(current=True).update(current=False)
    return EvidenceFile.objects.create(
        path=path,
        number=last + 1,
        file=file,
        evidence_date=evidence_date,
        uploaded=timezone.now(),
        uploaded_by=who,
        note=note[:500],
    )


def remove_evidence(actor: Any, row: EvidenceFile, *, why: str) -> None:
    """Take a file out of the register; the upload stays in its history.

    Raises:
        BadInput: while a record names it.
    """
    with register_change(actor, "register.evidence.removed", row.subject) as (entry, _state):
        users = used_by([row.path]).get(row.path, [])
        alone = [use for use in users if _needs(use, row.path)]
        if alone:
            names = ", ".join(dict.fromkeys(str(use.record) for use in alone[:5]))
            raise bad_input(
                "evidence.in_use",
                _("%(path)s is named by %(names)s.") % {"path": row.path, "names": names},
                mend=_("Take it out of the record first, or upload a newer file under this path."),
                field="path",
            )
        EvidenceFile.objects.filter(path=row.path, current=True).update(current=False)
        entry.note(version=row.number, sha256=row.file.sha256, why=why)


def used_by(paths: Iterable[str]) -> dict[str, list[FileUse]]:
    """Return what names each of the paths, itself or a folder it lies in; two queries for all."""
    asked = list(paths)
    around = {path: _with_folders(path) for path in asked}
    wanted = {item for held in around.values() for item in held}
    uses: dict[str, list[FileUse]] = {}
    for use in FileUse.objects.filter(path__in=wanted).select_related("record").order_by("pk"):
        uses.setdefault(use.path, []).append(use)
    return {
        path: [use for item in held for use in uses.get(item, [])] for path, held in around.items()
    }


def duplicates(file: StoredFile, path: str) -> list[str]:
    """Return the other paths under which the same bytes stand now."""
    held = EvidenceFile.objects.filter(current=True, file=file).exclude(path=path)
    return list(held.values_list("path", flat=True)[:10])


def _needs(use: FileUse, path: str) -> bool:
    """Whether a record would name nothing without the file: a folder may hold others."""
    if use.path == path:
        return True
    beginning = f"{use.path}/"
    others = EvidenceFile.objects.filter(current=True, path__startswith=beginning)
    return not others.exclude(path=path).exists()


def _with_folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:n]) for n in range(len(parts), 0, -1)]
