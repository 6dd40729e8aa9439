"""Whether an office file (a ZIP package of XML, ISO/IEC 29500) from anywhere is safe to open.

Looked at before any reader of the format sees them: size, entities, macros. Nothing is unpacked to
disk, nothing that a file links to is fetched, and nothing in it is run.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.sax import ContentHandler, SAXException

from defusedxml import DefusedXmlException, sax

from declarant.problems import BadInput, Finding, Place, bad_input

MOST_BYTES = 32 * 1024 * 1024  # of the file as it came
MOST_UNPACKED = 96 * 1024 * 1024
MOST_PARTS = 2_000
MOST_ELEMENTS = 1_000_000  # a package of small elements swells in memory a hundredfold
MOST_DEPTH = 256
MOST_ROWS = 20_000  # of a sheet that hold something
_MACROS = ("vbaproject.bin", "vbadata.xml", "vbaprojectsignature")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_PARSED = (".xml", ".rels", ".vml")
_LINKS = {
    "externallinks/": "links to other workbooks",
    "embeddings/": "embedded files",
    "activex/": "active controls",
    "ctrlprops/": "form controls",
    "word/comments": "comments",
}


def opened_package(data: bytes, name: str, main: str, suffix: str) -> tuple[Finding, ...]:
    """Refuse a package that cannot be opened safely; return what in it is left aside.

    Args:
        data: the file.
        name: its name, for messages.
        main: the part that makes it what it should be, such as `xl/workbook.xml`.
        suffix: what such a file is called, such as `.xlsx`.

    Raises:
        BadInput: when it is no such package, is encrypted or damaged, swells beyond any measure,
            declares entities, or holds macros.
    """
    if len(data) > MOST_BYTES:
        raise _refused("too_large", f"has more than {MOST_BYTES:,} bytes.", name, suffix)
    if data.startswith(_OLD_OFFICE):
        what = f"is encrypted with a password, or of an older kind than {suffix}."
        raise _refused("encrypted", what, name, suffix)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return tuple(_looked_at(package, name, main, suffix))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise _refused("damaged", f"is damaged, or no {suffix} file.", name, suffix) from None
    except RuntimeError:  # a member with a password
        raise _refused("encrypted", "is encrypted with a password.", name, suffix) from None


def _looked_at(package: zipfile.ZipFile, name: str, main: str, suffix: str) -> Iterator[Finding]:
    parts = package.infolist()
    names = [part.filename.lower().lstrip("/") for part in parts]
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        what = f"unpacks to {unpacked:,} bytes in {len(parts):,} parts: far more than any answer."
        raise _refused("bomb", what, name, suffix)
    if len(set(names)) != len(names):
        raise _refused("twice", "holds two parts of one name.", name, suffix)
    if main.lower() not in names:
        raise _refused("damaged", f"is no {suffix} file.", name, suffix)
    if any(part.endswith(_MACROS) or part.startswith("basic/") for part in names):
        what = "holds macros. Nothing of it was read, and nothing was run."
        raise _refused("macros", what, name, suffix)
    counted = _Counting()
    for part in parts:
        if part.filename.lower().endswith(_PARSED) or part.filename == "[Content_Types].xml":
            _parse(package.read(part), counted, part.filename, name, suffix)
    for folder, what in _LINKS.items():
        if any(folder in part for part in names):
            yield Finding(
                "offline.left_aside",
                f"holds {what}; they are not looked at.",
                Place(file=name),
                "Attach files as evidence at the desk; write answers as text.",
            )


def _parse(data: bytes, counted: _Counting, part: str, name: str, suffix: str) -> None:
    try:
        counted.begin(part)
        sax.parseString(data, counted, forbid_dtd=True)
    except DefusedXmlException:
        what = f"declares a document type or entities in {part}, which no office program does."
        raise _refused("entities", what, name, suffix) from None
    except _TooMuch:
        what = (
            f"holds more than {MOST_ELEMENTS:,} elements, deeper ones than {MOST_DEPTH}, or "
            f"writing below row {MOST_ROWS:,} ({part})."
        )
        raise _refused("bomb", what, name, suffix) from None
    except (SAXException, LookupError):  # LookupError: an encoding that nobody knows
        raise _refused("damaged", f"is damaged: {part} is no XML.", name, suffix) from None


class _TooMuch(Exception):  # noqa: N818 - it never leaves this file
    pass


class _Counting(ContentHandler):
    """Counts the elements of all parts, and the rows of each sheet."""

    def __init__(self) -> None:
        super().__init__()
        self.elements = 0
        self.depth = 0
        self.row = 0
        self.is_sheet = False

    def begin(self, part: str) -> None:
        """Begin another part."""
        self.depth = self.row = 0
        self.is_sheet = part.lower().startswith("xl/worksheets/")

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - SAX names it
        self.elements += 1
        self.depth += 1
        if self.elements > MOST_ELEMENTS or self.depth > MOST_DEPTH:
            raise _TooMuch
        if not self.is_sheet:
            return
        local = name.rpartition(":")[2]
        if local == "row":
            number = attrs.get("r", "")
            self.row = int(number) if number.isdecimal() else self.row + 1
        elif local in ("v", "is", "f") and self.row > MOST_ROWS:
            raise _TooMuch

    def endElement(self, name: str) -> None:  # noqa: N802
        self.depth -= 1


def _refused(code: str, what: str, name: str, suffix: str) -> BadInput:
    return bad_input(
        f"offline.{code}",
        what,
        mend=f"Send back the {suffix} file that was handed out, saved as {suffix} without a "
        "password and without macros.",
        file=name,
    )
