"""One form of bytes for each document, so that its hash means the same everywhere.

JSON Canonicalization Scheme, RFC 8785: keys sorted, no spaces, one spelling of every number and
string. The files this product writes are in that form, so `sha256sum` prints a document's hash.
"""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785

ID_DIGITS = 16  # of the hash, in a document's id: enough for people; the full hash proves


def canonical(content: Any) -> bytes:
    """Return JSON content (mappings, lists, text, whole numbers, booleans, null) in its one form.

    Raises:
        ValueError: when something in it has no form in JSON (a lone surrogate, an integer past
            2^53, a number that is none).
    """
    try:
        return rfc8785.dumps(content)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(str(error)) from None


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def content_id(content: dict[str, Any]) -> str:
    """Return the id of a document: regime, period, kind, and a hash of everything but the id.

    The period is the quarter it is for; for a document without one, the day it was prepared on.

    Raises:
        ValueError: as `canonical`.
    """
    rest = {key: value for key, value in content.items() if key != "id"}
    digest = sha256(canonical(rest))[:ID_DIGITS]
    period = content["quarter"] if "quarter" in content else content["prepared_on"]
    return f"{content['regime']['id']}/{period}/{content['kind']}/{digest}"
