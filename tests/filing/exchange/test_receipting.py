"""Receipts of whatever arrives: hostile names and texts never keep one from being written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.filing.exchange import receipting
from declarant.filing.exchange.from_agency import MOST_FINDINGS, Receipt
from declarant.filing.exchange.making import NOBODY, Parties
from declarant.filing.keys import File
from declarant.filing.pdf import render
from declarant.filing.verification import Expectations, verify
from declarant.law import Regime
from declarant.problems import BadInput, Finding, Place, Severity

MOMENT = datetime(2027, 2, 2, 12, tzinfo=UTC)


def of_stranger(law: Regime, parties: Parties, **given: Any) -> Receipt:
    stranger = Parties(None, NOBODY, parties.agency)
    fields = {"by": "agency", "message_sha256": "a" * 64} | given
    return receipting.receipt(law, stranger, MOMENT, None, **fields)


@given(text=st.text(max_size=40), where=st.text(max_size=40), identity=st.text(max_size=40))
def test_nothing_in_a_message_prevents_its_receipt(
    law: Regime, parties: Parties, text: str, where: str, identity: str
) -> None:
    finding = Finding("attachment.twice", text, Place(file=where), text, Severity.ERROR)
    receipt = of_stranger(law, parties, findings=(finding,), message_id=identity)
    assert verify(File("r.json", receipt.as_bytes()), Expectations()).valid


@pytest.mark.parametrize(
    "hostile", ["\x00\x07\x1b[2J", "\ud800", "x" * 30_000, "a\r\nBcc: b@c.example", "\u202e"]
)
def test_hostile_text_can_be_shown(law: Regime, parties: Parties, hostile: str) -> None:
    finding = Finding("verify.unknown", hostile, Place(file=hostile), hostile, Severity.ERROR)
    receipt = of_stranger(law, parties, findings=(finding,), message_id=hostile)
    assert "\n" not in (receipt.findings[0].where or "")
    assert render(receipt).pdf.startswith(b"%PDF")


@pytest.mark.parametrize("count", [MOST_FINDINGS - 1, MOST_FINDINGS, MOST_FINDINGS + 1, 5000])
def test_of_very_many_findings_the_errors_come_first(
    law: Regime, parties: Parties, count: int
) -> None:
    notes = [
        Finding("document.form", f"note {number}", severity=Severity.NOTE)
        for number in range(count - 1)
    ]
    broken = Finding("json.syntax", "is not JSON.", severity=Severity.ERROR)
    receipt = of_stranger(law, parties, findings=(*notes, broken))
    assert receipt.outcome == "quarantined"
    assert receipt.findings[0].code == "json.syntax"
    assert len(receipt.findings) == min(count, MOST_FINDINGS)
    if count > MOST_FINDINGS:
        left = count - (MOST_FINDINGS - 1)
        assert receipt.findings[-1].what == f"{left:,} findings more are not listed here."


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nBcc: c@d", "a b@c.example", "<a@b>"])
def test_an_address_that_is_none(law: Regime, parties: Parties, address: str) -> None:
    with pytest.raises(BadInput, match="is no e-mail address to send a receipt to"):
        of_stranger(law, parties, sent_to=address)
