"""One byte changed anywhere in a desk's log or stored files is found, and the place is named."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.running import run, run_json

from declarant.audit_log import verify, verify_files
from declarant.audit_log.files import place_of
from declarant.audit_log.head_files import heads_in
from declarant.cli.audit_source import opened
from declarant.problems import BadInput

pytestmark = [pytest.mark.once, pytest.mark.slow]

PROGRAM = """
from django.db import transaction
from declarant.desk.audit import change
from declarant.desk.audit.heads import make_head
from declarant.desk.vault import store
from tests.desk import people

ada = people.make("engineer", name="Ada Byrne")
for number in range(5):
    with change(ada, "evidence.uploaded", subject=f"run:{number}") as entry:
        file = store([b"evidence %d" % number], name="evidence")
        entry.note(sha256=file.sha256, size=file.size)
    if number in (1, 3):
        make_head()
"""
COLUMNS = {
    "audit_entry": (
        "index", "moment", "actor", "actor_name", "action", "subject", "content", "leaf",
    ),
    "audit_head": ("number", "log", "size", "root", "moment", "key", "signature"),
    "audit_tree": ("log", "size", "frontier"),
    "vault_storedfile": ("sha256", "size"),
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> Path:
    """The home of a desk whose log has entries, heads and stored files."""
    from tests.desk.servers import desk as desks

    made = desks.prepare(tmp_path_factory.mktemp("tampered"), shared_folder)
    made.python(PROGRAM)
    with sqlite3.connect(made.home / "desk.sqlite3") as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # everything in one file
    return made.home


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    """A copy to tamper with."""
    shutil.copytree(whole, tmp_path / "home", ignore=shutil.ignore_patterns("static"))
    return tmp_path / "home"


def test_what_was_not_tampered_with_is_right(home: Path) -> None:
    said = run_json("audit", "verify", home)
    assert said["valid"]
    assert (said["entries"], said["heads"], said["files"]) == (5, 2, 5)
    assert said["covered_by_heads"] == 4
    assert said["findings"] == []
    assert "NOTHING WRONG" in run("audit", "verify", home / "desk.sqlite3").output


def verified(home: Path) -> Any:
    """What `declarant audit verify HOME --json` says, without making its commands each time."""
    with opened(str(home)) as found:
        found.heads += heads_in(home / "heads", found.heads)
        result = verify(found)
    verify_files(found, home / "files", result)
    return result.as_json()


def wrong(home: Path) -> Any:
    said = verified(home)
    assert not said["valid"]
    return said


def changed(value: Any, *, keys: frozenset[Any] = frozenset()) -> Iterator[Any]:
    """Values that differ in one byte; without `keys`, which the database refuses twice."""
    if isinstance(value, int):
        yield from {value + 1, value + 64} - keys
    elif isinstance(value, bytes):
        for at in (0, len(value) // 2, len(value) - 1):
            yield value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
    else:
        at = len(value) // 2
        yield value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]


@pytest.mark.parametrize(
    ("table", "column"), [(table, name) for table, held in COLUMNS.items() for name in held]
)
def test_every_column_of_every_row_is_checked(home: Path, table: str, column: str) -> None:
    database = home / "desk.sqlite3"
    before = database.read_bytes()
    with sqlite3.connect(database) as connection:
        rows = connection.execute(f'SELECT rowid, "{column}" FROM {table} ORDER BY 1').fetchall()
    assert rows
    keys = frozenset(value for _, value in rows)
    for at, (row, value) in enumerate(rows):
        for other in changed(value, keys=keys):
            database.write_bytes(before)
            tampered = f'UPDATE {table} SET "{column}" = ? WHERE rowid = ?'
            _execute(database, tampered, other, row)
            said = wrong(home)
            _names(said, table, column, at)


def _execute(database: Path, statement: str, *values: Any) -> None:
    """Change the database as whoever owns it can: past the guards."""
    connection = sqlite3.connect(database, isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute(statement, values)
    connection.close()


def _names(said: Any, table: str, column: str, at: int) -> None:
    where = " ".join(f"{item['where']} {item['what']}" for item in said["findings"])
    if table == "audit_entry":
        first = said["first_wrong"]
        assert first["index"] == first["last"] == at, where
        assert first["differs"] == ("content" if column != "index" else first["differs"])
        if column not in ("index", "content", "leaf"):
            assert f"column {column}" in first["what"]
    elif table == "audit_head":
        assert f"audit_head number {at + 1} " in f"{where} " or f"head {at + 1} is missing" in where
        assert said["first_wrong"] is None
    elif table == "vault_storedfile":
        assert "stored file" in where or "no SHA-256" in where
    else:
        assert said["first_wrong"] or "kept for appending" in where


def test_a_row_taken_out_is_named(home: Path) -> None:
    database = home / "desk.sqlite3"
    before = database.read_bytes()
    for at in range(5):
        database.write_bytes(before)
        _execute(database, 'DELETE FROM audit_entry WHERE "index" = ?', at)
        said = wrong(home)
        assert (said["first_wrong"]["index"], said["first_wrong"]["differs"]) == (at, "missing")
    for table, where in (("audit_head", "number = 1"), ("vault_storedfile", "id = 1")):
        database.write_bytes(before)
        _execute(database, f"DELETE FROM {table} WHERE {where}")
        said = wrong(home)
        assert "missing" in str(said["findings"]) or "does not" in str(said["findings"])
    database.write_bytes(before)
    _execute(database, "DELETE FROM audit_tree")
    assert wrong(home)["first_wrong"]["differs"] == "added"


def test_every_byte_of_every_stored_file_is_checked(home: Path) -> None:
    with sqlite3.connect(home / "desk.sqlite3") as connection:
        hashes = [name for (name,) in connection.execute("SELECT sha256 FROM vault_storedfile")]
    for sha256 in hashes:
        place = place_of(home / "files", sha256)
        held = place.read_bytes()
        place.chmod(0o600)
        for at in range(0, len(held), 3):
            place.write_bytes(held[:at] + bytes([held[at] ^ 1]) + held[at + 1 :])
            (finding,) = wrong(home)["findings"]
            assert finding["code"] == "audit.file_changed"
            assert finding["where"] == str(place)
        place.write_bytes(held)
    place.unlink()
    (finding,) = wrong(home)["findings"]
    assert finding["code"] == "audit.file_missing"


def _rows(database: Path) -> Any:
    connection = sqlite3.connect(database)
    connection.text_factory = bytes
    held = [
        connection.execute(f"SELECT {', '.join(map(_quoted, names))} FROM {table}").fetchall()
        for table, names in COLUMNS.items()
    ]
    connection.close()
    return held


def _quoted(name: str) -> str:
    return f'"{name}"'


def test_a_byte_of_the_file_itself_is_found_or_changed_nothing(home: Path) -> None:
    database = home / "desk.sqlite3"
    before, rows = database.read_bytes(), _rows(database)
    pages = _pages_of_the_log(database)
    chance = random.Random(6962)
    unseen = 0
    for _ in range(80):
        at = chance.choice(pages) + chance.randrange(4096)
        damaged = bytearray(before)
        damaged[at] ^= 1 << chance.randrange(8)
        database.write_bytes(damaged)
        try:
            said = verified(home)
        except BadInput:  # SQLite itself cannot read it, and that is said
            continue
        if said["valid"]:
            unseen += 1
            assert _rows(database) == rows, f"byte {at} was changed, and nothing was said"
    assert unseen < 80


def _pages_of_the_log(database: Path) -> list[int]:
    """Where the pages begin on which the rows of the log stand."""
    connection = sqlite3.connect(database)
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    assert size == 4096
    query = "SELECT rootpage FROM sqlite_master WHERE tbl_name IN ({}) AND rootpage > 0"
    marks = ", ".join("?" * len(COLUMNS))
    roots = connection.execute(query.format(marks), tuple(COLUMNS)).fetchall()
    connection.close()
    return [(root - 1) * size for (root,) in roots]


def test_a_rollback_to_a_backup_is_found_by_the_heads_in_the_home(
    home: Path, tmp_path: Path, make_desk: Callable[..., Any]
) -> None:
    earlier = (home / "desk.sqlite3").read_bytes()
    desk = make_desk()
    shutil.rmtree(desk.home)
    shutil.copytree(home, desk.home)
    desk.python(
        "from declarant.desk.audit import change\n"
        "from declarant.desk.audit.heads import make_head\n"
        "with change('worker', 'a.b', subject='s'): pass\n"
        "make_head()"
    )
    assert run_json("audit", "verify", desk.home)["entries"] == 6
    kept = sorted((desk.home / "heads").iterdir())[-1]
    for file in desk.home.glob("desk.sqlite3*"):
        file.unlink()
    (desk.home / "desk.sqlite3").write_bytes(earlier)
    said = run_json("audit", "verify", desk.home, status=1)
    assert (said["first_wrong"]["index"], said["first_wrong"]["differs"]) == (5, "missing")
    shutil.move(kept, tmp_path / "kept.json")
    assert run_json("audit", "verify", desk.home)["valid"]  # the limit: nothing here remembers
    said = run_json("audit", "verify", desk.home, "--head", tmp_path / "kept.json", status=1)
    assert "rolled back" in said["first_wrong"]["what"]
