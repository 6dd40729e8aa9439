"""One record of a ledger on disk: a line of canonical JSON that carries its digest and its chain.

The form is RFC 8785 (https://www.rfc-editor.org/rfc/rfc8785). `sha256` is the digest of the record
without that field; `previous` is the `sha256` of the record before. Numbers of operations are
written as decimal strings, since JSON numbers are exact only up to 2^53.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

FORMAT = "declarant-tracker-ledger/1"
GENESIS = "0" * 64
"""What the first record of a file names as the one before it."""
LONGEST = 1 << 20
"""Bytes of a line; a longer one is no record."""

Body = dict[str, Any]
"""A record without `n`, `previous` and `sha256`, which belong to its place in a file."""


@dataclass(frozen=True, slots=True)
class Record:
    """One whole record as read from a file; `fields` are those of its type."""

    n: int
    type: str
    previous: str
    sha256: str
    fields: Mapping[str, Any]


def line_of(body: Body, n: int, previous: str) -> tuple[bytes, str]:
    """Return the line of a record at place `n` of a file, with its line end, and its digest."""
    whole = {**_clean(body), "n": n, "previous": previous}
    digest = hashlib.sha256(rfc8785.dumps(whole)).hexdigest()
    return bytes(rfc8785.dumps({**whole, "sha256": digest})) + b"\n", digest


def parse(line: bytes) -> Record | str:
    """Read a line without its line end; what is wrong with it when it is no whole record."""
    if len(line) > LONGEST:
        return f"the line is longer than {LONGEST} bytes"
    try:
        held = _DECODER.decode(line.decode())
    except (ValueError, RecursionError):
        return "the line is no JSON of a ledger"
    if not isinstance(held, dict):
        return "the line is no JSON object"
    n, kind, previous, digest = (held.get(key) for key in ("n", "type", "previous", "sha256"))
    if not isinstance(n, int) or isinstance(n, bool) or not isinstance(kind, str):
        return "the record has no number or no type"
    if not isinstance(previous, str) or not isinstance(digest, str):
        return "the record has no digest or names none before it"
    try:
        if _canonical(held) != line:
            return "the record is not in canonical form"
        without = line.replace(b'"sha256":"%s",' % digest.encode(), b"", 1)  # "type" follows it
        if hashlib.sha256(without).hexdigest() != digest:
            return "the record does not match its own digest"
    except (ValueError, RecursionError):  # a canonicalization error is a ValueError
        return "the record cannot be written in canonical form"
    return Record(n, kind, previous, digest, held)


def _canonical(held: Mapping[str, Any]) -> bytes:
    """Return RFC 8785's form of a record without fractions.

    For these the standard library writes the same bytes, ten times faster; but for keys beyond
    U+FFFF, which RFC 8785 orders by UTF-16 units.
    """
    text = _ENCODER.encode(held)
    plain = text.isascii() or max(text) <= "\uffff"
    return text.encode() if plain else bytes(rfc8785.dumps(held))


def _exact(digits: str) -> int:
    if len(digits) > 17 or not -(2**53) < (number := int(digits)) < 2**53:
        raise ValueError("beyond what JSON numbers hold exactly")
    return number


def _refused(text: str) -> None:
    raise ValueError(f"{text:.20} stands in no ledger")


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_DECODER = json.JSONDecoder(parse_int=_exact, parse_float=_refused, parse_constant=_refused)


def _clean(held: Any) -> Any:
    """Replace what is no text (halves of surrogate pairs, from names of files and hosts)."""
    if isinstance(held, str):
        return held.encode("utf-8", "replace").decode("utf-8")
    if isinstance(held, dict):
        return {_clean(key): _clean(value) for key, value in held.items()}
    return [_clean(item) for item in held] if isinstance(held, list) else held
