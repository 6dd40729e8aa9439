"""Several processes append, some are killed: one log, and no change without its entry."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.desk.audit.lone import Lone, begin

from declarant.audit_log import verify
from declarant.cli.audit_source import opened

NUMBERS = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql"])
def lone(request: pytest.FixtureRequest, tmp_path: Path) -> Lone:
    url = ""
    if request.param == "postgresql":
        cluster: Any = request.getfixturevalue("cluster")
        url = cluster.create(f"lone_{next(NUMBERS)}")
    made = Lone(tmp_path, url)
    made.prepare()
    return made


@pytest.fixture
def _whole(lone: Lone) -> Iterator[None]:
    """After a test, the log is whole and says exactly what was changed."""
    yield
    logged = lone.logged()
    assert len(logged) == len(set(logged))
    assert set(logged) == lone.things()
    with opened(lone.source) as found:
        result = verify(found)
    assert result.valid, result.findings
    assert result.entries == len(logged)


@pytest.mark.slow
@pytest.mark.usefixtures("_whole")
def test_processes_that_append_at_once_never_fork_the_log(lone: Lone) -> None:
    processes = [lone.changes(who, 0, 40) for who in ("one", "two", "three")]
    for process in processes:
        begin(process)
    for process in processes:
        assert process.communicate(timeout=60)[1] == ""
    logged = lone.logged()
    assert len(logged) == 120
    for who in ("one", "two", "three"):
        assert [name for name in logged if name.startswith(who)] == [
            f"{who}-{at}" for at in range(40)
        ]
    turns = sum(name[:3] != after[:3] for name, after in itertools.pairwise(logged))
    assert turns > 2, "each process was done before another began"


@pytest.mark.slow
@pytest.mark.usefixtures("_whole")
def test_a_process_killed_in_the_midst_leaves_both_or_neither(lone: Lone) -> None:
    chance = random.Random(20270115)
    for turn in range(5):
        killed = lone.changes(f"killed{turn}", 0, 10_000)
        begin(killed)
        time.sleep(chance.uniform(0.05, 0.4))
        killed.kill()
        killed.communicate()
    assert 0 < len(lone.logged()) < 50_000
    after = lone.changes("after", 0, 5)
    begin(after)
    assert after.communicate(timeout=60)[1] == ""
    assert lone.logged()[-5:] == [f"after-{at}" for at in range(5)]
