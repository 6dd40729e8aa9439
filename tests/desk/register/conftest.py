"""Registers for the tests of the register."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.desk.register.registers import EXAMPLES, PERSON, RUN


@pytest.fixture
def example(people: Any, db: None) -> Callable[[str], Any]:
    """Imports an example register; returns the engineer who did."""

    def take_in(name: str) -> Any:
        from declarant.desk.filer.register.importing import import_folder

        engineer = people("engineer")
        import_folder(engineer, EXAMPLES / name)
        return engineer

    return take_in


@pytest.fixture
def small(people: Any, db: None) -> Any:
    """A person, a model and a run; returns the engineer who made them."""
    from declarant.desk.filer.register.recording import save_record

    engineer = people("engineer")
    save_record(engineer, "person", PERSON)
    save_record(engineer, "model", {"id": "m-1", "name": "Model one"})
    save_record(engineer, "run", RUN)
    return engineer


@pytest.fixture
def record() -> Callable[[str, str], Any]:
    """Finds a record as it stands now."""
    from declarant.desk.filer.register.models import Record

    return lambda kind, key: Record.objects.get(kind=kind, key=key)


@pytest.fixture(autouse=True)
def without_assessing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The assessment is asked for, and has tests of its own: here it is done in no time."""
    from declarant.desk.work.jobs import KINDS

    monkeypatch.setitem(KINDS, "assessment.assess", lambda task: None)
