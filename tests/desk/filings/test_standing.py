"""What is due: worked out by the law's data from what was sent, across quarters and years."""

from datetime import date
from typing import Any

import pytest
from tests.desk.filings.office import RULE, Office

from declarant.desk.filer.filings.standing import filings_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(office: Office) -> Any:
    """Say in the register that something was sent for a quarter."""
    from declarant.desk.filer.register.models import Record

    def tell(quarter: str, kind: str, sent: str) -> None:
        Record.objects.create(
            kind="filing",
            key=quarter,
            name=quarter,
            content={"quarter": quarter, "kind": kind, "sent": sent},
            edited="2026-12-15T00:00Z",
            edited_by="x",
        )

    return tell


def _due(day: date, **more: Any) -> list[tuple[str, str, date, bool]]:
    return [
        (item.quarter, item.duty, item.due, item.overdue)
        for item in filings_due(RULE, day=day, **more)
    ]


def test_the_next_report_without_a_former_one(db: None) -> None:
    assert _due(date(2026, 12, 15)) == [("2026Q4", "notification", date(2027, 1, 15), False)]
    assert _due(date(2027, 1, 15)) == [("2026Q4", "notification", date(2027, 1, 15), False)]
    assert _due(date(2027, 1, 16)) == [("2027Q1", "notification", date(2027, 4, 15), False)]
    assert _due(date(2026, 12, 15), applicable=False) == _due(date(2026, 12, 15))


def test_after_a_notification_every_quarter_is_missed_when_nothing_is_sent(told: Any) -> None:
    told("2026Q3", "notification", "2026-10-14")
    assert _due(date(2026, 12, 15)) == [("2026Q4", "notification", date(2027, 1, 15), False)]
    assert _due(date(2026, 12, 15), applicable=False) == [
        ("2026Q4", "affirmation", date(2027, 1, 15), False)
    ]
    assert _due(date(2027, 8, 1)) == [
        ("2026Q4", "affirmation", date(2027, 1, 15), True),
        ("2027Q1", "affirmation", date(2027, 4, 15), True),
        ("2027Q2", "affirmation", date(2027, 7, 15), True),
        ("2027Q3", "notification", date(2027, 10, 15), False),
    ]


def test_a_filing_of_this_desk_counts_like_one_the_register_tells_of(
    told: Any, office: Office
) -> None:
    told("2026Q3", "notification", "2026-10-14")
    draft = office.draft("2026Q4")
    (item,) = filings_due(RULE, day=date(2026, 12, 15))
    assert item.filing == draft
    office.sent("2026Q4")
    assert _due(date(2026, 12, 15)) == [("2027Q1", "notification", date(2027, 4, 15), False)]


def test_the_day_of_a_sending_is_that_of_the_law(office: Office) -> None:
    from declarant.desk.filer.filings.models import Filing
    from declarant.desk.filer.filings.standing import sent_here

    Filing.objects.bulk_create(
        [
            Filing(
                regime=RULE,
                quarter="2026Q4",
                kind="notification",
                state="sent",
                preparer=office.preparer,
                officer=office.officer,
                act="00000000-0000-4000-8000-000000000000",
                certified="2027-01-16T01:00Z",
                sent="2027-01-16T03:30Z",  # still the 15th in Washington
                **{name: _stored() for name in ("document", "message")},
            )
        ]
    )
    (item,) = sent_here(RULE)
    assert item.sent == date(2027, 1, 15)


def _stored() -> Any:
    from declarant.desk.vault import store_bytes

    return store_bytes(b"x", name="x")


def test_a_filing_from_before_the_law_at_hand_is_left_aside(told: Any) -> None:
    told("2019Q3", "notification", "2019-10-14")
    assert _due(date(2026, 12, 15)) == [("2026Q4", "notification", date(2027, 1, 15), False)]


def test_a_filing_is_found_by_what_its_document_says(office: Office) -> None:
    from declarant.desk.filer.filings.searchable import filings

    row = office.ready()
    (found,) = filings()
    assert (found.title, found.url) == (row.name, row.get_absolute_url())
    text = found.text()
    assert "Atlas 2 pre-training" in text
    assert row.document.sha256 not in text
