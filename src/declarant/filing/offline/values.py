"""Numbers, days and words as people write them off line; exact, or not read at all."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from declarant.filing.exchange.parts import DecimalText
from declarant.filing.parts import Part

_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2
LONGEST_TEXT = 20_000
NO_WORDS = frozenset({"", "no", "否"})  # what is no mark of "not known"


class _Number(Part):
    number: DecimalText


def read_number(text: str) -> str | None:
    """Return a number as decimal text; `1,234.50` and `1.2e26` are read too. None: no number.

    Digits are kept as written; only groups, signs and exponents are resolved, exactly.
    """
    if not _NUMBER.fullmatch(text.strip()):
        return None
    plain = text.strip().replace(",", "").removeprefix("+")
    if "e" in plain.lower():
        plain = format(Decimal(plain), "f")
    sign, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    whole, point, rest = digits.partition(".")
    written = f"{sign}{whole.lstrip('0') or '0'}{point}{rest}"
    try:
        return _Number(number=written).number
    except ValueError:  # longer than a document holds
        return None


def read_day(text: str) -> date | None:
    """Return a day written as 2027-02-01 (or with / or .); None: no day."""
    found = _ISO.fullmatch(text.strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def in_words(value: object) -> str:
    """Return the content of a cell as text: what the program made a number or a day of."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case datetime() if value.time() == value.time().min:
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case float() if value == int(value) and abs(value) < 2**53:
            return str(int(value))
        case float():
            return format(Decimal(repr(value)), "f")
        case _:
            return str(value)


def tidied(text: str) -> str:
    """Return text as a document can hold it: one kind of line end, no other control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    return _CONTROLS.sub(" ", lines)


def can_stand(text: str) -> bool:
    """Whether text can stand in an office file and come back as it was."""
    return not _NOT_XML.search(text)


def showable_in_file(text: str) -> str:
    """Return text that is only shown, with what no office file holds replaced."""
    return _NOT_XML.sub("\ufffd", tidied(text))
