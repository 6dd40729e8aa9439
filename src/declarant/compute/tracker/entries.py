"""What the records of a ledger say, typed; a record that is whole may still say nonsense."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from declarant.compute.tracker import count_json
from declarant.compute.tracker.record import FORMAT, Record
from declarant.compute.tracker.step_count import StepCount


@dataclass(frozen=True, slots=True)
class Opened:
    """A process began to write. Times in milliseconds since that process's own origin.

    `process` names it on its host: two ledgers of one process may count the same steps.
    """

    at: datetime
    run: str
    rank: int
    world_size: int
    opened_ms: int
    due_ms: int
    file_number: int
    process: str
    removed_head: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Signature:
    """A distinct step, numbered within its section."""

    number: int
    key: str
    count: StepCount


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steps counted between two flushes, the trainer's own step never going back.

    Attributes:
        counts: (signature, purpose) and how many.
        delayed: why writing had failed before, "" when it had not.
    """

    counts: tuple[tuple[int, str, int], ...]
    first_step: int | None
    last_step: int | None
    ordered: bool
    began_ms: int
    ended_ms: int
    ms: int
    due_ms: int
    delayed: str

    @property
    def steps(self) -> int:
        """All steps, of any purpose."""
        return sum(number for _, _, number in self.counts)


@dataclass(frozen=True, slots=True)
class Resumed:
    """A process found the section before without an end, and said what that may have cost.

    Attributes:
        since: wall clock of the last record before, as it was written.
        window_ms: in which steps may have gone unwritten, None unknown.
        steps_high: so many at the most, None unknown.
    """

    since: str
    window_ms: int | None
    steps_high: int | None


@dataclass(frozen=True, slots=True)
class Closed:
    """The process ended its section in order, so many milliseconds after it began."""

    ms: int


@dataclass(frozen=True, slots=True)
class Anchored:
    """The head of the chain was noted elsewhere."""

    head: str
    noted: str


Entry = Opened | Signature | Stretch | Resumed | Closed | Anchored


def entry_of(record: Record) -> Entry:
    """Read what a record says.

    Raises:
        ValueError: when a field is missing or is not what it should be, or the type is unknown.
    """
    if record.type not in _READ:
        raise ValueError(f"there is no type of record {record.type!r:.40}")
    return _READ[record.type](record.fields)


def moment(record: Record) -> datetime | None:
    """Return a record's wall clock, None when it is none."""
    try:
        return _moment(record.fields.get("at"))
    except ValueError:
        return None


def _opened(held: Mapping[str, Any]) -> Opened:
    if held.get("format") != FORMAT:
        raise ValueError(f"its format is {held.get('format')!r:.60}, not {FORMAT}")
    facts = held.get("facts")
    if not isinstance(facts, dict):
        raise ValueError("facts are no object")
    removed = held.get("removed_head")
    return Opened(
        _moment(held.get("at")),
        _text(held.get("run")),
        _whole(held.get("rank")),
        _whole(held.get("world_size")),
        _whole(held.get("opened_ms")),
        _whole(held.get("due_ms")),
        _whole(held.get("file_number")),
        f"{_text(held.get('host'))}, process {_whole(held.get('pid'))}",
        "" if removed is None else _text(removed),
        {_text(name): _text(value) for name, value in facts.items()},
    )


def _signature(held: Mapping[str, Any]) -> Signature:
    count = count_json.from_json(held.get("count"))
    return Signature(_whole(held.get("signature")), _text(held.get("key")), count)


def _stretch(held: Mapping[str, Any]) -> Stretch:
    counts = held.get("counts")
    if not isinstance(counts, list) or not all(isinstance(item, dict) for item in counts):
        raise ValueError("counts are no list of objects")
    delayed = held.get("delayed")
    first, last = held.get("first_step"), held.get("last_step")
    stretch = Stretch(
        tuple(
            (_whole(item.get("signature")), _text(item.get("purpose")), _whole(item.get("steps")))
            for item in counts
        ),
        None if first is None else _whole(first),
        None if last is None else _whole(last),
        held.get("ordered") is True,
        _whole(held.get("began_ms")),
        _whole(held.get("ended_ms")),
        _whole(held.get("ms")),
        _whole(held.get("due_ms")),
        "" if delayed is None else _delayed(delayed),
    )
    first, last = stretch.first_step, stretch.last_step
    if (first is None) != (last is None) or (
        first is not None and last is not None and last < first
    ):
        raise ValueError("its last step lies before its first")
    if not stretch.began_ms <= stretch.ended_ms <= stretch.ms:
        raise ValueError("its times are out of order")
    return stretch


def _delayed(held: object) -> str:
    if not isinstance(held, dict):
        raise ValueError("delayed is no object")
    return f"{_text(held.get('reason'))}, since {_text(held.get('since'))}"


def _resumed(held: Mapping[str, Any]) -> Resumed:
    window, steps = held.get("window_ms"), held.get("steps_high")
    return Resumed(
        _text(held.get("since")),
        None if window is None else _whole(window),
        None if steps is None else _whole(steps),
    )


def _closed(held: Mapping[str, Any]) -> Closed:
    return Closed(_whole(held.get("ms")))


def _anchored(held: Mapping[str, Any]) -> Anchored:
    return Anchored(_text(held.get("head")), _text(held.get("noted")))


_READ: dict[str, Callable[[Mapping[str, Any]], Entry]] = {
    "opened": _opened,
    "signature": _signature,
    "interval": _stretch,
    "resumed": _resumed,
    "closed": _closed,
    "anchored": _anchored,
}


def _number(held: object) -> int:
    if not isinstance(held, int) or isinstance(held, bool):
        raise ValueError(f"{held!r:.40} is no whole number")
    return held


def _whole(held: object) -> int:
    number = _number(held)
    if not 0 <= number < 2**53:
        raise ValueError(f"{number!r:.40} is negative or too great")
    return number


def _text(held: object) -> str:
    if not isinstance(held, str):
        raise ValueError(f"{held!r:.40} is no text")
    return held


def _moment(held: object) -> datetime:
    found = datetime.fromisoformat(_text(held))
    if found.tzinfo is None:
        raise ValueError(f"{held!r:.40} has no zone")
    return found
