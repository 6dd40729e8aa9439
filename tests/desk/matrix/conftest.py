"""The example desk: filled once in a run, copied for whoever works on it."""

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.desk import session
from tests.desk.matrix import example_desk as examples
from tests.desk.servers import desk as desks

FILL = "from tests.desk.matrix.example_desk import fill; fill({!r})"
DATABASE = "example_desk"


@pytest.fixture(scope="session")
def filled_desk(shared_folder: Path) -> desks.Desk:
    """The desk that others are copied from, filled by whichever process comes first."""
    cluster = session.cluster_of_this_run()
    where = shared_folder / f"example-desk-{'postgresql' if cluster else 'sqlite'}"
    where.mkdir(exist_ok=True)
    with (where / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (where / "made").exists():
            shutil.rmtree(where / "home", ignore_errors=True)
            desk = desks.prepare(where, shared_folder, cluster=cluster, database=DATABASE)
            desk.python(FILL.format(str(where / "kept.json")))
            (where / "made").touch()
    examples.KEPT.update(json.loads((where / "kept.json").read_text(encoding="utf-8")))
    settings = {"DECLARANT_DATABASE": cluster.url(DATABASE)} if cluster else {}
    return desks.Desk(where / "home", 0, settings)


@pytest.fixture(scope="session")
def copied_desk(filled_desk: desks.Desk, tmp_path_factory: pytest.TempPathFactory) -> desks.Desk:
    """A copy for the tests of this process; each of them leaves it as it was."""
    return desks.copy(filled_desk, tmp_path_factory.mktemp("example"), cluster_of_run())


@pytest.fixture(scope="module")
def example_desk(
    copied_desk: desks.Desk, django_db_setup: None, django_db_blocker: Any
) -> Iterator[examples.ExampleDesk]:
    """The example desk in this process, with everybody signed in.

    Mark what uses it ``django_db``: what a test does there is undone after it.
    """
    from django.conf import settings
    from django.db import connection
    from django.test import override_settings

    home = copied_desk.home
    usual = connection.settings_dict["NAME"]
    with (
        django_db_blocker.unblock(),
        override_settings(DESK=replace(settings.DESK, home=home), EMAIL_FILE_PATH=home / "mail"),
    ):
        connection.close()
        connection.settings_dict["NAME"] = copied_desk.database_name
        yield examples.ExampleDesk.here()
        connection.close()
        connection.settings_dict["NAME"] = usual


@pytest.fixture(scope="module")
def make_example_desk(
    filled_desk: desks.Desk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], desks.Desk]]:
    """Make a real desk that holds the example, and stays until the module's tests are done."""
    made = []

    def make() -> desks.Desk:
        folder = tmp_path_factory.mktemp("desk")
        made.append(desks.copy(filled_desk, folder, cluster_of_run()))
        return made[-1]

    yield make
    for desk in made:
        desk.stop()


def cluster_of_run() -> Any:
    """The PostgreSQL server of this run, if it is on one."""
    return session.cluster_of_this_run()
