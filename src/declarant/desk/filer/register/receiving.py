"""An upload goes to the desk's own disk as it arrives, never to memory or the system's /tmp."""

from __future__ import annotations

import tempfile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from declarant.problems import Finding, Place, Severity

_FORM = 1 << 20  # bytes that the rest of a form may have


class OnOwnDisk(FileUploadHandler):
    """Writes each file into the desk's home as it arrives."""

    chunk_size = 1 << 20

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        place = settings.DESK.home / "uploads"
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        # without a name, so that nothing stays behind when the process is killed
        self._file = tempfile.TemporaryFile(dir=place)  # noqa: SIM115 - closed by the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write what arrived."""
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """Hand the file on, to be read from its beginning."""
        self._file.flush()
        self._file.seek(0)
        return UploadedFile(self._file, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        """Leave nothing behind."""
        if hasattr(self, "_file"):
            self._file.close()


def receive_on_own_disk(request: HttpRequest) -> Finding | None:
    """Prepare a request for its upload; return why it is not even read, or None.

    To be called before anything looks at `request.POST`.
    """
    most = settings.DESK.upload_limit + _FORM
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        return Finding(
            "vault.too_large",
            _("This is more than the %(most)s bytes that one upload may have.")
            % {"most": f"{settings.DESK.upload_limit:,}"},
            Place(field="files"),
            _("Send fewer files at once, compress them, or ask the operator for a higher limit."),
            Severity.ERROR,
        )
    request.upload_handlers = [OnOwnDisk(request)]
    return None
