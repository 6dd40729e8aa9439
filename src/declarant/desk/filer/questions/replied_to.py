"""What a document of the agency replies to, as this desk sent it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.questions.models import AnswerPackage, Extension
from declarant.filing.exchange.head import ExchangeHead
from declarant.filing.published import PUBLISHED, Published

_GONE = ("certified", "sent", "received")
"""A message that was handed over may be answered before this desk learns that it was accepted."""


@dataclass(frozen=True, slots=True)
class Original:
    """Something this desk sent: the row of it, and its document."""

    row: Filing | AnswerPackage | Extension
    document: Published


def original_of(document: Published) -> Original | None:
    """Return what `document` replies to; None when it names nothing that was sent from here."""
    if not isinstance(document, ExchangeHead) or document.replies_to is None:
        return None
    found = _row(document.replies_to.id)
    return (
        None if found is None else Original(found, PUBLISHED.validate_json(found.document.read()))
    )


def _row(ref: str) -> Any:
    filing = Filing.objects.filter(identity=ref, state__in=_GONE).select_related("document")
    package = AnswerPackage.objects.filter(ref=ref, state__in=_GONE)
    extension = Extension.objects.filter(ref=ref, message__isnull=False)
    return (
        filing.first()
        or package.select_related("document", "question_set").first()
        or extension.select_related("document", "question_set").first()
    )
