"""YAML from elsewhere, built without recursion: text, lists and mappings that know their line.

Composing YAML the usual way overruns the stack on deep nesting, and aliases let a small file stand
for an endless one. Tools that write the formats here use neither, so both are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from declarant.clusters.readers.guarded_text import as_text
from declarant.clusters.readers.registry import ReadContext
from declarant.problems import BadInput, bad_input

_LARGEST = 128 * 1024 * 1024
_DEEPEST = 100
_Loader: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class LinedMapping(dict[str, Any]):
    """A mapping of a YAML file, with the line on which it begins."""

    __slots__ = ("line",)

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


def yaml_documents(content: bytes, context: ReadContext) -> Iterator[tuple[int, Any]]:
    """Yield (line, value) for each document; every scalar is text, an empty one is "".

    Raises:
        BadInput: when it is not YAML, repeats a key, uses an alias, is nested deeper than 100
            levels or larger than 128 MiB.
    """
    if len(content) > _LARGEST:
        raise _refused(
            context,
            "too_large",
            f"is larger than {_LARGEST // 2**20} MiB, which takes minutes to read as YAML.",
            "Write JSON instead (-o json).",
        )
    try:
        yield from _documents(as_text(content), context)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise _refused(
            context,
            "yaml",
            f"is not YAML: {error.problem}.",
            "Write the file again, and let the command finish.",
            mark.line + 1 if mark else None,
        ) from None
    except yaml.YAMLError as error:  # a character that YAML does not allow
        reason = str(error).splitlines()[0][:80]
        raise _refused(
            context, "yaml", f"is not YAML: {reason}.", "Write the file again as plain text."
        ) from None


def _documents(text: str, context: ReadContext) -> Iterator[tuple[int, Any]]:
    document = _Document(context)
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent):
            document.add(event.value, line)
        elif isinstance(event, yaml.MappingStartEvent):
            document.open(LinedMapping(line), line)
        elif isinstance(event, yaml.SequenceStartEvent):
            document.open([], line)
        elif isinstance(event, yaml.CollectionEndEvent):
            document.close()
        elif isinstance(event, yaml.AliasEvent):
            what = "uses a YAML alias (*), which can stand for text without end."
            raise _refused(context, "yaml_alias", what, "Write it out in full.", line)
        elif isinstance(event, yaml.DocumentEndEvent):
            yield document.line, document.root
            document = _Document(context)


@dataclass(slots=True)
class _Document:
    """One document in the making: the parts that are open, and for each the key that waits."""

    context: ReadContext
    root: Any = None
    line: int = 1
    parts: list[LinedMapping | list[Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    def add(self, value: Any, line: int) -> None:
        if not self.parts:
            self.root, self.line = value, line
            return
        parent, key = self.parts[-1], self.keys[-1]
        if isinstance(parent, list):
            parent.append(value)
        elif key is not None:
            parent[key] = value
            self.keys[-1] = None
        elif not isinstance(value, str):
            what = "has a key that is no text."
            raise _refused(self.context, "yaml_key", what, "Use a word.", line)
        elif value in parent:
            what = f"repeats the key {value[:60]!r}."
            raise _refused(self.context, "yaml_twice", what, "Keep one.", line)
        else:
            self.keys[-1] = value

    def open(self, part: LinedMapping | list[Any], line: int) -> None:
        self.add(part, line)
        if len(self.parts) == _DEEPEST:
            what = "is nested deeper than any tool writes."
            raise _refused(self.context, "yaml_depth", what, "Write the file again.", line)
        self.parts.append(part)
        self.keys.append(None)

    def close(self) -> None:
        self.parts.pop()
        self.keys.pop()


def _refused(
    context: ReadContext, subject: str, what: str, mend: str, line: int | None = None
) -> BadInput:
    return bad_input(f"{context.format}.{subject}", what, mend=mend, file=context.file, line=line)
