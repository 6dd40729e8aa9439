"""Fail every test in which the desk changes something without writing it to the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

_TESTS = str(Path(__file__).resolve().parents[1])
_ON_DATABASE = {"db", "transactional_db", "live_server"}


@pytest.fixture(autouse=True)
def audit_guard(request: pytest.FixtureRequest) -> Iterator[None]:
    """Watch the database of a test that has one; import this fixture into a conftest."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None and not _ON_DATABASE & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    from django.db import connection

    from declarant.desk.audit.guard import watching

    with watching(connection, lambda file: file.startswith(_TESTS)) as unaudited:
        yield
        found = unaudited()
    assert not found, "\n".join(str(item) for item in found)
