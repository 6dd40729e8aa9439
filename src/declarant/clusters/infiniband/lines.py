"""The lines of one block of a dump, and what can be read off all of them together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.columns import Ports, Sections
from declarant.clusters.infiniband.guids import DIGITS, read_guids
from declarant.clusters.infiniband.rate_columns import read_rates

HIGHEST_PORT = 254  # InfiniBand Architecture Specification, volume 1: port numbers are 1 to 254
PADDING = 32  # bytes behind a block that look-ups may touch
_NEWLINE, _RETURN, _QUOTE, _BRACKET = ord("\n"), ord("\r"), ord('"'), ord("[")
_ZERO = np.uint8(ord("0"))
_HEADS = {ord("S"): ord("S"), ord("C"): ord("H"), ord("R"): ord("R")}  # Switch, Ca, Rt

Place = NDArray[np.int64]  # in the block
Bool = NDArray[np.bool_]


def _letters(text: bytes) -> Bool:
    table = np.zeros(256, np.bool_)
    table[list(text)] = True
    return table


_BLANK = _letters(b" \t\r")
_PEERS = _letters(b"SHR")
_HEAD = _letters(bytes(_HEADS))
_QUIET = _letters(b"\n#vdcrs")  # comments; vendid, devid, caguid, rtguid, switchguid, sysimgguid
_GROUPING = (b"Chassis ", b"Hostname:")  # printed by `ibnetdiscover -g`


class Lines:
    """The lines of a block; all places count from its begin.

    Attributes:
        start, end: of each line, without blanks before it and the newline behind; shape (n,).
    """

    def __init__(self, whole: NDArray[np.uint8], begin: int, stop: int) -> None:
        """Take the lines of `whole` between two positions, of which the first begins a line."""
        text = whole[begin:stop]
        unended = text[-1] != _NEWLINE
        padded = whole[begin : stop + PADDING]
        if len(padded) < stop - begin + PADDING:  # at the end of the file
            padded = np.concatenate((text, np.full(PADDING, _NEWLINE, np.uint8)))
            text = padded[: stop - begin + unended]
        self.text = padded
        self.end = np.flatnonzero(text == _NEWLINE)
        self.start = np.concatenate((np.zeros(1, np.int64), self.end[:-1] + 1))
        self._first = padded[self.start]
        if _BLANK[self._first].any():
            self._indented()
        self._port_rows = np.flatnonzero(self._first == _BRACKET)
        self._head_rows = np.flatnonzero(_HEAD[self._first])
        self._unread: list[Place] = []

    def _indented(self) -> None:
        """Move the start of lines past blanks; a line of blanks only starts at its end."""
        for _ in range(256):
            leading = np.flatnonzero(_BLANK[self._first] & (self.start < self.end))
            if not len(leading):
                return
            self.start[leading] += 1
            self._first[leading] = self.text[self.start[leading]]

    def __len__(self) -> int:
        return len(self.start)

    def sections(self) -> Sections:
        """Return the heads of node sections."""
        rows = self._head_rows
        quote = self._next_quote(self.start[rows], self.end[rows])
        kind, guid, valid = self._node_ids(quote, self.end[rows])
        letter = self._first[rows]
        for head, node in _HEADS.items():
            valid &= (letter != head) | (kind == node)
        self._head_rows = rows[valid]
        opening = quote[valid] + 1
        at = opening.astype(np.int64)
        return Sections(at, kind[valid], guid[valid], self._descriptions(opening, rows[valid]))

    def ports(self) -> Ports:
        """Return the port lines; to be called after `sections`, whose rows they refer to."""
        rows = self._port_rows
        end = self.end[rows]
        port, after, valid = self._port_number(self.start[rows])
        quote = self._quote_after_port(after)
        kind, guid, named = self._node_ids(quote, end)
        peer_port, after, numbered = self._port_number(quote + (DIGITS + 4))
        valid &= named & numbered & (after < end)
        if not valid.all():
            self._unread.append(rows[~valid])
            rows, quote, after, end = rows[valid], quote[valid], after[valid], end[valid]
            kind, guid, port, peer_port = kind[valid], guid[valid], port[valid], peer_port[valid]
        rate = read_rates(self.text, after, end - (self.text[end - 1] == _RETURN))
        section = (np.searchsorted(self._head_rows, rows) - 1).astype(np.int32)
        return Ports((quote + 1).astype(np.int32), section, port, kind, guid, peer_port, rate)

    def odd(self) -> NDArray[np.int64]:
        """Return where lines in no known form begin; after `sections` and `ports` were called."""
        odd = (self.end > self.start) & ~_QUIET[self._first]
        odd[self._port_rows] = False
        odd[self._head_rows] = False
        rows = np.flatnonzero(odd)
        begins = [self.text[at : at + 10].tobytes() for at in self.start[rows].tolist()]
        unknown = np.array([not begin.startswith(_GROUPING) for begin in begins], np.bool_)
        every = np.unique(np.concatenate([rows[unknown], *self._unread]))
        begin: NDArray[np.int64] = self.start[every].astype(np.int64)
        return begin

    def _port_number(self, at: Place) -> tuple[NDArray[np.uint8], Place, Bool]:
        """Read the port number in brackets at each place: number, place behind it, valid."""
        text = self.text
        at = np.minimum(at, len(text) - 6)
        value = text[at + 1] - _ZERO
        fits = value <= 9
        closing = at + 2
        for _ in range(2):
            digit = text[closing] - _ZERO
            more = digit <= 9
            tens = HIGHEST_PORT // 10
            fits &= ~more | (value < tens) | ((value == tens) & (digit <= HIGHEST_PORT % 10))
            value = np.where(more, value * np.uint8(10) + digit, value)
            closing = closing + more
        valid = fits & (text[at] == _BRACKET) & (text[closing] == ord("]"))
        return value, closing + 1, valid

    def _quote_after_port(self, at: Place) -> Place:
        """Return the quotation mark that opens the peer's id: past a port GUID and blanks.

        Where another form is met, some other place is returned, which holds no id.
        """
        text, last = self.text, len(self.text) - 1
        if (text[np.minimum(at, last)] == _BRACKET).any():  # `[ext 5]`, printed by -g
            at = np.where(text[at] == _BRACKET, self._next(at, ord("]")) + 1, at)
        guid = np.flatnonzero(text[at] == ord("("))
        at = at.copy()
        at[guid] += DIGITS + 1  # to the closing parenthesis of a full GUID, and back from there
        for _ in range(DIGITS):
            guid = guid[text[np.minimum(at[guid], last)] != ord(")")]
            if not len(guid):
                break
            at[guid] -= 1
        at = np.minimum(at, last)
        at = at + (text[at] == ord(")"))
        blank = np.arange(len(at))
        for _ in range(PADDING):
            blank = blank[_BLANK[text[np.minimum(at[blank], last)]]]
            if not len(blank):
                break
            at[blank] += 1
        return at

    def _next(self, at: Place, letter: int) -> Place:
        """Return the next place of `letter` within a few bytes, else the last place looked at."""
        found, last = at.copy(), len(self.text) - 1
        seeking = np.arange(len(at))
        for _ in range(PADDING - 2):
            seeking = seeking[self.text[np.minimum(found[seeking], last)] != letter]
            if not len(seeking):
                break
            found[seeking] += 1
        return np.minimum(found, last)

    def _next_quote(self, at: Place, end: Place) -> Place:
        return np.minimum(self._next(at, _QUOTE), end)

    def _node_ids(
        self, quote: Place, end: Place
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint64], Bool]:
        """Read ids, `"S-2c5eab0300b87b40"`, at their opening quotation marks.

        Returns the letter, the GUID, and whether there is an id at all.
        """
        text = self.text
        at = np.minimum(quote, len(text) - DIGITS - 8)
        kind = text[at + 1]
        valid = (text[at] == _QUOTE) & _PEERS[kind] & (text[at + 2] == ord("-"))
        valid &= (text[at + (DIGITS + 3)] == _QUOTE) & (at + (DIGITS + 3) < end) & (at == quote)
        guid, digits = read_guids(text, at + 3)
        return kind, guid, valid & digits

    def _descriptions(self, opening: Place, rows: Place) -> NDArray[np.uint8]:
        """Return the quoted descriptions behind node ids, each ended by a newline."""
        end = self.end[rows]
        begin = self._next_quote(opening + (DIGITS + 3), end) + 1
        closing = end - 1 - (self.text[end - 1] == _RETURN)
        raw = self.text.data
        for row in np.flatnonzero(self.text[closing] != _QUOTE).tolist():
            found = bytes(raw[begin[row] : end[row]]).rfind(b'"')
            closing[row] = begin[row] + found if found >= 0 else begin[row]
        length = np.maximum(closing - begin, 0) + 1  # the closing quotation mark as well
        stop = np.cumsum(length)
        within = np.arange(length.sum()) - np.repeat(stop - length, length)
        names: NDArray[np.uint8] = self.text[np.repeat(begin, length) + within]
        names[names < ord(" ")] = ord(" ")
        names[stop - 1] = _NEWLINE
        return names
