"""Reading what was stored, and noticing when it is no longer what was stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from declarant.filing.canonical import sha256
from declarant.filing.keys import File
from declarant.filing.verification.content import read_document
from declarant.problems import BadInput, bad_input

if TYPE_CHECKING:
    from declarant.desk.vault.models import StoredFile
    from declarant.filing.documents import Document


def intact(stored: StoredFile) -> bytes:
    """Return the bytes of a stored file.

    Raises:
        BadInput: when they are gone, or are not those that were stored.
    """
    try:
        data = stored.read()
    except OSError:
        data = b""
    if sha256(data) != stored.sha256:
        raise bad_input(
            "vault.changed",
            _("the stored file is gone or was changed: its bytes have another hash than its name."),
            mend=_(
                "Nothing was signed or sent. Ask the operator to restore this file from a backup, "
                "and find out who changed it."
            ),
            file=stored.sha256,
        )
    return data


def document_in(stored: StoredFile) -> Document:
    """Return the notification or affirmation that was stored.

    Raises:
        BadInput: as `intact`, or when it is no such document.
    """
    from declarant.filing.documents import Affirmation, Notification

    file = File(stored.sha256, intact(stored))
    document, findings = read_document(file.data, file.name)
    if not isinstance(document, Notification | Affirmation):
        raise BadInput(findings)
    return document
