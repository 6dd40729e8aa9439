"""The log as files, to hand to an auditor: one folder, readable with any text editor.

    entries.jsonl   a line an entry, by index: {"entry":{...},"leaf":"..."}, the entry in its
                    canonical bytes and the hash of its leaf in hexadecimal
    heads.jsonl     a line a signed head, oldest first
    files.sha256    hash and place of every stored file, as `sha256sum -c` reads it

The entry `audit.exported` near the end of the log holds the SHA-256 of files.sha256, so that this
list is as safe as the log itself.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from declarant.audit_log.head import SignedHead, read_head
from declarant.audit_log.log import FoundEntry, FoundFile, FoundHead, FoundLog
from declarant.problems import Finding, Place, Severity, bad_input

ENTRIES, HEADS, FILES = "entries.jsonl", "heads.jsonl", "files.sha256"
EXPORTED = "audit.exported"
"""The action of the entry that an export makes."""
FILES_DIGEST = "files_sha256"
"""Where that entry's detail keeps the hash of the list of files."""

_LINE = re.compile(rb'\{"entry":(\{.*\}),"leaf":"([0-9a-f]{64})"\}\n')
_FILE = re.compile(r"([0-9a-f]{64})  files/([0-9a-f]{2})/([0-9a-f]{64})\n")


def entry_line(content: bytes, leaf: bytes) -> bytes:
    """Return an entry's line of the export."""
    return b'{"entry":' + content + b',"leaf":"' + leaf.hex().encode() + b'"}\n'


def file_list(hashes: Iterable[str]) -> bytes:
    """Return the list of stored files, for their SHA-256 in hexadecimal."""
    lines = (f"{digest}  files/{digest[:2]}/{digest}\n" for digest in hashes)
    return "".join(lines).encode()


def write_export(
    folder: Path, lines: Iterable[bytes], heads: Iterable[SignedHead], files: bytes
) -> None:
    """Write the three files of an export into a folder that is new or empty.

    `lines` are made by `entry_line`, `files` by `file_list`.

    Raises:
        BadInput: when something is in the folder already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise bad_input(
            "audit.folder_taken",
            "has files in it already.",
            mend="Name a new folder for the export.",
            file=str(folder),
        )
    with (folder / ENTRIES).open("wb") as stream:
        stream.writelines(lines)
    with (folder / HEADS).open("wb") as stream:
        stream.writelines(head.line() for head in heads)
    (folder / FILES).write_bytes(files)


def read_export(path: Path) -> FoundLog:
    """Return the log that an export holds: its folder, or its entries.jsonl alone.

    Raises:
        BadInput: when there is no export.
    """
    entries = path / ENTRIES if path.is_dir() else path
    if not entries.is_file():
        raise bad_input(
            "audit.no_log",
            f"holds no {ENTRIES}, and is no database.",
            mend="Name the folder of an export, its entries.jsonl, or a desk's SQLite file.",
            file=str(path),
        )
    found = FoundLog(str(path), _entries(entries))
    if not path.is_dir():
        return found
    for name, read in ((HEADS, _read_heads), (FILES, _read_files)):
        if (path / name).is_file():
            read(path / name, found)
        else:
            found.findings.append(_finding(path / name, "audit.file_missing", "is missing."))
    return found


def _entries(path: Path) -> Iterator[FoundEntry]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            parts = _LINE.fullmatch(line)
            content, leaf = (parts[1], bytes.fromhex(parts[2].decode())) if parts else (None, None)
            yield FoundEntry(None, content, leaf, f"{path}:{number}")


def _read_heads(path: Path, found: FoundLog) -> None:
    for number, line in enumerate(path.read_bytes().splitlines(keepends=True), 1):
        try:
            head = read_head(line.decode())
            if head.line() != line:
                raise ValueError("is not written as it was exported")
        except ValueError as error:
            what = str(error) if not isinstance(error, UnicodeDecodeError) else "is no text."
            found.findings.append(_finding(path, "audit.head_damaged", f"{what}.", number))
        else:
            found.heads.append(FoundHead(head, f"{path}:{number}"))


def _read_files(path: Path, found: FoundLog) -> None:
    data = path.read_bytes()
    found.files_digest = hashlib.sha256(data).hexdigest()
    found.files = []
    for number, line in enumerate(data.decode(errors="replace").splitlines(keepends=True), 1):
        parts = _FILE.fullmatch(line)
        if parts and parts[1] == parts[3] and parts[2] == parts[1][:2]:
            found.files.append(FoundFile(parts[1], None, f"{path}:{number}"))
        else:
            what = "is no line that names a file by its hash."
            found.findings.append(_finding(path, "audit.file_list", what, number))


def _finding(path: Path, code: str, what: str, line: int | None = None) -> Finding:
    mend = "Export the log again, or compare with another copy of this export."
    return Finding(code, what, Place(str(path), line), mend, Severity.ERROR)
