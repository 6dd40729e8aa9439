"""Whether requests, decisions and receipts hold together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from declarant.filing.exchange.duties import EXTENSION
from declarant.filing.exchange.from_agency import ExtensionDecision, Receipt
from declarant.filing.exchange.from_person import ExtensionRequest
from declarant.filing.verification.report import error
from declarant.law import load_regime
from declarant.problems import BadInput, Finding, Place

_WRITE_ANEW = "Write the document anew."
_A_DAY = timedelta(days=1)


def asks_for_later(document: ExtensionRequest) -> Iterator[Finding]:
    """Require a day after the one that is due, and expect the request before that."""
    clock = document.clock
    if clock is None:
        return
    if document.until <= clock.due:
        what = f"asks for time until {document.until}, but it is due on {clock.due} anyway."
        yield error("extension.not_later", what, Place(field="$.until"), "Ask for a later day.")
    if document.prepared_on > clock.due:
        what = f"asks on {document.prepared_on}, after it was due on {clock.due}."
        where = Place(field="$.prepared_on")
        yield Finding("extension.late", what, where, "Say why it was not asked for before.")


def is_foreseen(document: ExtensionRequest) -> Iterator[Finding]:
    """Expect a request for a duty for which the law names an extension."""
    try:
        law = load_regime(document.regime.id)
    except BadInput:
        return  # told already: the law is not known
    rule = next((clock for clock in law.clocks if clock.id == EXTENSION), None)
    duty = document.clock.duty if document.clock else None
    if rule is not None and rule.within is not None and duty != rule.within:
        title = law.clock(rule.within).title.en
        what = f"the text names an extension for this duty alone: {title}."
        mend = "Ask all the same if the agency grants it, and answer in time if it does not."
        yield Finding("extension.not_foreseen", what, Place(field="$.clock.duty"), mend)


def decision_whole(document: ExtensionDecision) -> Iterator[Finding]:
    """Require a later day exactly when it is granted, and a reason when it is refused."""
    if document.granted != (document.until is not None):
        what = "names a new last day exactly when it grants the extension."
        yield error("extension.until", what, Place(field="$.until"), _WRITE_ANEW)
    if not document.granted and not document.reason:
        what = "refuses the extension without a reason."
        yield error("extension.no_reason", what, Place(field="$.reason"), "Ask the agency why.")
    if document.until and document.clock and document.until <= document.clock.due:
        what = f"grants time until {document.until}, but it is due on {document.clock.due} anyway."
        yield error("extension.not_later", what, Place(field="$.until"), _WRITE_ANEW)


def receipt_whole(document: Receipt) -> Iterator[Finding]:
    """Require that it says what was received, on which day, and quarantines exactly for errors."""
    if document.replies_to is None and document.message_sha256 is None:
        what = "names neither the message nor the document that was received."
        yield error("receipt.of_nothing", what, Place(field="$.replies_to"), _WRITE_ANEW)
    refused = any(finding.severity == "error" for finding in document.findings)
    if document.replies_to is None:
        refused = True  # what cannot be read is not accepted
    if refused != (document.outcome == "quarantined"):
        what = f"says {document.outcome}, " + (
            "but names an error or no document." if refused else "but names no error."
        )
        yield error("receipt.outcome", what, Place(field="$.outcome"), _WRITE_ANEW)
    received = datetime.fromisoformat(document.received_at).date()
    if abs(received - document.prepared_on) > _A_DAY:  # zones are no further apart
        what = f"is dated {document.prepared_on}, but the message arrived on {received}."
        yield error("receipt.day", what, Place(field="$.received_at"), _WRITE_ANEW)


DECISION_RULES: dict[type, tuple[Callable[[Any], Iterator[Finding]], ...]] = {
    ExtensionRequest: (asks_for_later, is_foreseen),
    ExtensionDecision: (decision_whole,),
    Receipt: (receipt_whole,),
}
