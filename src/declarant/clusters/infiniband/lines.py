"""The lines of one block of a dump, and what can be read off all of them together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from declarant.clusters.infiniband.columns import Ports, Sections
from declarant.clusters.infiniband.guids import DIGITS, GuidTexts, guid_texts, words_of
from declarant.clusters.infiniband.rate_columns import read_rates

HIGHEST_PORT = 254  # InfiniBand Architecture Specification, volume 1: port numbers are 1 to 254
PADDING = 128  # bytes behind a block that look-ups may touch
_REACH = 32  # how far a quotation mark is looked for
_NEWLINE, _RETURN, _TAB, _SPACE = ord("\n"), ord("\r"), ord("\t"), ord(" ")
_QUOTE, _OPEN, _CLOSE = ord('"'), ord("["), ord("]")

# what the first letter of a line makes of it
_ODD, _PORT, _HEAD, _QUIET, _BLANK = range(5)
_CLASS = np.full(256, _ODD, np.uint8)
_CLASS[_OPEN] = _PORT
_CLASS[list(b"SCR")] = _HEAD  # Switch, Ca, Rt
_CLASS[list(b"\n#vdcrs")] = _QUIET  # comments; vendid, devid, caguid, rtguid, switchguid, ...
_CLASS[[_TAB, _SPACE, _RETURN]] = _BLANK
_LETTER_OF_HEAD = {ord("S"): ord("S"), ord("C"): ord("H"), ord("R"): ord("R")}
_IS_LETTER = np.zeros(256, np.bool_)
_IS_LETTER[list(b"SHR")] = True
_GROUPING = (b"Chassis ", b"Hostname:")  # printed by `ibnetdiscover -g`

Place = NDArray[np.int64]  # in the block
Bool = NDArray[np.bool_]


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
        self._words = words_of(padded)
        self.end = np.flatnonzero(text == _NEWLINE)
        self.start = np.empty_like(self.end)
        self.start[0] = 0
        np.add(self.end[:-1], 1, out=self.start[1:])
        self._class = _CLASS[padded[self.start]]
        if (self._class == _BLANK).any():
            self._indented()
        self._port_rows = np.flatnonzero(self._class == _PORT)
        self._head_rows = np.flatnonzero(self._class == _HEAD)

    def _indented(self) -> None:
        """Move the start of lines past blanks; a line of blanks only becomes an empty one."""
        for _ in range(256):
            leading = np.flatnonzero((self._class == _BLANK) & (self.start < self.end))
            if not len(leading):
                return
            self.start[leading] += 1
            self._class[leading] = _CLASS[self.text[self.start[leading]]]

    def sections(self) -> Sections:
        """Return the heads of node sections."""
        rows = self._head_rows
        quote = self._next_quote(self.start[rows])
        kind, text, _, valid = self._node_ids(quote, self.end[rows])
        guid, digits = text.numbers()
        valid &= digits
        letter = self.text[self.start[rows]]
        for head, node in _LETTER_OF_HEAD.items():
            valid &= (letter != head) | (kind == node)
        self._class[rows[~valid]] = _ODD
        self._head_rows = rows = rows[valid]
        opening = quote[valid] + 1
        names = self._descriptions(opening + DIGITS + 3, self.end[rows])
        return Sections(opening, kind[valid], text.at(valid), guid[valid], names)

    def ports(self) -> Ports:
        """Return the port lines; to be called after `sections`, whose rows they refer to."""
        rows = self._port_rows
        end = self.end[rows]
        port, after, valid = self._port_number(self._words[self.start[rows]], self.start[rows])
        quote = self._quote_after_port(after)
        kind, peer, behind, named = self._node_ids(quote, end)
        peer_port, after, numbered = self._port_number(behind, quote + (DIGITS + 4))
        valid &= named & numbered & (after <= end)
        if not valid.all():
            self._class[rows[~valid]] = _ODD
            rows, quote, after, end = rows[valid], quote[valid], after[valid], end[valid]
            kind, peer, port, peer_port = kind[valid], peer.at(valid), port[valid], peer_port[valid]
        rate = read_rates(self.text, after, end)
        section = (np.searchsorted(self._head_rows, rows) - 1).astype(np.int32)
        return Ports((quote + 1).astype(np.int32), section, port, kind, peer, peer_port, rate)

    def odd(self) -> Place:
        """Return where lines in no known form begin; after `sections` and `ports` were called."""
        rows = np.flatnonzero((self._class == _ODD) & (self.end > self.start))
        begins = [self.text[at : at + 10].tobytes() for at in self.start[rows].tolist()]
        unknown = np.array([not begin.startswith(_GROUPING) for begin in begins], np.bool_)
        begin: Place = self.start[rows[unknown]]
        return begin

    def _port_number(
        self, word: NDArray[np.uint64], at: Place
    ) -> tuple[NDArray[np.uint8], Place, Bool]:
        """Read `[123]` off the eight bytes at each place: number, place behind it, valid."""
        letters = word.view(np.uint8).reshape(-1, 8)
        first, second, third, fourth = (letters[:, column] for column in (1, 2, 3, 4))
        zero = np.uint8(ord("0"))
        two = second - zero <= 9
        three = two & (third - zero <= 9)
        tens = np.where(two, (first - zero) * np.uint8(10) + (second - zero), first - zero)
        value = np.where(three, tens * np.uint8(10) + (third - zero), tens)
        closing = np.where(three, fourth, np.where(two, third, second))
        valid = (letters[:, 0] == _OPEN) & (first - zero <= 9) & (closing == _CLOSE)
        highest = (tens < HIGHEST_PORT // 10) | (
            (tens == HIGHEST_PORT // 10) & (third - zero <= HIGHEST_PORT % 10)
        )
        valid &= ~three | highest
        return value, at + 3 + two + three, valid

    def _quote_after_port(self, at: Place) -> Place:
        """Return the quotation mark that opens the peer's id: past a port GUID and blanks.

        Where another form is met, some other place is returned, which holds no id.
        """
        text = self.text
        quote = at + 1
        others = np.flatnonzero((text[at] != _TAB) | (text[quote] != _QUOTE))
        if len(others):
            quote[others] = self._quote_further(at[others])
        return quote

    def _quote_further(self, at: Place) -> Place:
        text = self.text
        external = text[at] == _OPEN  # `[ext 5]`, printed by -g
        if external.any():
            at = np.where(external, self._next(at, _CLOSE) + 1, at)
        guid = np.flatnonzero(text[at] == ord("("))
        at[guid] += DIGITS + 1  # to the closing parenthesis of a full GUID, and back from there
        for _ in range(DIGITS):
            guid = guid[text[at[guid]] != ord(")")]
            if not len(guid):
                break
            at[guid] -= 1
        at += text[at] == ord(")")
        blank = np.arange(len(at))
        for _ in range(_REACH):
            blank = blank[_CLASS[text[at[blank]]] == _BLANK]
            if not len(blank):
                break
            at[blank] += 1
        return at

    def _next(self, at: Place, letter: int) -> Place:
        """Return the next place of `letter` within a few bytes, else the last place looked at."""
        found = at.copy()
        seeking = np.arange(len(at))
        for _ in range(_REACH):
            seeking = seeking[self.text[found[seeking]] != letter]
            if not len(seeking):
                break
            found[seeking] += 1
        return found

    def _next_quote(self, at: Place) -> Place:
        return self._next(at, _QUOTE)

    def _node_ids(
        self, quote: Place, end: Place
    ) -> tuple[NDArray[np.uint8], GuidTexts, NDArray[np.uint64], Bool]:
        """Read ids, `"S-2c5eab0300b87b40"`, at their opening quotation marks.

        Returns the letter, the sixteen letters behind it, the eight bytes behind the id, and
        whether there is something in the form of an id.
        """
        head = self._words[quote].view(np.uint8).reshape(-1, 8)
        kind = head[:, 1].copy()
        tail = self._words[quote + (DIGITS + 3)]
        valid = (head[:, 0] == _QUOTE) & _IS_LETTER[kind] & (head[:, 2] == ord("-"))
        valid &= (tail.view(np.uint8).reshape(-1, 8)[:, 0] == _QUOTE) & (quote + DIGITS + 3 < end)
        return kind, guid_texts(self._words, quote + 3), tail >> np.uint64(8), valid

    def _descriptions(self, at: Place, end: Place) -> NDArray[np.uint8]:
        """Return the next quoted text of each line, each ended by a newline; blank when none."""
        begin = np.minimum(self._next_quote(at), end) + 1
        closing = end - 1 - (self.text[end - 1] == _RETURN)
        raw = self.text.data
        for row in np.flatnonzero(self.text[closing] != _QUOTE).tolist():
            found = bytes(raw[begin[row] : end[row]]).rfind(b'"')
            closing[row] = begin[row] + found if found >= 0 else begin[row]
        length = np.maximum(closing - begin, 0)
        return _lines_at(self.text, begin, length)


def _lines_at(text: NDArray[np.uint8], begin: Place, length: Place) -> NDArray[np.uint8]:
    """Return pieces of the text, one after another, each ended by a newline."""
    if not len(begin):
        return np.empty(0, np.uint8)
    longest = int(length.max())
    if int(begin.max()) + longest >= len(text):
        text = np.concatenate((text, np.zeros(longest + 1, np.uint8)))
    each: NDArray[np.void] = np.ndarray(
        (len(text) - longest,), dtype=f"V{longest + 1}", buffer=text.data, strides=(1,)
    )
    table = each[begin].view(np.uint8).reshape(len(begin), longest + 1)
    table[table < _SPACE] = _SPACE
    table[np.arange(len(begin)), length] = _NEWLINE
    lines: NDArray[np.uint8] = table[np.arange(longest + 1) <= length[:, None]]
    return lines
