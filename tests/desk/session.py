"""What a whole test run of the desk shares: the option, the PostgreSQL server, the loud ending.

A plugin of its own, named in ``tests/conftest.py``, since pytest asks for options before it reads
``tests/desk/conftest.py``. Nothing here touches Django.
"""

import os
from pathlib import Path

import pytest
from tests.desk.servers import left_out, postgresql

CLUSTER = pytest.StashKey[postgresql.Cluster]()
# from the process that starts the server to those that xdist starts
FOLDER = "DESK_TESTS_POSTGRESQL"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption(
        "--desk-database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="the database that the tests of the desk run on; postgresql starts a server",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Name the marker; start PostgreSQL once, in the process that starts the others."""
    config.addinivalue_line("markers", "once: runs with SQLite only, also when both are tested")
    wanted = config.getoption("desk_database", "sqlite") == "postgresql"
    if not wanted or hasattr(config, "workerinput") or config.option.collectonly:
        return
    try:
        config.stash[CLUSTER] = postgresql.start()
    except FileNotFoundError as lack:
        if left_out.is_required():
            raise pytest.UsageError(f"{lack} (REQUIRE_SERVERS is set)") from None
        return
    os.environ[FOLDER] = str(config.stash[CLUSTER].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop it."""
    cluster = config.stash.get(CLUSTER, None)
    if cluster is not None:
        cluster.stop()
        os.environ.pop(FOLDER, None)


def cluster_of_this_run() -> postgresql.Cluster | None:
    """The server that this run started, whichever process asks."""
    folder = os.environ.get(FOLDER)
    return postgresql.Cluster(Path(folder)) if folder else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what this machine could not test."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [str(report.longrepr[2]) for report in skipped if isinstance(report.longrepr, tuple)]
    lines = left_out.summary(reasons)
    if lines:
        terminalreporter.write_sep("=", "left out", red=True, bold=True)
        for line in lines:
            terminalreporter.write_line(line, red=True, bold=True)
