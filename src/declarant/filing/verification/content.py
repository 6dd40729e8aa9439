"""The JSON: it fits its schema, and its content is still what its id was made from."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from declarant.filing.canonical import canonical, content_id
from declarant.filing.manifest import Manifest
from declarant.filing.published import PUBLISHED, Published
from declarant.filing.verification.report import error
from declarant.problems import Finding, Place, Severity

_WRITTEN_BY_US = "Take the file as it was written; if it was edited by hand, write it anew."


def read_document(data: bytes, name: str) -> tuple[Published | None, tuple[Finding, ...]]:
    """Return the document in a file, and what is wrong with it; None when it fits no schema."""
    content, found = _json(data, name)
    if found:
        return None, found
    try:
        document = PUBLISHED.validate_python(content)
    except ValidationError as problem:
        return None, _explained(problem, content, name)
    return document, _unchanged(document, content, data, name)


def read_manifest(data: bytes, name: str) -> tuple[Manifest | None, tuple[Finding, ...]]:
    """Return the manifest in a file, and what is wrong with it; None when it fits no schema."""
    content, found = _json(data, name)
    if found:
        return None, found
    try:
        return Manifest.model_validate(content), ()
    except ValidationError as problem:
        return None, _explained(problem, content, name)


def _json(data: bytes, name: str) -> tuple[Any, tuple[Finding, ...]]:
    """Return the content, strictly read: no repeated key, no number that JSON does not have."""
    place = Place(file=name)
    try:
        content = json.loads(
            data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant
        )
        _refuse_lone_surrogates(content, data)
    except UnicodeDecodeError as problem:
        what = f"is not UTF-8 text: byte {problem.start} is {problem.object[problem.start]:#04x}."
        return None, (error("json.not_utf8", what, place, _WRITTEN_BY_US),)
    except json.JSONDecodeError as problem:
        where = Place(file=name, line=problem.lineno)
        what = f"is not JSON: {problem.msg}, at column {problem.colno}."
        return None, (error("json.syntax", what, where, _WRITTEN_BY_US),)
    except RecursionError:
        what = "is not a document: brackets are nested too deep."
        return None, (error("json.syntax", what, place, _WRITTEN_BY_US),)
    except ValueError as problem:  # raised below, or an integer of thousands of digits
        return None, (error("json.syntax", f"cannot be read: {problem}", place, _WRITTEN_BY_US),)
    return content, ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one place.")
    return held


def _refuse_lone_surrogates(content: Any, data: bytes) -> None:
    """Refuse text that no UTF-8 can hold; an escape such as backslash-ud800 makes it."""
    if b"\\u" not in data:
        return
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError as problem:
        half = problem.object[problem.start]
        raise ValueError(f"{half!r} is half a character (a lone surrogate), and no text.") from None


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON.")


def _explained(problem: ValidationError, content: Any, name: str) -> tuple[Finding, ...]:
    return tuple(_explained_field(item, content, name) for item in problem.errors())


def _explained_field(item: ErrorDetails, content: Any, name: str) -> Finding:
    where = Place(file=name, field=_path(item["loc"], content))
    last = item["loc"][-1] if item["loc"] else "the document"
    match item["type"]:
        case "missing":
            return error("schema.missing_key", f"{last!r} is missing.", where, _WRITTEN_BY_US)
        case "extra_forbidden":
            what = f"the key {last!r} is not known to the schema."
            return error("schema.unknown_key", what, where, _WRITTEN_BY_US)
        case "union_tag_invalid" | "union_tag_not_found":
            kinds = item.get("ctx", {}).get("expected_tags", "another kind")
            what = f"its kind is not one the schema knows ({kinds})."
            return error("schema.kind", what, where, _WRITTEN_BY_US)
        case _:
            given = item.get("input")
            shown = f", not {given!r:.80}" if isinstance(given, str | int | float) else ""
            return error("schema.value", f"{item['msg']}{shown}.", where, _WRITTEN_BY_US)


def _path(steps: tuple[str | int, ...], content: Any) -> str:
    """Return a JSON path; steps that name the branch of a union are left out."""
    path, here = "$", content
    tagged: Any = None  # the part whose tag was left out: its fields may bear the same name
    for position, step in enumerate(steps):
        if isinstance(here, dict) and isinstance(step, str):
            if here is not tagged and step in (here.get("kind"), here.get("type")):
                tagged = here
                continue
            if step not in here and position < len(steps) - 1:
                continue  # the tag of a union
            path, here = f"{path}.{step}", here.get(step)
        elif isinstance(here, list) and isinstance(step, int):
            path, here = f"{path}[{step}]", here[step] if step < len(here) else None
    return path


def _unchanged(
    document: Published, content: dict[str, Any], data: bytes, name: str
) -> tuple[Finding, ...]:
    expected = content_id(content)
    found = []
    if document.id != expected:
        what = f"the content belongs to the id {expected}: something was changed after it was made."
        found.append(error("document.id", what, Place(file=name, field="$.id"), _WRITTEN_BY_US))
    if data != canonical(content):
        found.append(
            Finding(
                "document.form",
                "is not in the canonical form of RFC 8785; what it says is the same.",
                Place(file=name),
                "Its hash is that of the canonical form.",
                Severity.NOTE,
            )
        )
    return tuple(found)
