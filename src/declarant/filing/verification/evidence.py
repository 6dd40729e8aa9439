"""The evidence files that a document names: they are there, and unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from declarant.filing.exchange.parts import AttachedEvidence
from declarant.filing.parts import EvidenceFile
from declarant.filing.published import Published
from declarant.filing.verification.report import error
from declarant.problems import Finding, Place

_BLOCK = 1 << 20


def check_evidence(document: Published, folder: Path) -> Iterator[Finding]:
    """Compare each evidence file of a document with the file of that path below `folder`."""
    for named in document.evidence:
        yield from _check(named, folder)


def _check(named: EvidenceFile | AttachedEvidence, folder: Path) -> Iterator[Finding]:
    where = Place(file=named.path)
    path = PurePosixPath(named.path)
    if path.is_absolute() or ".." in path.parts or "\\" in named.path:
        what = "the document names a path outside the folder of evidence."
        yield error("evidence.path", what, where, "Do not open it; ask the sender about it.")
        return
    try:
        digest, size = _hashed(folder / path)
    except OSError:
        what = f"is not below {folder}."
        yield error("evidence.missing", what, where, "Ask for the file, or name another folder.")
        return
    if digest != named.sha256:
        expected = "" if named.size is None else f"{named.size:,} bytes, "
        what = (
            f"is not the file the figures rest on: the document names {expected}SHA-256 "
            f"{named.sha256}; here are {size:,} bytes, {digest}."
        )
        yield error("evidence.changed", what, where, "Find the file as it was, or file anew.")


def _hashed(file: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size
