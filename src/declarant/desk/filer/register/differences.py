"""What changed between two versions of a record, field by field, and joining two people's edits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from declarant.desk.filer.register.content_field import json_text

_NAMED_BY = ("id", "method", "since")  # what tells the items of a list apart
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class _Nothing:
    """Stands where a field is not there at all."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: where it is (`parts[done].tokens`), what stood there and what stands there."""

    field: str
    before: Any
    after: Any

    @property
    def act(self) -> str:
        """What happened: "added", "removed" or "changed"."""
        if self.before is NOTHING:
            return "added"
        return "removed" if self.after is NOTHING else "changed"

    @property
    def before_text(self) -> str:
        """What stood there, for people; empty when nothing did."""
        return shown(self.before)

    @property
    def after_text(self) -> str:
        """What stands there, for people; empty when nothing does."""
        return shown(self.after)

    def as_text(self) -> str:
        """Return the difference on one line, cut where it is long."""
        before, after = (text[:120] or "-" for text in (self.before_text, self.after_text))
        return f"{self.field}: {before} -> {after}"


def differences(before: Any, after: Any) -> list[Difference]:
    """Return what changed from one content to another; None stands for no content.

    Items of a list are told apart by their id (a way of counting by its method), so that a part put
    in front of others is one part more, and not a change of all.
    """
    start = NOTHING if before is None else before
    end = NOTHING if after is None else after
    return list(_compared("", start, end))


def merged(base: Any, mine: Any, theirs: Any) -> tuple[Any, list[str]]:
    """Join two edits of the same content; return it, and the fields both changed, mine kept there.

    Args:
        base: what both began from.
        mine: what one made of it.
        theirs: what stands there now.
    """
    conflicts: list[str] = []
    return _joined("", base, mine, theirs, conflicts), conflicts


def path_of(field: str) -> tuple[str | int, ...]:
    """Return the steps of a field as findings write it: `parts[0].tokens`."""
    steps = _STEP.findall(field)
    return tuple(int(number) if number else name for name, number in steps)


def shown(value: Any) -> str:
    """Return a value as people read it in a difference."""
    if value is NOTHING or value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return json_text(value)


def _compared(field: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after and type(before) is type(after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*after, *before)):
            here = f"{field}.{key}" if field else key
            yield from _compared(here, before.get(key, NOTHING), after.get(key, NOTHING))
        return
    old, new = _by_name(before), _by_name(after)
    if old is not None and new is not None:
        for name in dict.fromkeys((*new, *old)):
            yield from _compared(f"{field}[{name}]", old.get(name, NOTHING), new.get(name, NOTHING))
        kept = [name for name in new if name in old], [name for name in old if name in new]
        if kept[0] != kept[1]:
            yield Difference(f"{field} (order)", ", ".join(kept[1]), ", ".join(kept[0]))
        return
    if before is NOTHING and isinstance(after, dict) and not field:
        for key, value in after.items():
            yield Difference(key, NOTHING, value)
        return
    yield Difference(field, before, after)


def _by_name(value: Any) -> dict[str, Any] | None:
    """Return the items of a list by what tells them apart; None when that does not."""
    if (
        not isinstance(value, list)
        or not value
        or not all(isinstance(item, dict) for item in value)
    ):
        return None
    for key in _NAMED_BY:
        if all(key in item for item in value):
            held = {str(item[key]): item for item in value}
            return held if len(held) == len(value) else None
    return None


def _joined(field: str, base: Any, mine: Any, theirs: Any, conflicts: list[str]) -> Any:
    if theirs in (mine, base):
        return mine
    if mine == base:
        return theirs
    if isinstance(mine, dict) and isinstance(theirs, dict):
        old = base if isinstance(base, dict) else {}
        both = {
            key: _joined(
                f"{field}.{key}" if field else key,
                old.get(key, NOTHING),
                mine.get(key, NOTHING),
                theirs.get(key, NOTHING),
                conflicts,
            )
            for key in dict.fromkeys((*mine, *theirs))
        }
        return {key: value for key, value in both.items() if value is not NOTHING}
    lists = _by_name(base), _by_name(mine), _by_name(theirs)
    if lists[1] is not None and lists[2] is not None:
        old, here, there = (held or {} for held in lists)
        items = [
            _joined(
                f"{field}[{name}]",
                old.get(name, NOTHING),
                here.get(name, NOTHING),
                there.get(name, NOTHING),
                conflicts,
            )
            for name in dict.fromkeys((*here, *there))
        ]
        return [item for item in items if item is not NOTHING]
    conflicts.append(field)
    return mine
