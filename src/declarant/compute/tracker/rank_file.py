"""The file of one rank, held open by one process: locked, appended to in whole lines, synced."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from declarant.compute.tracker.record import GENESIS, LONGEST, Body, Record, line_of, parse

try:
    import fcntl
except ImportError:  # not on Windows: two processes at once are then not noticed
    fcntl = None  # type: ignore[assignment]  # no locks on Windows

TAIL = 1 << 20
"""Bytes at the end of a file that a new process looks at; it never reads the whole."""
MOST_FILES = 1000
"""Of one rank, written by processes that ran at the same time."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class NoPlaceError(OSError):
    """No file of this rank can be opened: all are held by others, or end in no record."""


@dataclass(frozen=True, slots=True)
class Torn:
    """What stands at the end of a file and is no record: a line cut off by a kill or a full disk.

    Attributes:
        size: in bytes.
        sha256: of these bytes.
    """

    size: int
    sha256: str


def run_folder(folder: Path, run: str) -> Path:
    """Return the folder of one run's ledger inside `folder`, named after the run."""
    safe = _UNSAFE.sub("-", run).strip(".-")[:80]
    if safe == run:
        return folder / run
    return folder / f"{safe or 'run'}-{hashlib.sha256(run.encode()).hexdigest()[:8]}"


def file_name(rank: int, number: int = 1) -> str:
    """Return the name of a rank's file; later numbers are those of processes beside the first."""
    return f"rank-{rank:05d}{'' if number == 1 else f'.{number}'}.ledger.jsonl"


class RankFile:
    """An open, locked file of one rank.

    Attributes:
        path: where it is.
        number: 1, or more where another process held the files before it.
        locked: whether the file system could lock it.
        records: whole records at its end, as it was when it was opened; none when it was new.
        torn: what stood behind them, None when nothing did.
        head: digest of the last record.

    Raises:
        OSError: when it cannot be opened, read or locked.
    """

    def __init__(self, folder: Path, rank: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, MOST_FILES):
            self.path, self.number = folder / file_name(rank, number), number
            if self._opened():
                return
        raise NoPlaceError(f"{folder} holds {MOST_FILES} files of rank {rank} already")

    def _opened(self) -> bool:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        self._file = os.open(self.path, flags, 0o644)
        try:
            locked = _lock(self._file)
            if locked is not None:
                self.locked = locked
                size = os.fstat(self._file).st_size
                self.records, self.torn = _tail(self._file, size)
                if size == 0 or self.records:
                    break_off = self.torn is not None or not _ends_a_line(self._file, size)
                    self._begin = b"\n" if break_off else b""
                    self.head = self.records[-1].sha256 if self.records else GENESIS
                    self._n = self.records[-1].n + 1 if self.records else 0
                    if size == 0:
                        _sync_folder(self.path.parent)
                    return True
        except BaseException:
            os.close(self._file)
            raise
        os.close(self._file)
        return False

    def append(self, bodies: Sequence[Body]) -> None:
        """Write records in one piece, and wait until they lie on the disk.

        Raises:
            OSError: when they could not be written; what was written of them is taken back where
                the file system allows it, and counts as torn where it does not.
        """
        lines: list[bytes] = []
        head, n = self.head, self._n
        for body in bodies:
            told = body if self.torn is None or lines else {**body, "torn": self._torn_field()}
            line, head = line_of(told, n, head)
            lines.append(line)
            n += 1
        before = os.fstat(self._file).st_size
        held = self.head, self._n, self._begin, self.torn
        try:
            _write(self._file, self._begin + b"".join(lines))
            self.head, self._n, self._begin, self.torn = head, n, b"", None
        except BaseException:  # an interruption from the keyboard too
            self.head, self._n, self._begin, self.torn = held
            self._take_back(before)
            raise
        with suppress(OSError):  # they are in the file; a second writing would count them twice
            os.fsync(self._file)

    def is_in_place(self) -> bool:
        """Whether the file still stands under its name: not removed, not replaced."""
        try:
            return os.path.samestat(os.fstat(self._file), self.path.stat())
        except OSError:
            return False

    def close(self) -> None:
        """Give up the file and its lock, also where a forked child still holds the file."""
        if fcntl is not None:
            with suppress(OSError):
                fcntl.flock(self._file, fcntl.LOCK_UN)
        self.drop()

    def drop(self) -> None:
        """Close the file in a forked child; the lock is its parent's."""
        with suppress(OSError):
            os.close(self._file)

    def _torn_field(self) -> dict[str, int | str]:
        torn = self.torn
        assert torn is not None  # noqa: S101 - for the type checker
        return {"bytes": torn.size, "sha256": torn.sha256}

    def _take_back(self, size: int) -> None:
        try:
            os.ftruncate(self._file, size)
        except OSError:  # a file that can only be appended to keeps the piece, as torn
            _, self.torn = _tail(self._file, os.fstat(self._file).st_size)
            self._begin = b"" if self.torn is None else b"\n"


def _write(file: int, content: bytes) -> None:
    left = memoryview(content)
    while left:  # once, but for a disk that is full
        left = left[os.write(file, left) :]


def _lock(file: int) -> bool | None:
    """Lock a file: True, False when the file system knows no locks, None when another holds it."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    except OSError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # some file systems cannot; the file itself is synced all the same
        held = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)


def _ends_a_line(file: int, size: int) -> bool:
    return size == 0 or os.pread(file, 1, size - 1) == b"\n"


def _tail(file: int, size: int) -> tuple[tuple[Record, ...], Torn | None]:
    """Return the last whole records of a file, and what stands behind them."""
    start = max(0, size - TAIL - LONGEST)
    content = os.pread(file, size - start, start)
    at = content.index(b"\n") + 1 if start and b"\n" in content else 0
    records: list[Record] = []
    end_of_last = at
    for line, end in _lines(content, at):
        record = parse(line)
        if isinstance(record, Record):
            records.append(record)
            end_of_last = end
    rest = content[end_of_last:]
    torn = Torn(len(rest), hashlib.sha256(rest).hexdigest()) if rest else None
    return tuple(records), torn


def _lines(content: bytes, at: int) -> Iterator[tuple[bytes, int]]:
    while at < len(content):
        end = content.find(b"\n", at)
        if end < 0:
            yield content[at:], len(content)
            return
        yield content[at:end], end + 1
        at = end + 1
