"""Taking a register folder in: looked at first, then, once confirmed, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from declarant.desk.audit import change
from declarant.desk.filer.register.archives import archive_contents
from declarant.desk.filer.register.evidence import RECOGNISE
from declarant.desk.filer.register.fingerprinting import fingerprint, register_change
from declarant.desk.filer.register.models import (
    Import,
    name_of_actor,
)
from declarant.desk.filer.register.planning import (
    Plan,
    compare_files,
    files_missing,
    planned,
    read_register,
)
from declarant.desk.filer.register.recognising import refused
from declarant.desk.filer.register.sources import Contents, Folder
from declarant.desk.filer.register.taking_in import Advance, Summary, take_in
from declarant.desk.vault import store
from declarant.desk.vault.models import StoredFile
from declarant.desk.work.jobs import enqueue
from declarant.problems import BadInput, bad_input

EXAMINE, APPLY = "register.examine", "register.apply"


@dataclass(frozen=True, slots=True)
class Examined:
    """A folder that was looked at and may be taken in."""

    records: list[tuple[str, Any]]
    files: dict[str, str]
    plan: Plan


def receive(actor: Any, archive: StoredFile, name: str) -> Import:
    """Note an archive that was uploaded, and have it looked at in the background."""
    with change(actor, "register.import.received", f"file:{archive.sha256}") as entry:
        row = Import.objects.create(
            name=name[:300],
            archive=archive,
            received=timezone.now(),
            received_by=name_of_actor(actor),
        )
        row.job = enqueue(EXAMINE, actor, subject=f"import:{row.pk}", import_id=row.pk)
        row.save(update_fields=["job"])
        entry.subject = f"import:{row.pk}"
        entry.note(name=row.name, sha256=archive.sha256, size=archive.size)
    return row


def confirm(actor: Any, row: Import, *, with_removals: bool) -> Import:
    """Have a folder that was looked at taken in, in the background.

    Raises:
        BadInput: when it is not ready, or the register changed since it was looked at; then it is
            looked at again.
    """
    with change(actor, "register.import.confirmed", f"import:{row.pk}") as entry:
        row = Import.objects.select_for_update().get(pk=row.pk)
        if row.state != Import.State.READY:
            raise bad_input(
                "import.not_ready",
                "this import cannot be confirmed now.",
                mend="Look at its state.",
            )
        row.state, row.with_removals = Import.State.APPLYING, with_removals
        row.job = enqueue(
            APPLY,
            actor,
            subject=f"import:{row.pk}",
            import_id=row.pk,
            actor_name=name_of_actor(actor),
        )
        row.save(update_fields=["state", "with_removals", "job"])
        entry.note(with_removals=with_removals)
    return row


def discard(actor: Any, row: Import) -> None:
    """Leave a folder that was looked at alone; it stays listed."""
    with change(actor, "register.import.discarded", f"import:{row.pk}") as entry:
        held = Import.objects.select_for_update().get(pk=row.pk)
        entry.note(state=held.state)
        if held.is_open:
            Import.objects.filter(pk=row.pk).update(state=Import.State.DISCARDED)


def examine(contents: Contents, shown: str, advance: Advance) -> Examined:
    """Look at a folder: read its register, store the files it names, say what would change.

    Raises:
        BadInput: with everything that keeps it from being taken in.
    """
    records = read_register(contents, shown)
    problems = files_missing(records, contents.entries, shown)
    if problems:
        raise BadInput(tuple(problems))
    plan = planned(contents, records)
    total, done = sum(plan.wanted.values()), 0
    stored: dict[str, str] = {}
    for path, chunks in contents.files(plan.wanted):
        advance(done, total, path)
        file = store(chunks, name=path)
        problem = refused(file.path, path)
        if problem is not None:
            problems.append(problem)
        stored[path] = file.sha256
        done += file.size
    if problems:
        raise BadInput(tuple(problems))
    compare_files(plan, stored)
    return Examined(records, stored, plan)


def examine_import(
    row: Import, advance: Advance, findings: Sequence[Mapping[str, str]] = ()
) -> None:
    """Look at an uploaded archive and keep what was found, so that somebody can confirm it.

    `findings` says why it is looked at again.
    """
    against = fingerprint()
    try:
        contents = archive_contents(row.archive.path, row.name, settings.DESK.upload_limit)
        examined = examine(contents, row.name, advance)
    except BadInput as error:
        found = [finding.as_json() for finding in error.findings]
        with change("worker", "register.import.refused", f"import:{row.pk}") as entry:
            entry.note(findings=[item["code"] for item in found[:50]])
            Import.objects.filter(pk=row.pk).update(state=Import.State.REFUSED, findings=found)
        return
    with change("worker", "register.import.examined", f"import:{row.pk}") as entry:
        entry.note(records=len(examined.records), files=len(examined.files))
        Import.objects.filter(pk=row.pk, state=Import.State.RECEIVED).update(
            state=Import.State.READY,
            content=examined.records,
            files=examined.files,
            plan=examined.plan.as_json(),
            findings=list(findings),
            against=against,
        )


def apply_import(row: Import, actor: Any, advance: Advance) -> Summary:
    """Take in what somebody confirmed.

    Raises:
        BadInput: when the register changed since it was looked at, or does not fit together.
    """
    records = [(kind, content) for kind, content in row.content]
    with register_change(
        actor, "register.imported", f"import:{row.pk}", sha256=row.archive.sha256
    ) as (
        entry,
        state,
    ):
        held = Import.objects.select_for_update().get(pk=row.pk)
        if held.state == Import.State.APPLIED:  # a worker died after it was done
            return Summary({}, {})
        if state.fingerprint != row.against:
            raise bad_input(
                "import.outdated",
                "the register was changed since this folder was looked at.",
                mend="Look at what would change now, and confirm again.",
            )
        summary = take_in(
            records, row.files, row.with_removals, entry, name_of_actor(actor), advance
        )
        Import.objects.filter(pk=row.pk).update(state=Import.State.APPLIED)
        enqueue(RECOGNISE, actor, subject="register")
    return summary


def import_folder(
    actor: Any,
    folder: Path,
    *,
    with_removals: bool = False,
    advance: Advance = lambda done, total, text: None,
) -> Summary:
    """Take in a folder on this machine at once.

    Args:
        actor: who does it.
        folder: with its `register.yaml`.
        with_removals: take out what the desk has and the folder has not.
        advance: called as advance(done, total, path) in bytes.

    Raises:
        BadInput: with everything that keeps it from being taken in; then nothing has changed.
    """
    examined = examine_folder(folder, advance)
    with register_change(actor, "register.imported", "register", folder=str(folder)[:300]) as (
        entry,
        _,
    ):
        summary = take_in(
            examined.records, examined.files, with_removals, entry, name_of_actor(actor), advance
        )
        enqueue(RECOGNISE, actor, subject="register")
    return summary


def examine_folder(folder: Path, advance: Advance = lambda done, total, text: None) -> Examined:
    """Look at a folder on this machine.

    Raises:
        BadInput: with everything that keeps it from being taken in.
    """
    return examine(Folder(folder, settings.DESK.upload_limit), folder.name, advance)


__all__ = [
    "APPLY",
    "EXAMINE",
    "Examined",
    "Summary",
    "apply_import",
    "confirm",
    "discard",
    "examine_folder",
    "examine_import",
    "import_folder",
    "receive",
]
