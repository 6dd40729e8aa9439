"""A desk that has sent a filing, and the agency that asks about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from tests.desk.agency_side import MAILBOX, RULE, Agency
from tests.desk.questions.desk import Desk
from tests.filing.conftest import common_fields

MOMENT = datetime(2027, 2, 1, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The desk's clock: a week after the questions were received; `clock.move_to(...)`."""
    with time_machine.travel(MOMENT + timedelta(days=7), tick=True) as travelling:
        yield travelling


@cache
def _agency() -> Agency:
    return Agency.make(MOMENT)


@pytest.fixture(scope="session")
def agency() -> Agency:
    """The agency, with one key for the whole run."""
    return _agency()


@pytest.fixture
def filing(people: Any) -> Any:
    """An affirmation that was sent from this desk on 8 January 2027."""
    from declarant.desk.filer.filings.models import Filing
    from declarant.desk.vault import store_bytes
    from declarant.filing.documents import Affirmation

    document = Affirmation.made(**common_fields(), sequence=1, owed=("2026Q4",))
    stored = store_bytes(document.as_bytes(), name="affirmation.json")
    sent = datetime(2027, 1, 8, 18, tzinfo=UTC)
    return Filing.objects.create(
        regime=RULE,
        quarter="2026Q4",
        kind="affirmation",
        state="sent",
        preparer=people("preparer"),
        officer=people("certifying_officer"),
        document=stored,
        identity=document.id,
        message=store_bytes(b"as it was sent", name="message.eml"),
        act=uuid4(),
        certified=sent - timedelta(hours=1),
        sent=sent,
        as_of=date(2027, 1, 8),
    )


@pytest.fixture
def desk_of_answers(people: Any, filing: Any, agency: Agency) -> Desk:
    """The desk, with the agency's certificate registered."""
    from declarant.desk.filer.filings.agency import enter
    from declarant.filing.keys import File

    enter(
        people("administrator"),
        RULE,
        "Bureau of Industry and Security",
        MAILBOX,
        File("agency.pem", agency.certificate),
        None,
    )
    return Desk(
        agency, filing, people("preparer"), people("certifying_officer"), people("engineer")
    )
