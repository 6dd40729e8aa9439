"""Uploads that must never touch the disk: a key that is brought for one act."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from declarant.desk.access import View

MOST_IN_MEMORY = 64 * 2**20


class InMemoryOnly(MemoryFileUploadHandler):
    """Keeps an upload in memory, or refuses it; Django's own leaves large ones to the disk."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        """Take every upload of a request that is small enough."""
        if content_length > MOST_IN_MEMORY:
            raise StopUpload(connection_reset=True)
        self.activated = True


def in_memory(view: View) -> View:
    """Read the uploads of a view in memory only.

    The handler must be set before the form is read, and the check against forged requests reads
    it; so that check is made by the view itself, after the handler is set.
    """
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def with_handler(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        handlers: list[FileUploadHandler] = [InMemoryOnly(request)]
        request.upload_handlers = handlers
        return checked(request, *args, **kwargs)

    return with_handler
