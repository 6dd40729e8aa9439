"""A PostgreSQL cluster of the tests' own: temporary, on a Unix socket, unsafe and fast."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT
from urllib.parse import quote

from tests.desk.servers import leash

LACK = "PostgreSQL is not installed: scripts/set-up-servers as root on Debian, or initdb on PATH"
ROLE = "declarant"
PLACES = ("/usr/lib/postgresql", "/usr/local/opt/postgresql", "/opt/homebrew/opt/postgresql")


@dataclass(frozen=True)
class Cluster:
    """A running cluster; ``folder`` holds its socket, its data and its log.

    ``server`` is None in a process that uses a cluster which another one started.
    """

    folder: Path
    server: leash.Leashed | None = None

    def url(self, database: str) -> str:
        """The address of a database, as ``dj-database-url`` and ``psql`` read it."""
        return f"postgresql://{ROLE}@{quote(str(self.folder), safe='')}/{database}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database, empty or as a copy of another one; return its address."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"'.encode())
        return self.url(database)

    def stop(self) -> None:
        """Stop the server and remove everything it wrote, if this process started it."""
        if self.server is not None:
            self.server.stop()


def programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``, of the newest version here, if there is one."""
    found = [
        path.parent
        for place in PLACES
        for path in sorted(Path(place).glob("*/bin/initdb"), key=_version)
    ]
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path).resolve().parent if on_path else None


def _version(initdb: Path) -> float:
    with contextlib.suppress(ValueError):
        return float(initdb.parts[-3])
    return 0


def account() -> str | None:
    """The account that must run the server: PostgreSQL refuses root. None is our own."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise LookupError("PostgreSQL refuses root, and there is no account postgres or nobody")


def start() -> Cluster:
    """Make and start a cluster; raises FileNotFoundError where PostgreSQL is not installed."""
    where = programs()
    if where is None:
        raise FileNotFoundError(LACK)
    # short, since a socket's path holds about a hundred characters
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    user = account()
    if user is not None:
        shutil.chown(folder, user)
    data, log = folder / "data", folder / "log"
    _initialise(where, data, user)
    server = leash.start(
        [
            str(where / "postgres"),
            *("-D", str(data), "-k", str(folder), "-h", ""),
            *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"),
            *("-c", "max_connections=200", "-c", "shared_buffers=64MB"),
        ],
        log=log,
        folder=folder,
        user=user,
        stop_by=SIGINT,  # a fast shutdown: open connections are closed
    )
    cluster = Cluster(folder, server)
    try:
        _wait(cluster, server)
    except BaseException:
        cluster.stop()
        raise
    return cluster


def _initialise(where: Path, data: Path, user: str | None) -> None:
    """Run initdb with a locale that knows letters beyond ASCII, where the machine has it."""
    run_as = {"user": user, "group": user, "extra_groups": []} if user else {}
    for locale in ("C.UTF-8", "C"):
        done = subprocess.run(  # type: ignore[call-overload]
            [
                str(where / "initdb"),
                *("-D", str(data), "-U", ROLE, "-A", "trust", "-E", "UTF8"),
                *("--locale", locale, "--no-sync", "--no-instructions"),
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            **run_as,
        )
        if done.returncode == 0:
            return
    raise RuntimeError(f"initdb failed: {done.stderr}")


def _wait(cluster: Cluster, server: leash.Leashed) -> None:
    import psycopg

    until = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(cluster.url("postgres")).close()
        except psycopg.OperationalError:
            if time.monotonic() > until or not server.is_alive:
                log = (cluster.folder / "log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL does not answer; its log:\n{log}") from None
            time.sleep(0.05)
        else:
            return
