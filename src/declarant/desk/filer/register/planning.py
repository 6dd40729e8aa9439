"""What an import would do: which records and files are new, changed, the same, or not in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from declarant.desk.filer.register.anatomy import files_named, in_order
from declarant.desk.filer.register.differences import differences
from declarant.desk.filer.register.kinds import SECTIONS, Kind
from declarant.desk.filer.register.models import EvidenceFile, Record
from declarant.desk.filer.register.sources import Contents
from declarant.desk.filer.register.validating import (
    check_shape,
    check_whole,
    key_of,
    missing_files,
    name_of,
)
from declarant.problems import BadInput, Finding, bad_input
from declarant.register import schema
from declarant.register.folder import REGISTER_FILE
from declarant.register.loading import _unresolved as unresolved
from declarant.yaml_source import YamlDocument, parse_yaml, validated

NEW, CHANGED, SAME, REMOVED = "new", "changed", "same", "removed"
_SHOWN = 30  # differences of one record, and files left out, that a preview names


@dataclass(frozen=True, slots=True)
class Planned:
    """One record of the folder, and what would become of the desk's."""

    kind: str
    key: str
    content: Any
    act: str
    row: Record | None


@dataclass(slots=True)
class Plan:
    """What an import would do, all told.

    Attributes:
        records: of the folder, in its order.
        removed: records of the desk that the folder does not have.
        wanted: the files that the folder's register names, with their size.
        files: what would become of each: new, changed or same; set when their bytes are known.
        files_removed: evidence of the desk that the folder's register does not name.
        left_out: files of the folder that its register does not name.
    """

    records: list[Planned]
    removed: list[Record]
    wanted: dict[str, int]
    left_out: list[str]
    files: dict[str, str] = field(default_factory=dict)
    files_removed: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the plan for its preview."""
        return {
            "records": [_shown(item) for item in self.records]
            + [_entry(row.kind, row.key, row.name, REMOVED, []) for row in self.removed],
            "files": [{"path": path, "act": act} for path, act in self.files.items()]
            + [{"path": path, "act": REMOVED} for path in self.files_removed],
            "left_out": self.left_out[:_SHOWN],
            "left_out_count": len(self.left_out),
        }


def read_register(contents: Contents, shown: str) -> list[tuple[str, Any]]:
    """Return kind and content of every record of a folder's `register.yaml`, in order.

    Raises:
        BadInput: with file and line of everything that does not fit the schema.
    """
    name = f"{shown}: {REGISTER_FILE}"
    try:
        text = contents.register.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise bad_input(
            "yaml.unreadable",
            f"cannot be read as text: {error}.",
            mend="Save it as UTF-8.",
            file=name,
        ) from None
    document = parse_yaml(text, name)
    check_whole_document(document)
    records: list[tuple[str, Any]] = []
    problems: list[Finding] = []
    for kind, section in SECTIONS.items():
        held = document.data.get(section.name)
        listed = [((section.name,), held)] if section.single else _items(section.name, held)
        for path, content in listed:
            if content is None:
                continue
            lines = _lines_below(document, path)
            try:
                check_shape(kind, YamlDocument(name, content, lines))
            except BadInput as error:
                problems += error.findings
            records.append((kind, in_order(section.model, content)))
    if problems:
        raise BadInput(tuple(problems))
    return records


def check_whole_document(document: YamlDocument) -> None:
    """Check a whole register as written, so that findings name its lines.

    Raises:
        BadInput: when it does not fit the schema, or a record names what is not there.
    """
    register = validated(schema.RegisterFile, document)
    problems = tuple(unresolved(register, document))
    if problems:
        raise BadInput(problems)


def planned(contents: Contents, records: list[tuple[str, Any]]) -> Plan:
    """Return what taking these records in would do; the bytes of files are not looked at yet."""
    held = {(row.kind, row.key): row for row in Record.objects.filter(active=True)}
    items: list[Planned] = []
    taken: set[tuple[str, str]] = set()
    for kind, content in records:
        key = _key_beside(kind, content, taken)
        taken.add((kind, key))
        row = held.get((kind, key))
        act = NEW if row is None else SAME if row.content == content else CHANGED
        items.append(Planned(kind, key, content, act, row))
    removed = [row for place, row in held.items() if place not in taken]
    wanted = _wanted(records, contents.entries)
    left_out = [*contents.left_out, *(path for path in contents.entries if path not in wanted)]
    return Plan(items, removed, wanted, left_out)


def compare_files(plan: Plan, stored: Mapping[str, str]) -> None:
    """Say of each file what would become of it, by the SHA-256 of its bytes."""
    current = dict(EvidenceFile.objects.filter(current=True).values_list("path", "file__sha256"))
    for path, sha256 in stored.items():
        plan.files[path] = (
            NEW if path not in current else SAME if current[path] == sha256 else CHANGED
        )
    named = [(item.kind, item.content) for item in plan.records]
    kept = {*stored, *_wanted(named, dict.fromkeys(current, 0))}
    plan.files_removed = [path for path in current if path not in kept]


def files_missing(
    records: Iterable[tuple[str, Any]], paths: Iterable[str], shown: str
) -> list[Finding]:
    """Return a finding for each file that records name and that neither folder nor desk has."""
    held = {*paths, *EvidenceFile.objects.filter(current=True).values_list("path", flat=True)}
    found: list[Finding] = []
    for kind, content in records:
        for item in missing_files(kind, content, held):
            where = f"{SECTIONS[kind].name}[{content.get('id', name_of(kind, content))}]"
            place = item.where.in_file(f"{shown}: {REGISTER_FILE}")
            found.append(
                Finding(
                    item.code,
                    f"{where}: {item.what}",
                    place,
                    "Pack the file with the folder, or upload it under that path first.",
                    item.severity,
                )
            )
    return found


def check_union(records: list[tuple[str, Any]]) -> None:
    """Check records of the folder together with those of the desk that stay.

    Raises:
        BadInput: when they do not fit together.
    """
    from declarant.desk.filer.register.recording import whole_content

    check_whole(whole_content(records))


def _items(section: str, held: Any) -> list[tuple[tuple[str | int, ...], Any]]:
    return [((section, number), item) for number, item in enumerate(held or [])]


def _lines_below(
    document: YamlDocument, path: tuple[str | int, ...]
) -> dict[tuple[str | int, ...], int]:
    depth = len(path)
    return {at[depth:]: line for at, line in document.lines.items() if at[:depth] == path}


def _key_beside(kind: str, content: Any, taken: set[tuple[str, str]]) -> str:
    wanted = key_of(kind, content)
    number, key = 1, wanted
    while (kind, key) in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key


def _wanted(records: Iterable[tuple[str, Any]], entries: Mapping[str, int]) -> dict[str, int]:
    """Return the entries that records name, or that lie in a folder they name."""
    named = {
        name for kind, content in records for _, name in files_named(SECTIONS[kind].model, content)
    }
    folders = tuple(f"{name}/" for name in named if name not in entries)
    return {
        path: size
        for path, size in entries.items()
        if path in named or (folders and path.startswith(folders))
    }


def _shown(item: Planned) -> dict[str, Any]:
    changed = (
        differences(item.row.content, item.content) if item.row and item.act == CHANGED else []
    )
    return _entry(
        item.kind,
        item.key,
        name_of(item.kind, item.content),
        item.act,
        [[each.field, each.before_text[:200], each.after_text[:200]] for each in changed[:_SHOWN]],
    )


def _entry(kind: str, key: str, name: str, act: str, changed: list[list[str]]) -> dict[str, Any]:
    return {
        "kind": kind,
        "key": key,
        "label": str(Kind(kind).label),
        "name": name,
        "act": act,
        "differences": changed,
    }
