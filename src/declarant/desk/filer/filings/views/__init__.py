"""Pages of filings."""

from declarant.desk.filer.filings.views.certify import (
    certify,
    content,
    give_back,
    tick,
    upload_signed,
)
from declarant.desk.filer.filings.views.checks import checks, confirm
from declarant.desk.filer.filings.views.drafts import (
    correct,
    discard,
    hand_over,
    officer,
    rebuild,
    start,
    take_over,
)
from declarant.desk.filer.filings.views.files import file
from declarant.desk.filer.filings.views.filing import filing
from declarant.desk.filer.filings.views.listing import filings
from declarant.desk.filer.filings.views.receipts import receipt
from declarant.desk.filer.filings.views.send import by_hand, send
from declarant.desk.filer.filings.views.settings import agency, end_key, keys

__all__ = [
    "agency",
    "by_hand",
    "certify",
    "checks",
    "confirm",
    "content",
    "correct",
    "discard",
    "end_key",
    "file",
    "filing",
    "filings",
    "give_back",
    "hand_over",
    "keys",
    "officer",
    "rebuild",
    "receipt",
    "send",
    "start",
    "take_over",
    "tick",
    "upload_signed",
]
