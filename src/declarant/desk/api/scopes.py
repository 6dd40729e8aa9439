"""What a token may be allowed to do, and the power that its person must have for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from declarant.desk.access import Power

REGISTER_READ = "register:read"
REGISTER_WRITE = "register:write"
EVIDENCE_WRITE = "evidence:write"
LEDGER_WRITE = "ledger:write"
DOCUMENTS_READ = "documents:read"

NEEDS: dict[str, Power] = {
    REGISTER_READ: Power.READ,
    REGISTER_WRITE: Power.EDIT_REGISTER,
    EVIDENCE_WRITE: Power.UPLOAD_EVIDENCE,
    LEDGER_WRITE: Power.UPLOAD_EVIDENCE,
    DOCUMENTS_READ: Power.READ,
}

LABELS = {
    REGISTER_READ: _("Read the register, the assessment and the clocks"),
    REGISTER_WRITE: _("Change records of the register"),
    EVIDENCE_WRITE: _("Upload evidence files"),
    LEDGER_WRITE: _("Send a tracker's ledger"),
    DOCUMENTS_READ: _("Read filings and their documents"),
}
