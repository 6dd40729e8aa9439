"""The register as one ZIP file, written while it is being sent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime

from declarant.desk.filer.register.checkout import current_records
from declarant.desk.filer.register.models import EvidenceFile, RegisterState
from declarant.desk.filer.register.register_yaml import register_text
from declarant.desk.vault import path_of
from declarant.register.folder import REGISTER_FILE

_CHUNK = 1 << 20
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP file can write
_ORDINARY = 0o100644 << 16


def exported(folder: str) -> Iterator[bytes]:
    """Yield a ZIP file of the register under one folder: `register.yaml`, then the evidence.

    The same register always gives the same bytes.
    """
    state = RegisterState.objects.filter(pk=RegisterState.ONLY).first()
    text = register_text(current_records())
    files = EvidenceFile.objects.filter(current=True).order_by("path")
    listed = list(files.values_list("path", "file__sha256", "uploaded"))
    sent = _Sent()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        head = _entry(f"{folder}/{REGISTER_FILE}", state.changed if state else None)
        archive.writestr(head, text)
        for path, sha256, uploaded in listed:
            with (
                path_of(sha256).open("rb") as stored,
                archive.open(_entry(f"{folder}/{path}", uploaded), "w", force_zip64=True) as entry,
            ):
                while chunk := stored.read(_CHUNK):
                    entry.write(chunk)
                    yield sent.taken()
    yield sent.taken()


class _Sent(io.RawIOBase):
    """What was written and not yet sent. It cannot go back, and need not."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        held = bytes(data)  # type: ignore[call-overload]
        self._waiting.append(held)
        return len(held)

    def taken(self) -> bytes:
        held, self._waiting = b"".join(self._waiting), []
        return held


def _entry(path: str, moment: datetime | None) -> zipfile.ZipInfo:
    when = moment.timetuple()[:6] if moment is not None else _EARLIEST
    entry = zipfile.ZipInfo(path, max(when, _EARLIEST))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _ORDINARY
    return entry
