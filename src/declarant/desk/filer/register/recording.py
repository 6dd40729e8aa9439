"""Making, editing, taking out and putting back a record: checked, versioned, written down."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from declarant.desk.filer.register.anatomy import files_named, in_order
from declarant.desk.filer.register.content_field import json_text
from declarant.desk.filer.register.differences import differences, path_of
from declarant.desk.filer.register.fingerprinting import register_change
from declarant.desk.filer.register.kinds import SECTIONS
from declarant.desk.filer.register.models import (
    Act,
    EvidenceFile,
    FileUse,
    Record,
    Version,
    name_of_actor,
)
from declarant.desk.filer.register.validating import (
    check_shape,
    check_whole,
    key_of,
    missing_files,
    name_of,
    status_of,
)
from declarant.problems import BadInput, Finding, bad_input
from declarant.yaml_source import YamlDocument, field_name

LISTED = 100  # differences named in the audit log


class EditedMeanwhile(Exception):  # noqa: N818 - not an error: two people worked at once
    """Somebody else has edited the record since it was opened. `record` is as it stands now."""

    def __init__(self, record: Record) -> None:
        super().__init__(str(record))
        self.record = record


def save_record(
    actor: Any,
    kind: str,
    content: Any,
    *,
    record: Record | None = None,
    expected: int | None = None,
    why: str = "",
    document: YamlDocument | None = None,
) -> Record:
    """Make a record, or give one new content; return it as it stands afterwards.

    Content that is the same as before changes nothing.

    Args:
        actor: who does it.
        kind: of the record.
        content: exactly as a register writes it.
        record: the record to edit; None makes one.
        expected: the version that was opened for editing; None edits whatever stands there.
        why: what people read in the history.
        document: where the content was written, so that findings name lines.

    Raises:
        BadInput: when it does not fit the schema or the rest of the register.
        EditedMeanwhile: when `expected` is not the newest version.
    """
    content = in_order(SECTIONS[kind].model, content)
    check_shape(kind, document or YamlDocument("", content, {}))
    as_opened = record is not None and record.active and record.number == expected
    if record is not None and as_opened and record.content == content:
        return record
    act = Act.EDITED if record else Act.CREATED
    with register_change(actor, f"register.{kind}.{act}", record.subject if record else kind) as (
        entry,
        _,
    ):
        row = _current(record, expected)
        if row is not None and row.active and row.content == content:
            entry.note(unchanged=True)
            return row
        key = key_of(kind, content)
        row = row or _of_key(kind, key)
        before = row.content if row is not None and row.active else None
        _check_beside_others(kind, content, row, document)
        row = write_record(
            kind, content, row, act=act, who=name_of_actor(actor), when=timezone.now(), why=why
        )
        entry.subject = row.subject
        entry.note(**noted(row, before, why))
    return row


def remove_record(actor: Any, record: Record, *, expected: int | None = None, why: str) -> Record:
    """Take a record out of the register; its history stays, and it can be put back.

    Raises:
        BadInput: when another record names it.
        EditedMeanwhile: when `expected` is not the newest version.
    """
    act = Act.REMOVED
    with register_change(actor, f"register.{record.kind}.removed", record.subject) as (entry, _):
        row = _current(record, expected)
        assert row is not None  # noqa: S101 - a record was given
        check_whole(content_with(row.kind, None, row))
        row = write_record(
            row.kind,
            row.content,
            row,
            act=act,
            who=name_of_actor(actor),
            when=timezone.now(),
            why=why,
        )
        entry.note(**noted(row, row.content, why))
    return row


def restore_record(actor: Any, record: Record, *, why: str = "") -> Record:
    """Put a record that was taken out back into the register, as it was.

    Raises:
        BadInput: when what it names is no longer there.
    """
    with register_change(actor, f"register.{record.kind}.restored", record.subject) as (entry, _):
        row = Record.objects.select_for_update().get(pk=record.pk)
        if row.active:
            entry.note(unchanged=True)
            return row
        _check_beside_others(row.kind, row.content, row, None)
        row = write_record(
            row.kind,
            row.content,
            row,
            act=Act.RESTORED,
            who=name_of_actor(actor),
            when=timezone.now(),
            why=why,
        )
        entry.note(**noted(row, None, why))
    return row


def write_record(
    kind: str,
    content: Any,
    row: Record | None,
    *,
    act: str,
    who: str,
    when: datetime,
    why: str = "",
    position: int | None = None,
) -> Record:
    """Write a record's row, its new version and the files it names; the caller has checked them."""
    new = row is None
    row = row or Record(kind=kind, key=_free_key(kind, key_of(kind, content)), number=0)
    if new or not row.active:
        last = Record.objects.filter(kind=kind, active=True).aggregate(last=Max("position"))["last"]
        row.position = 0 if last is None else last + 1
    if position is not None:
        row.position = position
    row.content, row.active = content, act != Act.REMOVED
    row.name, row.status = name_of(kind, content), status_of(kind, content)
    row.number, row.edited, row.edited_by = row.number + 1, when, who
    row.save()
    Version.objects.create(
        record=row,
        number=row.number,
        act=act,
        content=content,
        sha256=hashlib.sha256(json_text(content).encode()).hexdigest(),
        made=when,
        made_by=who,
        why=why[:500],
    )
    FileUse.objects.filter(record=row).delete()
    if row.active:
        named = files_named(SECTIONS[kind].model, content)
        FileUse.objects.bulk_create(
            FileUse(record=row, path=path, field=field_name(at)[:200]) for at, path in named
        )
    return row


def content_with(kind: str, content: Any, row: Record | None) -> dict[str, Any]:
    """Return the whole register with one record as it would be; None leaves the record out."""
    held = Record.objects.filter(active=True).exclude(pk=row.pk if row else None)
    listed = [
        (item.position, item.pk, item.kind, item.content)
        for item in held.only("kind", "content", "position")
    ]
    if content is not None:
        place = (row.position, row.pk) if row is not None and row.active else (1 << 40, 0)
        listed.append((*place, kind, content))
    return whole_content((item[2], item[3]) for item in sorted(listed, key=lambda item: item[:2]))


def whole_content(records: Any) -> dict[str, Any]:
    """Return records as the data of a `register.yaml`.

    A desk whose person is not filled in yet holds records all the same, so for the check of what
    names what a person stands in.
    """
    whole: dict[str, Any] = {"register": 1}
    for kind, content in records:
        section = SECTIONS[kind]
        if section.single:
            whole[section.name] = content
        else:
            whole.setdefault(section.name, []).append(content)
    whole.setdefault("person", {"name": "-", "kind": "legal", "covered": {}})
    return whole


def noted(row: Record, before: Any, why: str) -> Mapping[str, Any]:
    """Return what the audit log says of a version: its hash, and what changed."""
    changed = differences(before, row.content) if row.active else []
    return {
        "version": row.number,
        "content_sha256": hashlib.sha256(json_text(row.content).encode()).hexdigest(),
        "changed": [item.as_text() for item in changed[:LISTED]],
        "changes": len(changed),
        **({"why": why} if why else {}),
    }


def _current(record: Record | None, expected: int | None) -> Record | None:
    if record is None:
        return None
    row = Record.objects.select_for_update().get(pk=record.pk)
    if expected is not None and row.number != expected:
        raise EditedMeanwhile(row)
    return row


def _of_key(kind: str, key: str) -> Record | None:
    """Return the record a new one would replace: one that was taken out, or the only one there is.

    Raises:
        BadInput: when one of that id stands in the register.
    """
    row = Record.objects.select_for_update().filter(kind=kind, key=key).first()
    if row is None or not row.active:
        return row
    section = SECTIONS[kind]
    if not section.keyed and not section.single:
        return None  # another contact of that name gets a key of its own
    raise bad_input(
        "register.duplicate_id",
        f"there is one already: {row.name}.",
        mend="Edit that one, or take another id.",
        field="id" if section.keyed else "name",
    )


def _free_key(kind: str, wanted: str) -> str:
    taken = set(
        Record.objects.filter(kind=kind, key__startswith=wanted).values_list("key", flat=True)
    )
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key


def _check_beside_others(
    kind: str, content: Any, row: Record | None, document: YamlDocument | None
) -> None:
    """Check what a record names against the rest of the register.

    Raises:
        BadInput: when it names a record or a file that is not there, or its id may not change.
    """
    section = SECTIONS[kind]
    if row is not None and section.keyed and content["id"] != row.key:
        raise bad_input(
            "register.id_changed",
            f"the id {row.key!r} cannot become {content['id']!r}: others name it.",
            mend="Keep it, or make a new record and take this one out.",
            field="id",
        )
    held = set(EvidenceFile.objects.filter(current=True).values_list("path", flat=True))
    problems = list(missing_files(kind, content, held))
    try:
        check_whole(content_with(kind, content, row))
    except BadInput as error:
        beginning = f"{section.name}[{content.get('id')}]."
        for item in error.findings:
            problems.append(_of_this(item, beginning))
    if problems:
        raise BadInput(tuple(_with_line(item, document) for item in problems))


def _of_this(finding: Finding, beginning: str) -> Finding:
    field = finding.where.field or ""
    if not field.startswith(beginning):
        return finding
    return replace(finding, where=replace(finding.where, field=field.removeprefix(beginning)))


def _with_line(finding: Finding, document: YamlDocument | None) -> Finding:
    if document is None or not finding.where.field:
        return finding
    return replace(finding, where=document.place(*path_of(finding.where.field)))
