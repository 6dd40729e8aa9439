"""The lines of one block of a dump, and what can be read off all of them together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.columns import Int, Ports, Sections
from declarant.clusters.infiniband.guids import DIGITS, read_guids
from declarant.clusters.infiniband.rate_columns import read_rates

HIGHEST_PORT = 254  # InfiniBand Architecture Specification, volume 1: port numbers are 1 to 254
_NEWLINE, _QUOTE = ord("\n"), ord('"')
_HEADS = {ord("S"): ord("S"), ord("C"): ord("H"), ord("R"): ord("R")}  # Switch, Ca, Rt


def _letters(text: bytes) -> NDArray[np.bool_]:
    table = np.zeros(256, np.bool_)
    table[list(text)] = True
    return table


_BLANK = _letters(b" \t\r")
_HEAD = _letters(bytes(_HEADS))
_QUIET = _letters(b"#vdcrs")  # comments; vendid, devid, caguid, rtguid, switchguid, sysimgguid
_GROUPING = (b"Chassis ", b"Hostname:")  # printed by `ibnetdiscover -g`


class Lines:
    """The lines of `text` between two positions, of which the first begins a line.

    Attributes:
        start, end: of each line without blanks around it, shape (n,); an empty line has both equal.
    """

    def __init__(self, text: NDArray[np.uint8], begin: int, stop: int) -> None:
        self.text = text
        block = text[begin:stop]
        marks = np.flatnonzero((block == _NEWLINE) | (block == _QUOTE))
        is_newline = block[marks] == _NEWLINE
        marks += begin
        if block[-1] != _NEWLINE:  # the text ends without one
            marks = np.append(marks, stop)
            is_newline = np.append(is_newline, True)
        ends = np.flatnonzero(is_newline)
        self._marks = marks
        self._first_mark = np.concatenate(([0], ends[:-1] + 1))  # of each line, into `marks`
        self._last_mark = ends - 1
        self._quotes = ends - self._first_mark
        self.end = marks[ends]
        self.start: Int = np.concatenate(([begin], self.end[:-1] + 1))
        self._strip()
        self._first = text[np.minimum(self.start, len(text) - 1)]
        self._filled = self.end > self.start
        self._port_rows = np.flatnonzero((self._first == ord("[")) & self._filled)
        self._head_rows = np.flatnonzero(_HEAD[self._first] & (self._quotes >= 2))
        self._unread: list[Int] = []

    def _strip(self) -> None:
        """Move start and end past blanks and carriage returns, a few steps at most."""
        text, start, end = self.text, self.start, self.end
        for _ in range(64):
            trailing = np.flatnonzero((end > start) & _BLANK[text[np.maximum(end - 1, 0)]])
            if not len(trailing):
                break
            end[trailing] -= 1
        for _ in range(64):
            within = np.minimum(start, len(text) - 1)
            leading = np.flatnonzero((end > start) & _BLANK[text[within]])
            if not len(leading):
                break
            start[leading] += 1

    def __len__(self) -> int:
        return len(self.start)

    def sections(self) -> Sections:
        """Return the heads of node sections."""
        rows = self._head_rows
        opening, kind, guid, valid = self._node_ids(rows)
        letter = self._first[rows]
        for head, node in _HEADS.items():
            valid &= (letter != head) | (kind == node)
        self._unread.append(rows[~valid])
        self._head_rows = rows = rows[valid]
        return Sections(opening[valid], kind[valid], guid[valid], self._descriptions(rows))

    def ports(self) -> Ports:
        """Return the port lines; to be called after `sections`, whose rows they refer to."""
        rows = self._port_rows
        opening, kind, guid, valid = self._node_ids(rows)
        port, _, port_valid = self._number(self.start[rows] + 1)
        peer_port, after, peer_valid = self._number(opening + DIGITS + 4)
        valid &= port_valid & peer_valid
        if not valid.all():
            self._unread.append(rows[~valid])
            rows, opening, after = rows[valid], opening[valid], after[valid]
            kind, guid = kind[valid], guid[valid]
            port, peer_port = port[valid], peer_port[valid]
        described = self._quotes[rows] >= 4
        rate_from = np.where(described, self._marks[self._last_mark[rows]] + 1, after)
        rate = read_rates(self.text, rate_from, self.end[rows])
        section = np.searchsorted(self._head_rows, rows) - 1
        return Ports(
            opening,
            section.astype(np.int32),
            port.astype(np.uint8),
            kind,
            guid,
            peer_port.astype(np.uint8),
            rate,
        )

    def odd(self) -> Int:
        """Return where lines in no known form begin; after `sections` and `ports` were called."""
        odd = self._filled & ~_QUIET[self._first]
        odd[self._port_rows] = False
        odd[self._head_rows] = False
        rows = np.flatnonzero(odd)
        begins = [self.text[at : at + 10].tobytes() for at in self.start[rows].tolist()]
        unknown = np.array([not begin.startswith(_GROUPING) for begin in begins], np.bool_)
        odd_rows: Int = np.unique(np.concatenate([rows[unknown], *self._unread]))
        return self.start[odd_rows]

    def _node_ids(
        self, rows: Int
    ) -> tuple[Int, NDArray[np.uint8], NDArray[np.uint64], NDArray[np.bool_]]:
        """Read the first quoted text of these lines, `"S-2c5eab0300b87b40"`.

        Returns the position after its opening quote, the letter, the GUID, and whether it is one.
        """
        quoted = self._quotes[rows] >= 2
        first = np.where(quoted, self._first_mark[rows], 0)
        opening = np.where(quoted, self._marks[first] + 1, 0)
        closing = np.where(quoted, self._marks[np.minimum(first + 1, len(self._marks) - 1)], 0)
        valid = quoted & (closing - opening == DIGITS + 2)
        opening = np.where(valid, opening, 0)
        if not valid.any():
            none = np.zeros(len(rows), np.uint64)
            return opening, none.astype(np.uint8), none, valid
        opening = np.where(valid, opening, opening[valid.argmax()])
        guid, digits = read_guids(self.text, opening + 2)
        kind = self.text[opening]
        valid &= digits & (self.text[opening + 1] == ord("-"))
        valid &= (kind == ord("S")) | (kind == ord("H")) | (kind == ord("R"))
        return opening, kind, guid, valid

    def _number(self, at: Int) -> tuple[Int, Int, NDArray[np.bool_]]:
        """Read port numbers that begin at `at` and end at a bracket: value, place after, valid."""
        last = len(self.text) - 1
        after = at.copy()
        value = np.zeros(len(at), np.int64)
        alive: Int | slice = slice(None)
        for _ in range(3):
            digit = self.text[np.minimum(after[alive], last)] - np.uint8(ord("0"))
            is_digit = digit <= 9
            chosen = np.flatnonzero(is_digit) if isinstance(alive, slice) else alive[is_digit]
            value[chosen] = value[chosen] * 10 + digit[is_digit]
            after[chosen] += 1
            alive = chosen
        after = np.minimum(after, last)
        bracketed = (self.text[at - 1] == ord("[")) & (self.text[after] == ord("]"))
        return value, after, bracketed & (after > at) & (value <= HIGHEST_PORT)

    def _descriptions(self, rows: Int) -> NDArray[np.uint8]:
        """Return the quoted descriptions behind the node ids, each ended by a newline."""
        described = self._quotes[rows] >= 4
        begin = self._marks[np.where(described, self._first_mark[rows] + 2, 0)] + 1
        end = self._marks[np.where(described, self._last_mark[rows], 0)]
        length = np.where(described, end - begin, 0) + 1  # the closing quotation mark as well
        last = np.cumsum(length) - 1
        within = np.arange(length.sum()) - np.repeat(last + 1 - length, length)
        names = self.text[np.repeat(begin, length) + within]
        names[last] = _NEWLINE
        return names
