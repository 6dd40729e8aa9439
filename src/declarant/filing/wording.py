"""How days, amounts and words are written for people: on the form, in the mail, in changes."""

from __future__ import annotations

import re
import textwrap
from datetime import date
from typing import Any

from declarant.filing.fonts import showable
from declarant.filing.parts import Amount
from declarant.quantities import show_interval

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_EXPONENT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)e(\d{1,3})(?!\w)")
# a count in a sentence: no decimal, no part of a name, a path, a hash or a telephone number
_LONG_NUMBER = re.compile(r"(?<![\w.,/+-])[0-9]{10,}(?![\w/]|[.,:-]\w)")
_LONG_WORD = re.compile(r"(?![0-9a-f]{32}$)[^\s\u2e80-\uffef]{25,}", re.MULTILINE)
_WIDTH = 76
_BREAK = "\u200b"  # a place where a long word may break; nothing is seen of it

VERDICTS = {
    "reportable": "Reportable",
    "not_reportable": "Not reportable",
    "undetermined": "Undetermined",
}
STANDINGS = {
    "first": "First filing",
    "not_compared": "Not compared",
    "new": "New",
    "changed": "Changed",
    "same": "Same",
}
WHEN = {
    "current": "engaged in during the period",
    "planned": "planned within the look-ahead",
    "outside": "outside the period",
    "unknown": "date not known",
}
UNITS = {"operations": "operations", "operations_per_second": "operations per second"}


def day(when: date | None) -> str:
    """Return a date as U.S. forms write it: January 15, 2027."""
    return f"{when:%B} {when.day}, {when.year}" if when else "not known"


def figure(amount: Amount, digits: int = 3) -> str:
    """Return an amount with powers of ten: 1.25 × 10²⁶ (1.18 × 10²⁶ to 1.32 × 10²⁶)."""
    return powers(show_interval(amount.interval, digits))


def powers(text: str) -> str:
    """Return text with numbers like 1.2e26 written as powers of ten."""
    return _EXPONENT.sub(lambda m: f"{m[1]} × 10{m[2].translate(_SUPERSCRIPT)}", text)


def legible(text: str) -> str:
    """Return a sentence with numbers people can read: powers of ten, long ones in groups."""
    return _LONG_NUMBER.sub(lambda m: _grouped(m[0]), powers(text))


def exact(amount: Amount) -> str:
    """Return the whole numbers behind an amount, in groups of three digits."""
    numbers = dict.fromkeys((amount.low, amount.best, amount.high))
    named = [_grouped(number) for number in numbers if number is not None]
    if amount.high is None:
        named.append("no upper bound known")
    return " · ".join(named)


def _grouped(number: str) -> str:
    return f"{int(number):,}"


def wrapped(text: str, indent: str = "") -> list[str]:
    """Return the lines of a text as a mail shows it; `indent` begins all but the first."""
    return textwrap.wrap(text, _WIDTH, subsequent_indent=indent, break_long_words=False)


def cited(citation: str | None) -> str:
    """Return a citation to stand after what it supports; empty without one."""
    return f" [{citation}]" if citation else ""


def printable(value: Any) -> Any:
    """Return texts, in lists and mappings too, as the form can print them.

    What no font shows becomes its code point; long words may break.
    """
    if isinstance(value, str):
        return _LONG_WORD.sub(lambda m: _breakable(m[0]), showable(value))
    if isinstance(value, dict):
        return {key: printable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [printable(inner) for inner in value]
    return value


def _breakable(word: str) -> str:
    """Return a long word that may break after punctuation, and every 16 characters at least."""
    parts = re.findall(r"[^/_.,:;=@-]{0,15}[/_.,:;=@-]|[^/_.,:;=@-]{1,16}", word)
    return _BREAK.join(parts)
