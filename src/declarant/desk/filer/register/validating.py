"""Whether content is fit for the register: plain, of the schema's shape, and naming what is there.

The register of a desk can be loaded at any time: no record is kept that names a record or a file
that is not there. What the evidence itself says is found out when it is read, by the assessment.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from django.utils.text import slugify

from declarant.desk.filer.register.anatomy import Path, files_named
from declarant.desk.filer.register.content_field import json_text
from declarant.desk.filer.register.kinds import SECTIONS, Kind
from declarant.problems import BadInput, Finding, Place, Severity, bad_input
from declarant.register import schema
from declarant.register.loading import _unresolved as unresolved
from declarant.yaml_source import YamlDocument, field_name, validated

MOST_BYTES = 1 << 20  # of one record
DEEPEST = 30
_SPOKEN = {"\t", "\n"}
_UNSEEN = {"Cc", "Cs"}  # control characters, and halves of a character


def check_shape(kind: str, document: YamlDocument) -> None:
    """Check that a document is one record of a kind, by itself.

    Raises:
        BadInput: with one finding for each field that does not fit.
    """
    problems = list(_not_plain(document.data, (), document))
    if problems:
        raise BadInput(tuple(problems))
    if not isinstance(document.data, dict):
        raise bad_input(
            "register.no_mapping",
            "is not one record: it has no fields.",
            mend="Write `name: value` lines.",
            file=document.file,
        )
    if len(json_text(document.data).encode()) > MOST_BYTES:
        raise bad_input(
            "register.too_long",
            f"the record has more than {MOST_BYTES:,} bytes.",
            mend="Put what is long into an evidence file, and name it.",
            file=document.file,
        )
    validated(SECTIONS[kind].model, document)
    problems = list(_bad_paths(kind, document))
    if problems:
        raise BadInput(tuple(problems))


def check_whole(content: dict[str, Any]) -> None:
    """Check that a whole register fits together: ids stand once, and name what is there.

    Raises:
        BadInput: with a finding for each reference to nothing, id that stands twice, or circle.
    """
    document = YamlDocument("", content, {})
    register = validated(schema.RegisterFile, document)
    problems = tuple(unresolved(register, document))
    if problems:
        raise BadInput(
            tuple(replace(item, where=_spoken(item.where, content)) for item in problems)
        )


def missing_files(kind: str, content: Any, held: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each file that content names and that is not among the evidence."""
    for path, name in files_named(SECTIONS[kind].model, content):
        if name in held or (_may_be_folder(path) and any_below(name, held)):
            continue
        yield Finding(
            "evidence.missing",
            f"there is no evidence file {name!r}.",
            Place(field=field_name(path)),
            "Upload it under that path first, or choose one that is there.",
            Severity.ERROR,
        )


def any_below(folder: str, paths: Collection[str]) -> bool:
    """Whether any of the paths lies in a folder."""
    beginning = folder.rstrip("/") + "/"
    return any(path.startswith(beginning) for path in paths)


def key_of(kind: str, content: dict[str, Any]) -> str:
    """Return what a record is known by: its id, or a word made of what it says."""
    section = SECTIONS[kind]
    if section.single:
        return kind
    if section.keyed:
        return str(content["id"])
    said = {
        Kind.CONTACT: ("name",),
        Kind.FILING: ("quarter", "kind"),
        Kind.RECEIVED: ("duty", "on", "reference"),
    }[Kind(kind)]
    words = slugify(" ".join(str(content[name]) for name in said), allow_unicode=True)
    return words[:80].strip("-") or kind


def name_of(kind: str, content: dict[str, Any]) -> str:
    """Return what people call a record."""
    if kind == Kind.FILING:
        return f"{content['quarter']} {content['kind']}"
    if kind == Kind.RECEIVED:
        return str(content["reference"])[:300]
    return str(content["name"])[:300]


def status_of(kind: str, content: dict[str, Any]) -> str:
    """Return the word a list is filtered by: a run's status, a contact's role."""
    field = {Kind.RUN: "status", Kind.CONTACT: "role", Kind.CLUSTER: "possession"}.get(Kind(kind))
    return str(content.get(field) or "") if field else ""


def _may_be_folder(path: Path) -> bool:
    """Whether a field may name the folder of a store: the `files` of what was recorded."""
    return len(path) > 1 and path[-2] == "files"


def _not_plain(value: Any, path: Path, document: YamlDocument) -> Iterator[Finding]:
    """Yield a finding for each value that a register cannot hold."""
    if len(path) > DEEPEST:
        yield _unfit("is nested too deep.", "Write it flat.", path[:3], document)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _not_plain(key, path, document)
            yield from _not_plain(item, (*path, str(key)), document)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _not_plain(item, (*path, number), document)
    elif isinstance(value, float):
        yield _unfit(
            f"{value!r} is a number with a fraction, which a computer rounds.",
            f'Write it as text: "{value!r}".',
            path,
            document,
        )
    elif isinstance(value, str):
        if any(unicodedata.category(char) in _UNSEEN and char not in _SPOKEN for char in value):
            mend = "Type it again; it may have been pasted from a terminal."
            yield _unfit("has a character that cannot be shown.", mend, path, document)
    elif isinstance(value, int):
        if abs(value) >= 10**300:
            yield _unfit("is too great a number.", "Write it as 1.2e26.", path, document)
    elif value is not None:
        mend = "Use text, whole numbers, true or false."
        yield _unfit(f"is a {type(value).__name__}.", mend, path, document)


def _unfit(what: str, mend: str, path: Path, document: YamlDocument) -> Finding:
    return Finding("register.value", what, document.place(*path), mend, Severity.ERROR)


def _bad_paths(kind: str, document: YamlDocument) -> Iterator[Finding]:
    from declarant.desk.filer.register.paths import why_not

    for path, name in files_named(SECTIONS[kind].model, document.data):
        problem = why_not(name)
        if problem is not None:
            yield replace(problem, where=document.place(*path))


def _spoken(where: Place, content: dict[str, Any]) -> Place:
    """Return a place in a register with the id of the record in place of its number."""
    if not where.field or "[" not in where.field:
        return where
    section, _, rest = where.field.partition("[")
    number, _, field = rest.partition("]")
    item = content[section][int(number)]
    return replace(where, field=f"{section}[{item.get('id', number)}]{field}")
