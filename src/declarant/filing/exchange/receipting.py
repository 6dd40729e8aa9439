"""Receipts: that a message arrived, when, and what was found in it, whatever it was.

Messages come from anybody; nothing that one holds can keep its receipt from being written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from declarant.filing.exchange.clocks import started_clock
from declarant.filing.exchange.duties import CORRECTION
from declarant.filing.exchange.from_agency import (
    MOST_FINDINGS,
    CorrectionNotice,
    QuestionSet,
    Receipt,
)
from declarant.filing.exchange.head import Side
from declarant.filing.exchange.making import Parties, answer_clock, head
from declarant.filing.exchange.parts import ReceivedFinding, StartedClock
from declarant.filing.parts import Address
from declarant.filing.published import Published
from declarant.law import Regime
from declarant.problems import Finding, Severity, bad_input

_LINE, _PROSE = 1000, 20_000  # the longest texts of a document
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_ADDRESS: TypeAdapter[str] = TypeAdapter(Address)


def receipt(
    law: Regime,
    parties: Parties,
    received_at: datetime,
    document: Published | None,
    *,
    by: Side,
    message_sha256: str | None = None,
    message_id: str | None = None,
    sent_to: str | None = None,
    findings: Iterable[Finding] = (),
) -> Receipt:
    """Return the receipt of a message; an error among `findings` quarantines it.

    Args:
        law: the regime; the day of receipt is the local day in its zone.
        parties: of the document received.
        received_at: the moment, by the clock of the server that received it, with its zone.
        document: what the message carried; None when it cannot be read.
        by: which side received it.
        message_sha256: of the message, byte by byte as it arrived.
        message_id: its header field.
        sent_to: the address for the receipt when no contact is known.
        findings: what was found, as `verify` gives it.

    Raises:
        BadInput: when the moment has no zone, or `sent_to` is no address.
    """
    if received_at.utcoffset() is None:
        raise bad_input(
            "receipt.no_zone",
            f"{received_at.isoformat()} has no time zone.",
            mend="Give the moment with its offset.",
            field="received_at",
        )
    day = received_at.astimezone(law.zone.info).date()
    if sent_to is not None and not _is_address(sent_to):
        raise bad_input(
            "receipt.address",
            f"{sent_to!r:.80} is no e-mail address to send a receipt to.",
            mend="Send no receipt by mail, or name another address.",
            field="sent_to",
        )
    found = tuple(findings)
    refused = any(item.severity is Severity.ERROR for item in found)
    outcome: Literal["accepted", "quarantined"] = "quarantined" if refused else "accepted"
    return Receipt.made(
        **head(law, parties, day, document, _started_by(law, document, received_at, by), ()),
        by=by,
        received_at=f"{received_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        message_sha256=message_sha256,
        message_id=_plain(message_id or "", _LINE) or None,
        sent_to=sent_to,
        outcome=outcome,
        findings=_received(found),
    )


def _started_by(
    law: Regime, document: Published | None, received_at: datetime, by: Side
) -> StartedClock | None:
    """Return the clock that the person's receipt of questions or of a notice starts."""
    if by == "person" and isinstance(document, QuestionSet):
        return answer_clock(law, document, received_at)
    if by == "person" and isinstance(document, CorrectionNotice):
        about = f"notice of {document.prepared_on}"
        return started_clock(law, CORRECTION, received_at, about)
    return None


def _received(found: tuple[Finding, ...]) -> tuple[ReceivedFinding, ...]:
    """Return findings as published, errors first; of very many, the first and how many more."""
    weights = list(Severity)
    ordered = sorted(found, key=lambda item: weights.index(item.severity))
    left = len(ordered) - MOST_FINDINGS
    if left > 0:
        what = f"{left + 1:,} findings more are not listed here."
        more = Finding("receipt.more", what, mend="Mend these first.", severity=Severity.NOTE)
        ordered = [*ordered[: MOST_FINDINGS - 1], more]
    return tuple(_published(item) for item in ordered)


def _published(finding: Finding) -> ReceivedFinding:
    return ReceivedFinding(
        code=finding.code,
        severity=finding.severity.value,
        where=_plain(str(finding.where), _LINE) or None,
        what=_plain(finding.what, _PROSE) or "no words",
        mend=_plain(finding.mend, _PROSE) or None,
    )


def _plain(text: str, most: int) -> str:
    """Return text that a document can hold: controls become spaces, and it ends somewhere."""
    shown = _UNWRITABLE.sub(" ", text)
    return shown if len(shown) <= most else f"{shown[: most - 3]}..."


def _is_address(text: str) -> bool:
    try:
        _ADDRESS.validate_python(text)
    except ValidationError:
        return False
    return True
