"""A filing on its way, as far as a test wants it."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from tests.desk.filings.office import DAY, Office

_FORMS: dict[str, Any] = {}


@pytest.fixture(autouse=True)
def _each_form_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render the form of a document once in a run: the same document gives the same bytes."""
    from declarant.desk.filer.filings import preparing
    from declarant.filing.verification import rendering

    monkeypatch.setattr(preparing, "render", _rendered)
    monkeypatch.setattr(rendering, "render", _rendered)


def _rendered(document: Any) -> Any:
    from declarant.filing.pdf import render

    if document.sha256 not in _FORMS:
        _FORMS[document.sha256] = render(document)
    return _FORMS[document.sha256]


@pytest.fixture
def office(people: Any) -> Iterator[Office]:
    """A desk with a preparer and a certifying officer, at noon of the examples' day."""
    noon = datetime.combine(DAY, time(12), ZoneInfo("America/New_York"))
    with time_machine.travel(noon):
        yield Office(people("preparer"), people("certifying_officer"))
