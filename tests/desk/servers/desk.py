"""A real desk: gunicorn and a worker as processes, on a home and a database of their own.

The first desk of a test run makes the database and the static files once; every other one copies
them. What the tests do to a desk, they do as an operator would: settings in the environment,
commands, requests, SIGTERM and SIGKILL.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.desk.servers import leash
from tests.desk.servers.postgresql import Cluster

SETTINGS = "declarant.desk.settings.filer"
TEMPLATE = "desk_template"
STARTED_WITHIN = 60.0  # seconds; a machine under load is slow to import


@dataclass
class Desk:
    """A desk in ``home`` that answers at ``url`` once ``start`` has returned.

    ``settings`` are the operator's (``DECLARANT_...``); change them before a ``start``.
    """

    home: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    web: leash.Leashed | None = None
    worker: leash.Leashed | None = None

    @property
    def url(self) -> str:
        """Where the desk answers; by name, since passkeys need one."""
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DECLARANT_", "DJANGO_"))
        }
        return {
            **inherited,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "DECLARANT_HOME": str(self.home),
            "DECLARANT_URL": self.url,
            **self.settings,
        }

    @property
    def database_name(self) -> str:
        """What Django calls the name of its database: a file, or one of the server's."""
        url = self.settings.get("DECLARANT_DATABASE")
        return url.rpartition("/")[2] if url else str(self.home / "desk.sqlite3")

    def start(self, *, web: bool = True, worker: bool = True) -> "Desk":
        """Start what does not run of the two processes, and wait until the web answers."""
        if worker and not (self.worker and self.worker.is_alive):
            self.worker = self._leashed("worker", "django", "work")
        if web and not (self.web and self.web.is_alive):
            self.web = self._leashed(
                "web",
                "gunicorn",
                *("--workers", "2", "--threads", "2", "--bind", f"127.0.0.1:{self.port}"),
                "declarant.desk.wsgi:application",
            )
            self._wait()
        return self

    def kill_web(self) -> None:
        """Kill gunicorn and its workers with SIGKILL."""
        assert self.web is not None
        self.web.kill()

    def kill_worker(self) -> None:
        """Kill the worker with SIGKILL."""
        assert self.worker is not None
        self.worker.kill()

    def stop(self) -> None:
        """End both in good order; the home stays."""
        for process in (self.web, self.worker):
            if process is not None:
                process.stop()
        self.web = self.worker = None

    def command(self, *arguments: str, stdin: str = "") -> str:
        """Run a management command and return what it prints; fails with what it says."""
        return self._run([sys.executable, "-m", "django", *arguments], stdin)

    def python(self, program: str) -> str:
        """Run a program inside the desk's Django, and return what it prints."""
        return self._run([sys.executable, "-c", f"import django; django.setup()\n{program}"], "")

    def log(self, process: str) -> str:
        """What ``web`` or ``worker`` wrote to its log."""
        return (self.home.parent / f"{self.home.name}.{process}.log").read_text(errors="replace")

    def _run(self, command: list[str], stdin: str) -> str:
        done = subprocess.run(
            command, env=self.environment, input=stdin, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command[2:]} failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _leashed(self, name: str, module: str, *arguments: str) -> leash.Leashed:
        return leash.start(
            [sys.executable, "-m", module, *arguments],
            log=self.home.parent / f"{self.home.name}.{name}.log",
            environment=self.environment,
        )

    def _wait(self) -> None:
        until = time.monotonic() + STARTED_WITHIN
        while True:
            try:
                urllib.request.urlopen(self.url, timeout=STARTED_WITHIN).close()
            except urllib.error.HTTPError:
                return  # any answer is an answer
            except (urllib.error.URLError, ConnectionError):
                assert self.web is not None
                if time.monotonic() > until or not self.web.is_alive:
                    raise AssertionError(f"no desk at {self.url}:\n{self.log('web')}") from None
                time.sleep(0.1)
            else:
                return


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def prepare(
    folder: Path,
    shared: Path,
    *,
    cluster: Cluster | None = None,
    database: str | None = None,
    settings: Mapping[str, str] | None = None,
) -> Desk:
    """Make a desk's home in ``folder`` and its database: SQLite there, or one in the cluster.

    ``shared`` is a folder that all processes of the test run know: the template is kept there.
    """
    desk = copy(_template(shared, cluster), folder, cluster, database=database)
    shutil.rmtree(desk.home / "keys", ignore_errors=True)  # each desk makes its own
    desk.settings |= dict(settings or {})
    return desk


def copy(desk: Desk, folder: Path, cluster: Cluster | None, database: str | None = None) -> Desk:
    """Copy a desk that does not run, with its database and its keys."""
    made = Desk(folder / "home", free_port())
    shutil.copytree(desk.home, made.home)
    if cluster is not None:
        name = database or f"desk_{made.port}_{os.getpid()}"
        template = desk.settings["DECLARANT_DATABASE"].rpartition("/")[2]
        made.settings["DECLARANT_DATABASE"] = cluster.create(name, template=template)
    return made


def _template(shared: Path, cluster: Cluster | None) -> Desk:
    """The home that others are copied from, made by whichever process comes first."""
    where = shared / f"template-{'postgresql' if cluster else 'sqlite'}"
    where.mkdir(parents=True, exist_ok=True)
    template = Desk(where / "home", 0)
    with _locked(where / "lock"):
        if cluster is not None:
            template.settings["DECLARANT_DATABASE"] = cluster.url(TEMPLATE)
        if not (where / "made").exists():
            template.home.mkdir(exist_ok=True)
            if cluster is not None:
                cluster.create(TEMPLATE)
            template.command("migrate", "--verbosity", "0")
            template.command("collectstatic", "--no-input", "--verbosity", "0")
            (where / "made").touch()
    return template


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
