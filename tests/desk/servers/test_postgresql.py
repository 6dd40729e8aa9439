"""The cluster of the tests: two at once, gone afterwards, gone also when the tests are killed."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.desk.servers import leash, left_out, postgresql

psycopg = pytest.importorskip("psycopg")


@pytest.fixture
def cluster():
    try:
        cluster = postgresql.start()
    except FileNotFoundError as lack:
        left_out.leave_out(str(lack))
    yield cluster
    cluster.stop()


def test_it_answers_and_keeps_letters_of_both_languages_and_leaves_nothing(cluster):
    with psycopg.connect(cluster.create("trial")) as connection:
        row = connection.execute("SELECT upper('é'), length('訓練')").fetchone()
    assert row == ("É", 2)
    cluster.stop()
    assert not cluster.server.is_alive
    assert not cluster.folder.exists()


def test_a_server_ends_and_its_folder_goes_when_the_tests_are_killed(tmp_path: Path):
    folder = tmp_path / "server"
    folder.mkdir()
    program = (
        "import sys, time; from pathlib import Path; from tests.desk.servers import leash\n"
        f"held = leash.start(['sleep', '600'], log=Path({str(tmp_path / 'log')!r}),"
        f" folder=Path({str(folder)!r}))\n"
        "print(held.pid, flush=True); time.sleep(600)"
    )
    tests = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    server = leash.Leashed(int(tests.stdout.readline()), tests)
    assert server.is_alive
    tests.send_signal(signal.SIGKILL)
    tests.wait()
    until = time.monotonic() + 30
    while (server.is_alive or folder.exists()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not server.is_alive
    assert not folder.exists()
