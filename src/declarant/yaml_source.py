"""YAML as evidence: every field keeps its line, duplicate keys are refused, numbers stay exact.

Scalars become null, booleans (`true`, `false` only), whole numbers or text. Decimal fractions and
dates stay text, so that `1.2e26` is read exactly by `declarant.quantities` and never by a float,
and `no` (a country, an answer) is not taken for a boolean.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from declarant.problems import BadInput, Finding, Place, Severity, bad_input

Model = TypeVar("Model", bound=BaseModel)
_WHOLE = re.compile(r"^[+-]?(0|[1-9]\d{0,300})$")
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Step = str | int
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """What a YAML file says (`data`), and the line on which each field of it begins."""

    file: str
    data: Any
    lines: dict[tuple[_Step, ...], int]

    def place(self, *path: _Step) -> Place:
        """Return where a field stands, or the nearest field around it that does."""
        inner = path
        while inner and inner not in self.lines:
            inner = inner[:-1]
        return Place(self.file, self.lines.get(inner), field_name(path) or None)


def field_name(path: tuple[_Step, ...]) -> str:
    """Print a path the way people write it: `runs[0].tokens`."""
    shown = ""
    for step in path:
        shown += f"[{step}]" if isinstance(step, int) else f".{step}" if shown else step
    return shown


def read_yaml(file: Path, shown_as: str | None = None) -> YamlDocument:
    """Read one YAML document.

    Raises:
        BadInput: when the file is missing, empty, not UTF-8, not YAML, or repeats a key.
    """
    name = shown_as or str(file)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise bad_input(
            "yaml.missing", "there is no such file.", mend="Check the path.", file=name
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise bad_input(
            "yaml.unreadable",
            f"cannot be read as text: {error}.",
            mend="Save it as UTF-8.",
            file=name,
        ) from None
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> YamlDocument:
    """Read YAML from `text`; `name` stands for the file in every message.

    Raises:
        BadInput: when it is empty, not YAML, or repeats a key.
    """
    reading = _Reading(name, text)
    try:
        data = reading.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise bad_input(
            "yaml.syntax",
            f"is not YAML: {error.problem}.",
            mend="Check indentation, quotes and colons there.",
            file=name,
            line=mark.line + 1 if mark else None,
        ) from None
    except yaml.YAMLError as error:
        raise bad_input(
            "yaml.syntax", f"is not YAML: {error}.", mend="Save it as plain text.", file=name
        ) from None
    return YamlDocument(name, data, reading.lines)


def validated(model: type[Model], document: YamlDocument, *path: _Step) -> Model:
    """Return `document.data` (or the part at `path`) as `model`.

    Raises:
        BadInput: with one finding for each field that does not fit, and its line.
    """
    data = document.data
    for step in path:
        data = data[step]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        errors = [item for item in error.errors() if not _follows(item, error.errors())]
        raise BadInput(tuple(_explained(item, model, document, path) for item in errors)) from None


class _Reading:
    """Turns YAML's stream of events into plain values, and notes the line of each.

    Events, not PyYAML's node graph: its composer overflows the stack on hostile nesting. Aliases
    are refused, as they can multiply without end and hide where a value was written.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_Loader)
        self.lines: dict[tuple[_Step, ...], int] = {}

    def document(self) -> Any:
        next(self.events)  # start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise self._refusal("empty", "the file is empty.", "Fill it in, or name another file.")
        data = self._value(next(self.events), ())
        next(self.events)  # end of the document
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._refusal(
                "syntax", "is not one YAML document: a second one begins.", "Keep one.", after
            )
        return data

    def _value(self, event: yaml.Event, path: tuple[_Step, ...]) -> Any:
        if len(path) > _DEEPEST:
            what = f"is nested too deep: more than {_DEEPEST} levels."
            raise self._refusal("too_deep", what, "Write the value out flat.", event)
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        raise self._refusal("alias", "an alias (*) is used.", "Write the value out.", event)

    def _sequence(self, path: tuple[_Step, ...]) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: tuple[_Step, ...]) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refusal("key", "a key is not plain text.", "Use a word.", event)
            key = str(event.value)
            here = (*path, key)
            if key in mapping:
                mend = f"Keep one; the first is on line {self.lines[here]}."
                what = f"the key {key!r} stands twice."
                raise self._refusal("duplicate_key", what, mend, event, field_name(here))
            self.lines[here] = _line(event)
            mapping[key] = self._value(next(self.events), here)
        return mapping

    def _refusal(
        self,
        code: str,
        what: str,
        mend: str,
        event: yaml.Event | None = None,
        field: str | None = None,
    ) -> BadInput:
        line = _line(event) if event else None
        return bad_input(f"yaml.{code}", what, mend=mend, file=self.name, line=line, field=field)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent) -> str | int | bool | None:
    text = str(event.value)
    if event.style:  # quoted, or a block of text
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    return int(text) if _WHOLE.match(text) else text


def _follows(error: ErrorDetails, errors: list[ErrorDetails]) -> bool:
    """Whether a list is called too short only because an item of it was refused."""
    depth = len(error["loc"])
    inside = (len(item["loc"]) > depth and item["loc"][:depth] == error["loc"] for item in errors)
    return error["type"] == "too_short" and any(inside)


def _explained(
    error: ErrorDetails, model: type[BaseModel], document: YamlDocument, prefix: tuple[_Step, ...]
) -> Finding:
    path = (*prefix, *(step for step in error["loc"] if _is_field(step)))
    where = document.place(*path)
    if error["type"] == "extra_forbidden":
        known = _known_fields(model, tuple(error["loc"][:-1]))
        near = difflib.get_close_matches(str(error["loc"][-1]), known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(sorted(known))}."
        what = f"the key {error['loc'][-1]!r} is not known."
        return Finding("yaml.unknown_key", what, where, hint, Severity.ERROR)
    if error["type"] == "missing":
        what = f"{field_name(path)!r} is missing."
        return Finding("yaml.missing_key", what, where, "Add it.", Severity.ERROR)
    if error["type"] == "union_tag_invalid":
        said = error.get("ctx", {})
        kinds = re.findall(r"'([^']+)'", str(said.get("expected_tags", "")))
        near = difflib.get_close_matches(str(said.get("tag")), kinds, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(kinds)}."
        key = str(said.get("discriminator", "")).strip("'")
        what = f"there is no {key} {said.get('tag')!r}."
        return Finding("yaml.value", what, document.place(*path, key), hint, Severity.ERROR)
    message = error["msg"].removeprefix("Value error, ").rstrip(".")
    given = error.get("input")
    shown = f" (given: {given!r})" if isinstance(given, (str, int, bool)) else ""
    return Finding("yaml.value", f"{message}{shown}.", where, "Correct the value.", Severity.ERROR)


def _is_field(step: _Step) -> bool:
    # pydantic names the branch of a union or a validator in the path; those are no fields
    return isinstance(step, int) or re.fullmatch(r"[A-Za-z_][\w.-]*", step) is not None


def _known_fields(model: type[BaseModel], path: tuple[_Step, ...]) -> list[str]:
    current: Any = model
    for step in path:
        if isinstance(step, int):
            continue
        fields = getattr(current, "model_fields", {})
        named = next((f for n, f in fields.items() if step in (n, f.alias)), None)
        inner = _models_in(named.annotation) if named else []
        if not inner:
            return []
        current = inner[0]
    return [field.alias or name for name, field in current.model_fields.items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    inner = getattr(annotation, "__args__", ())
    return [model for item in inner for model in _models_in(item)]
