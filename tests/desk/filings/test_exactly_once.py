"""Kill -9 at every step, and the same form from two processes: one filing, never none, never two.

Real processes on a real database; where a process dies is patched into it from outside.
"""

import json
import subprocess
import sys
import time
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.slow
ROOM = "declarant.desk.filer.filings"
AGENCY = ("ai-reporting@agency.example",)
BEFORE_THE_COMMIT = [
    f"before {ROOM}.signing.opening:signer_of",
    "before declarant.filing.keys:SignerInMemory.sign",
    "after declarant.filing.keys:SignerInMemory.sign",
    f"before {ROOM}.signing.certifying:accept",
    f"before {ROOM}.signing.certifying:store_bytes",
    f"after {ROOM}.signing.certifying:store_bytes",
    f"after {ROOM}.signing.certifying:dispatch_now",
    "after declarant.desk.audit.change:Change.append",
]
AFTER_THE_COMMIT = f"after {ROOM}.signing.certifying:accept"
OF_THE_MAIL = [
    "before declarant.desk.work.sending:_hand_over",
    "after declarant.desk.work.sending:_hand_over",
    f"before {ROOM}.sending.settling:mark_sent",
    f"after {ROOM}.sending.settling:mark_sent",
]


def _text(call: str) -> str:
    return f"from tests.desk.filings import acting; acting.{call}"


def _start(desk: Any, call: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup()\n{_text(call)}"],
        env=desk.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _do(desk: Any, call: str) -> str:
    return desk.python(_text(call))


def _state(desk: Any, given: dict[str, Any]) -> dict[str, Any]:
    return json.loads(_do(desk, f"state({given!r})"))


@pytest.fixture
def desk(make_desk: Any, smtp_server: Any) -> Any:
    """A desk whose mail goes to a real server."""
    return make_desk(DECLARANT_MAIL=smtp_server.url, DECLARANT_MAIL_FROM="desk@example.org")


def _prepared(desk: Any, *quarters: str) -> list[dict[str, Any]]:
    """Filings that wait for certification."""
    return json.loads(_do(desk, f"prepare(*{quarters!r})"))


def test_killed_at_every_step_of_signing_and_sending(desk: Any, smtp_server: Any) -> None:
    (given,) = _prepared(desk, "2026Q4")
    trials = [*BEFORE_THE_COMMIT, AFTER_THE_COMMIT]
    told = json.loads(_do(desk, f"trials({given!r}, {trials!r}, 'signing')"))
    assert all(item.pop("killed") for item in told), told
    for item in told[:-1]:
        assert (item["state"], item["message"], item["act"]) == ("ready", None, None), item
        assert (item["dispatches"], item["letters"], item["certified"]) == ([], 0, 0), item
    after = told[-1]
    assert (after["state"], after["intact"], after["certified"]) == ("certified", True, 1)
    assert (after["letters"], after["dispatches"]) == (1, [["smtp", "waiting"]])
    assert _do(desk, f"certify({given!r})").strip() == "done"  # the form is sent again
    again = _state(desk, given)
    assert again == {key: after[key] for key in again}
    _do(desk, "only_the_mail()")
    told = json.loads(_do(desk, f"trials({given!r}, {OF_THE_MAIL!r}, 'mail')"))
    for item in told:
        assert item["killed"], item
        assert (item["state"], item["message"]) == ("certified", after["message"]), item
    _do(desk, "work()")
    end = _state(desk, given)
    assert (end["state"], end["sent"], end["certified"]) == ("sent", 1, 1)
    assert end["dispatches"] == [["smtp", "done"]]
    arrived = [item.content for item in smtp_server.messages if item.recipients == AGENCY]
    assert len(arrived) == 2  # once before the kill that came after the server had accepted it
    assert len(set(arrived)) == 1
    assert len({BytesHeaderParser().parsebytes(item)["Message-ID"] for item in arrived}) == 1


def test_two_processes_certify_one_filing(desk: Any, tmp_path: Path) -> None:
    """One form that is sent twice is done once for both; of two forms, one is refused."""
    first, second = _prepared(desk, "2026Q4", "2027Q1")
    for given, other, expected in (
        (first, first, ["done", "done"]),
        (second, second | {"act": str(uuid4())}, ["done", "refused"]),
    ):
        assert _at_once(desk, tmp_path / f"gate-{given['filing']}", given, other) == expected
        state = _state(desk, given)
        assert (state["state"], state["filings"], state["certified"]) == ("certified", 1, 1)
        assert (state["letters"], state["dispatches"]) == (1, [["smtp", "waiting"]])


def _at_once(desk: Any, gate: Path, *forms: dict[str, Any]) -> list[str]:
    """Let each form be sent by a process of its own, all at one moment; return what they say."""
    processes = [_start(desk, f"certify({form!r}, gate={str(gate)!r})") for form in forms]
    while len(list(gate.parent.glob(f"{gate.name}.*"))) < len(forms):
        assert all(each.poll() is None for each in processes), [p.communicate() for p in processes]
        time.sleep(0.05)
    gate.touch()
    ended = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * len(forms), ended
    return sorted(output.split()[0] for output, _ in ended)
