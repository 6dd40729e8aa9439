"""A ledger's file read line by line, and its chain held together: every break is found.

The rule: record n holds the digest of record n - 1. A line that is no record is allowed in one
place only: where a kill or a full disk cut a line off, and the next record says so in `torn`, with
the size and the digest of what stands there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from declarant.compute.readers.source import opened
from declarant.compute.tracker.record import GENESIS, LONGEST, Record, parse


@dataclass(frozen=True, slots=True)
class Whole:
    """A record in its place, or one that stands elsewhere than it did (`moved`)."""

    line: int
    record: Record
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """The chain does not hold at this line.

    Attributes:
        line: from 1.
        what: in a sentence without its end.
        missing: records that should stand before this line and do not.
    """

    line: int
    what: str
    missing: int = 0


@dataclass(frozen=True, slots=True)
class TornLine:
    """A line cut off by a kill or a full disk; at the end of the file, or named by what follows."""

    line: int
    size: int
    named: bool


Item = Whole | Break | TornLine


class Chain:
    """Reads one file; `head` and `records` are those of its end once it was read through."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.head = GENESIS
        self.genesis = ""
        self.records = 0
        self.is_whole = True
        self._next = 0
        self._missing: list[range] = []

    def __iter__(self) -> Iterator[Item]:
        """Yield what the lines are, in their order.

        Raises:
            OSError, EOFError, zlib.error: when the file cannot be read or is damaged gzip.
        """
        rest = _Rest()
        for line, content in _lines(self.path):
            parsed = parse(content.rstrip(b"\n"))
            if isinstance(parsed, Record):
                yield from self._checked(line, parsed, rest)
                rest = _Rest()
            else:
                rest.take(line, content, parsed)
        if rest.size and rest.ends_line:
            yield self._broken(Break(rest.line, rest.why))
        elif rest.size:
            yield TornLine(rest.line, rest.size, named=False)

    def _checked(self, line: int, record: Record, rest: _Rest) -> Iterator[Item]:
        torn = record.fields.get("torn")
        if rest.size:
            if rest.matches(torn):
                yield TornLine(rest.line, rest.size, named=True)
            else:
                yield self._broken(Break(rest.line, rest.why))
        elif torn is not None:
            yield self._broken(Break(line, "a torn line that the record names is not there"))
        expected, known = self._next, self._is_new(record.n)
        if record.n > expected:
            missing = record.n - expected
            what = f"{_records(missing)} before it {'is' if missing == 1 else 'are'} not there"
            yield self._broken(Break(line, what, missing))
        elif record.n < expected:
            what = "the record does not stand in its place" if known else "the record is repeated"
            yield self._broken(Break(line, what))
        elif record.previous != self.head:
            what = "the record before it is not the one that stood there when it was written"
            yield self._broken(Break(line, what))
        self.genesis = self.genesis or record.sha256
        self.head = record.sha256
        self._next = max(expected, record.n + 1)
        self.records += 1
        if known:
            yield Whole(line, record, moved=record.n < expected)

    def _is_new(self, n: int) -> bool:
        """Whether record `n` was not seen yet; keeps account of those that are missing."""
        if n >= self._next:
            if n > self._next and len(self._missing) < 1000:
                self._missing.append(range(self._next, n))
            return True
        for index, gap in enumerate(self._missing):
            if n in gap:
                parts = (range(gap.start, n), range(n + 1, gap.stop))
                self._missing[index : index + 1] = [part for part in parts if part]
                return True
        return False

    def _broken(self, found: Break) -> Break:
        self.is_whole = False
        return found


class _Rest:
    """Lines that are no records, one after the other."""

    def __init__(self) -> None:
        self.line, self.size, self.why, self.ends_line = 0, 0, "", False
        self._digest = hashlib.sha256()
        self._last = b""

    def take(self, line: int, content: bytes, why: str) -> None:
        if not self.size:
            self.line, self.why = line, why
        self.size += len(content)
        self.ends_line = content.endswith(b"\n")
        self._digest.update(self._last)
        self._last = content

    def matches(self, torn: object) -> bool:
        """Whether `torn` names these bytes, without the line end that was put behind them."""
        if not isinstance(torn, dict):
            return False
        self._digest.update(self._last.removesuffix(b"\n"))
        size = self.size - self._last.endswith(b"\n")
        return torn.get("bytes") == size and torn.get("sha256") == self._digest.hexdigest()


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield (number, line with its end); of an overlong line, pieces with the same number."""
    with opened(path) as stream:
        line, begins = 0, True
        while content := stream.readline(LONGEST + 2):
            line += begins
            begins = content.endswith(b"\n")
            yield line, content


def _records(count: int) -> str:
    return "one record" if count == 1 else f"{count} records"
