"""Dates from a source that the test writes itself."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The dates that the only source says now, by key: a test puts them in and takes them out."""
    from declarant.desk.filer.deadlines import refreshing

    dates: dict[str, Any] = {}
    only: dict[str, Callable] = {"test": lambda: list(dates.values())}
    monkeypatch.setattr(refreshing, "SOURCES", only)
    return dates


@pytest.fixture
def tick(worker: Callable[[], int]) -> Callable[[], None]:
    """Do what a worker does for clocks, as often as it would, then let the mail go out."""
    from declarant.desk.filer.deadlines.periodic import remind

    def once() -> None:
        remind()
        worker()

    return once
