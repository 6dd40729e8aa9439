"""Reading one file: its bytes, its digest, the reader that knows it, and the reading itself."""

from __future__ import annotations

import codecs
import hashlib
import mmap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from declarant.clusters.observation import Observation
from declarant.clusters.readers.node_names import read_node_names
from declarant.clusters.readers.registry import FORMATS, Advance, Content, ReadContext
from declarant.formats import HEAD, Sample
from declarant.problems import bad_input

_SAMPLE = 4 << 20
_LARGE = 64 << 20  # from here on a file is mapped into memory in place of being copied there
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
    chosen = FORMATS.named(format) if format else FORMATS.sniffed(_sample(content, path), str(path))
    if not chosen.takes_map:
        content = bytes(content)
    names = read_node_names(node_names) if node_names else {}
    with ThreadPoolExecutor(1) as thread:  # the digest of a large dump costs as much as a look
        digest = thread.submit(lambda: hashlib.sha256(raw).hexdigest())
        context = ReadContext(str(path), "", chosen.name, names, advance)
        observation = chosen.read(content, context)
        return replace(observation, sha256=digest.result())


def _bytes_of(path: Path) -> Content:
    try:
        content = _mapped(path) if path.stat().st_size >= _LARGE else path.read_bytes()
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
    if not content[:HEAD].strip() and not content[:].strip():
        raise bad_input(
            "file.empty",
            "the file holds only blanks." if len(content) else "the file is empty (0 bytes).",
            mend="Write it again: the command that made it may have failed, or lacked permission.",
            file=str(path),
        )
    return content


def _mapped(path: Path) -> Content:
    """Return a large file's bytes without a copy of them."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _as_utf8(content: Content, file: str) -> Content:
    head = content[:HEAD]
    if head.startswith(_UTF16):  # what a Windows shell writes on redirection
        try:
            return content[:].decode("utf-16").encode()
        except UnicodeError:
            raise bad_input(
                "file.text", "begins as UTF-16 but is not.", mend="Save it as UTF-8.", file=file
            ) from None
    if b"\0" in head:
        compressed = head.startswith((b"\x1f\x8b", b"PK", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"))
        raise bad_input(
            "file.binary",
            "is compressed." if compressed else "is no text: it holds bytes of value zero.",
            mend="Unpack it first." if compressed else "Give the text that the tool printed.",
            file=file,
        )
    return content[len(codecs.BOM_UTF8) :] if head.startswith(codecs.BOM_UTF8) else content


def _sample(content: Content, path: Path) -> Sample:
    head = content[:HEAD].decode("utf-8", "replace")
    return Sample(path.name.lower(), head, content[:_SAMPLE])
