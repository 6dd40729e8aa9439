"""JSON as evidence: one object, no key twice, no NaN, with the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from declarant.problems import BadInput, bad_input

LARGEST = 64 * 1024 * 1024
"""Bytes; a configuration is some kilobytes, what is larger is something else."""


def read_json_object(file: Path) -> tuple[dict[str, Any], str]:
    """Read the one JSON object in `file`.

    Returns:
        The object, and the SHA-256 of the file's bytes in hex.

    Raises:
        BadInput: when the file is missing, empty, too large, not UTF-8, not JSON, repeats a key,
            nests without end, or holds no object.
    """
    name = str(file)
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)  # a device has no size, and may have no end
    except FileNotFoundError:
        raise _refused(name, "there is no such file.", "Check the path.") from None
    except (OSError, ValueError) as error:
        raise _refused(name, f"cannot be read: {error}.", "Check the path.") from None
    if len(content) > LARGEST:
        what = f"holds more than {LARGEST} bytes; a configuration has some kilobytes."
        raise _refused(name, what, "Name the model's config.json.")
    if not content.strip():
        raise _refused(name, "the file is empty.", "Fetch it again, or name another file.")
    return _parsed(content, name), hashlib.sha256(content).hexdigest()


def _parsed(content: bytes, name: str) -> dict[str, Any]:
    try:
        document = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=lambda pairs: _without_repeats(pairs, name),
            parse_constant=lambda word: _no_number(word, name),
        )
    except UnicodeDecodeError:
        raise _refused(name, "is not text in UTF-8.", "Name the model's config.json.") from None
    except json.JSONDecodeError as error:
        raise bad_input(
            "configuration.not_json",
            f"is not JSON: {error.msg} (column {error.colno}).",
            mend="Fetch the file again; it may be cut off.",
            file=name,
            line=error.lineno,
        ) from None
    except RecursionError:
        raise _refused(name, "nests too deeply.", "Name the model's config.json.") from None
    except ValueError:  # a whole number of more digits than can be read
        raise _refused(name, "holds a number of thousands of digits.", "Correct it.") from None
    if not isinstance(document, dict):
        raise _refused(name, "holds no JSON object.", "Name the model's config.json.")
    return document


def _without_repeats(pairs: list[tuple[str, Any]], name: str) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key, value in pairs:
        if key in mapping:
            raise bad_input(
                "configuration.duplicate_key",
                f"the key {key!r} stands twice in one object.",
                mend="Keep the one that is meant.",
                file=name,
                field=ascii(key)[1:-1],
            )
        mapping[key] = value
    return mapping


def _no_number(word: str, name: str) -> Any:
    raise _refused(name, f"holds {word}, which is no number.", "Write a number or null.")


def _refused(name: str, what: str, mend: str) -> BadInput:
    return bad_input("configuration.unreadable", what, mend=mend, file=name)
