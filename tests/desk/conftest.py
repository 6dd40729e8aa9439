"""Django for the tests of the desk alone, on the database that ``--desk-database`` names."""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from tests.desk import kept_assessment, session
from tests.desk import people as people_of_a_desk
from tests.desk.audit_guard import audit_guard  # noqa: F401 - a fixture, used by every test
from tests.desk.emptying import let_tests_empty_the_database
from tests.desk.servers import browser as browsers
from tests.desk.servers import desk as desks
from tests.desk.servers import left_out, postgresql, smtp

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parents[1] / "examples" / "cedar-ridge"
IN_TRANSACTION = {"db", "transactional_db", "live_server"}
ON_DATABASE = IN_TRANSACTION | {"django_db_setup", "make_desk", "make_example_desk"}


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up, as pytest-django would had it known the settings at its own start."""
    environment = {
        "DJANGO_SETTINGS_MODULE": desks.SETTINGS,
        "DECLARANT_HOME": tempfile.mkdtemp(prefix="desk-tests-"),
        "DECLARANT_MAIL_FROM": "desk@example.org",
    }
    config.add_cleanup(lambda: shutil.rmtree(environment["DECLARANT_HOME"], ignore_errors=True))
    cluster = session.cluster_of_this_run()
    if cluster is not None:
        environment["DECLARANT_DATABASE"] = cluster.url("declarant")
    # the settings are read once; programs that other tests start must not inherit them
    with mock.patch.dict(os.environ, environment):
        from django.conf import settings

        _quicken(settings)
        config.pluginmanager.get_plugin("django").pytest_configure(config)
    let_tests_empty_the_database()
    logging.getLogger("django.request").setLevel(logging.ERROR)  # refusals are what tests ask for


def _quicken(settings: Any) -> None:
    """Leave out what costs time and changes nothing that the tests look at."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # a file, not memory: locks and threads are those of a real desk
        database["TEST"] = {"NAME": settings.DESK.home / "test.sqlite3"}
        database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    settings.STATIC_ROOT.mkdir()
    # names of static files without hashes, so that no test needs them collected
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, run what touches the database, and what is not marked to run ``once``."""
    if config.getoption("desk_database") != "postgresql":
        return
    ours = [item for item in items if HERE in item.path.parents]
    there = session.cluster_of_this_run() is not None
    dropped = set()
    for item in ours:
        if item.get_closest_marker("once") or not _uses_database(item):
            dropped.add(item)
        elif not there:
            item.add_marker(pytest.mark.skip(left_out.MARK + postgresql.LACK))
    config.hook.pytest_deselected(items=[item for item in items if item in dropped])
    items[:] = [item for item in items if item not in dropped]


def _uses_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or ON_DATABASE & set(item.fixturenames))


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """The home folder of the desk in this process, new for each test."""
    home = tmp_path / "home"
    home.mkdir()
    settings.DESK = replace(settings.DESK, home=home)
    settings.EMAIL_FILE_PATH = home / "mail"
    return home


@pytest.fixture(autouse=True)
def _in_the_language_of_the_desk() -> Iterator[None]:
    """A request leaves its language to the thread; the next test begins without it."""
    from django.utils import translation

    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _a_home_of_its_own(request: pytest.FixtureRequest) -> None:
    """Keep stored files, keys and heads of one test away from the next, where there are any."""
    marked = request.node.get_closest_marker("django_db")
    if "example_desk" in request.fixturenames:
        return  # its files stay as long as its rows
    if marked or IN_TRANSACTION & set(request.fixturenames):
        request.getfixturevalue("home")


@pytest.fixture
def people(db: None) -> people_of_a_desk.People:
    """The people of the desk in this process: ``people("engineer")``."""
    return people_of_a_desk.People()


@pytest.fixture
def client_of(people: people_of_a_desk.People) -> Callable[..., Any]:
    """A client that is signed in: ``client_of("engineer")``, or of a person that was made."""
    from django.test import Client

    def signed_in(who: Any, *more_roles: str, **options: Any) -> Client:
        client = Client(**options)
        people_of_a_desk.sign_in(client, people(who, *more_roles) if isinstance(who, str) else who)
        return client

    return signed_in


@pytest.fixture
def cedar_ridge(people: people_of_a_desk.People) -> Path:
    """The example register, taken in by the engineer; the folder that it came from."""
    from declarant.desk.filer.register.importing import import_folder

    import_folder(people("engineer"), EXAMPLE)
    return EXAMPLE


@pytest.fixture
def assessed(cedar_ridge: Path, worker: Callable[[], int]) -> Path:
    """The example register with its assessment; worked out once by a process, then copied."""
    kept_assessment.stand(worker)
    return cedar_ridge


@pytest.fixture
def worker(db: None) -> Callable[[], int]:
    """Do in this process what a worker would, until nothing waits: jobs, then mail.

    Returns how many of both were done; ``worker(periodic=True)`` does what is due first.
    """
    from declarant.desk.work.daily import run_periodic
    from declarant.desk.work.running import run_next
    from declarant.desk.work.sending import send_next

    def work(*, periodic: bool = False) -> int:
        if periodic:
            run_periodic(all_of_them=True)
        done = 0
        while run_next("tests") or send_next("tests"):
            done += 1
        return done

    return work


@pytest.fixture
def smtp_server(tmp_path: Path, settings: Any) -> Iterator[smtp.Server]:
    """A mail server that is up, and to which the desk in this process hands its mail.

    See ``servers/smtp.py`` for what it can be told. A real desk gets it by its settings:
    ``make_desk(DECLARANT_MAIL=smtp_server.url, DECLARANT_MAIL_FROM="desk@example.org")``.
    """
    with smtp.serving(tmp_path) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgresql.Cluster]:
    """A PostgreSQL server, whatever database the run is on; skips where there is none."""
    running = session.cluster_of_this_run()
    try:
        running = running or postgresql.start()
    except FileNotFoundError as lack:
        left_out.leave_out(str(lack))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of one test run know."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture
def make_desk(tmp_path: Path, shared_folder: Path) -> Iterator[Callable[..., desks.Desk]]:
    """Make a real desk on the run's database: ``make_desk(DECLARANT_MAIL=...).start()``."""
    made = []

    def make(**settings: str) -> desks.Desk:
        folder = tmp_path / f"desk-{len(made)}"
        folder.mkdir()
        made.append(
            desks.prepare(
                folder, shared_folder, cluster=session.cluster_of_this_run(), settings=settings
            )
        )
        return made[-1]

    yield make
    for desk in made:
        desk.stop()


@pytest.fixture
def desk(make_desk: Callable[..., desks.Desk]) -> desks.Desk:
    """A real desk that answers: gunicorn and a worker, nothing in it yet."""
    return make_desk().start()


@pytest.fixture(scope="module")
def browser() -> Iterator[browsers.Browser]:
    """A real Chromium; windows close with each module. Skips where there is none."""
    try:
        with browsers.running() as running:
            yield running
    except FileNotFoundError as lack:
        left_out.leave_out(str(lack))
