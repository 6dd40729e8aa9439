"""Processes of a Django project that has the audit app alone, on a database of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCENE = """
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
connection.cursor().execute("CREATE TABLE thing (name varchar(40) PRIMARY KEY)")
"""
CHANGES = """
import sys, time
from django.db import connection
from declarant.desk.audit import change

who, first, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for at in range(first, first + number):
    name = f"{who}-{at}"
    with change(who, "thing.made", subject=f"thing:{name}"):
        connection.cursor().execute("INSERT INTO thing VALUES (%s)", [name])
    time.sleep(0.002)  # or one process may keep the lock to itself until it is done
"""


@dataclass
class Lone:
    """The project: `home` with its SQLite file, or a PostgreSQL `url`."""

    home: Path
    url: str = ""

    @property
    def source(self) -> str:
        """What `declarant audit verify` takes."""
        return self.url or str(self.home / "desk.sqlite3")

    def prepare(self) -> None:
        """Make the tables."""
        self.python(SCENE)

    def python(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            self._command(program, arguments),
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def changes(self, who: str, first: int, number: int) -> subprocess.Popen[str]:
        """Start a process that makes changes once it is told to begin; return it ready."""
        process = subprocess.Popen(
            self._command(CHANGES, (who, str(first), str(number))),
            cwd=ROOT,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
        return process

    def things(self) -> set[str]:
        """The names in the table that was changed."""
        return set(
            self.python(
                "from django.db import connection\n"
                "with connection.cursor() as cursor:\n"
                "    cursor.execute('SELECT name FROM thing')\n"
                "    print(*(name for (name,) in cursor.fetchall()))"
            ).split()
        )

    def logged(self) -> list[str]:
        """The names in the log, in its order."""
        return self.python(
            "from declarant.desk.audit.models import Entry\n"
            "print(*(e.subject.partition(':')[2] for e in Entry.objects.all()))"
        ).split()

    def _command(self, program: str, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-c", f"import django; django.setup()\n{program}", *arguments]

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.desk.audit.lone_settings",
            "AUDIT_TEST_HOME": str(self.home),
            "AUDIT_TEST_DATABASE": self.url,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        }


def begin(process: subprocess.Popen[str]) -> None:
    """Let a process that is ready make its changes."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
