"""Reading one file: its bytes, its digest, the reader that knows it, and the reading itself."""

from __future__ import annotations

import codecs
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from declarant.clusters.observation import Observation
from declarant.clusters.readers.node_names import read_node_names
from declarant.clusters.readers.registry import Advance, ReadContext, Reader, Sample, readers
from declarant.problems import BadInput, bad_input

_HEAD = 65_536
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_file(
    path: Path,
    format: str | None = None,
    node_names: Path | None = None,
    *,
    advance: Advance | None = None,
) -> Observation:
    """Read one file of an operator.

    Args:
        path: the file.
        format: the registered name of its format; found from its content when None.
        node_names: a node-name map (GUID -> name) for fabrics that print GUIDs.
        advance: optional; called as advance(done, total) while reading.

    Raises:
        BadInput: when the file is missing, empty, binary, of no known format or of two, or when
            its reader cannot go on. The finding names the file and the mend.
    """
    raw = _bytes_of(path)
    content = _as_utf8(raw, str(path))
    chosen = _named(format) if format else _sniffed(content, path)
    names = read_node_names(node_names) if node_names else {}
    with ThreadPoolExecutor(1) as thread:  # the digest of a large dump costs as much as a look
        digest = thread.submit(lambda: hashlib.sha256(raw).hexdigest())
        context = ReadContext(str(path), "", chosen.name, names, advance)
        observation = chosen.read(content, context)
        return replace(observation, sha256=digest.result())


def _bytes_of(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise bad_input(
            "file.missing", "there is no such file.", mend="Check the path.", file=str(path)
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise bad_input(
            "file.unreadable",
            f"cannot be read: {reason}.",
            mend="Name a file that you may read.",
            file=str(path),
        ) from None
    if not content or content.isspace():
        raise bad_input(
            "file.empty",
            "the file is empty (0 bytes)." if not content else "the file holds only blanks.",
            mend="Write it again: the command that made it may have failed, or lacked permission.",
            file=str(path),
        )
    return content


def _as_utf8(content: bytes, file: str) -> bytes:
    if content.startswith(_UTF16):  # what a Windows shell writes on redirection
        try:
            return content.decode("utf-16").encode()
        except UnicodeError:
            raise bad_input(
                "file.text", "begins as UTF-16 but is not.", mend="Save it as UTF-8.", file=file
            ) from None
    if b"\0" in content[:_HEAD]:
        compressed = content.startswith(
            (b"\x1f\x8b", b"PK", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
        )
        raise bad_input(
            "file.binary",
            "is compressed." if compressed else "is no text: it holds bytes of value zero.",
            mend="Unpack it first." if compressed else "Give the text that the tool printed.",
            file=file,
        )
    return content.removeprefix(codecs.BOM_UTF8)


def _named(format: str) -> Reader:
    known = readers()
    if format not in known:
        raise bad_input(
            "file.format_unknown",
            f"there is no format {format!r}.",
            mend=f"Known formats: {', '.join(known)}.",
        )
    return known[format]


def _sniffed(content: bytes, path: Path) -> Reader:
    name = path.name.lower()
    sample = Sample(name, content[:_HEAD].decode("utf-8", "replace"), content)
    claims = [reader for reader in readers().values() if reader.sniff(sample)]
    if len(claims) > 1:
        claims = [reader for reader in claims if name.endswith(reader.suffixes)] or claims
    if len(claims) == 1:
        return claims[0]
    raise _undecided(claims, path)


def _undecided(claims: list[Reader], path: Path) -> BadInput:
    if claims:
        return bad_input(
            "file.format_ambiguous",
            f"may be {' or '.join(reader.name for reader in claims)}.",
            mend="Name the format.",
            file=str(path),
        )
    listed = ", ".join(f"{reader.name} ({reader.shows})" for reader in readers().values())
    return bad_input(
        "file.format_unrecognised",
        "is in no format that is known here.",
        mend=f"Name the format if it is one of: {listed}.",
        file=str(path),
    )
