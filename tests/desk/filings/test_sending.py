"""Sending: the same bytes by every way, once, until they are accepted."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone
from tests.desk.filings.office import Office
from tests.desk.servers.smtp import Behaviour

from declarant.desk.filer.filings.sending import dispatching
from declarant.desk.filer.filings.sending.settling import settle_letters, with_letters
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db


@dataclass
class Intake:
    """An agency's intake that says what it is told to say, and keeps what it was sent."""

    url: str = ""
    says: list[tuple[int, str, bytes]] = field(default_factory=list)
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def intake(settings: Any) -> Iterator[Intake]:
    """A real HTTP server, which the desk takes for the agency's."""
    from dataclasses import replace

    there = Intake()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.heard.append((self.path, dict(self.headers), body))
            status, kind, answer = there.says.pop(0) if there.says else (202, "text/plain", b"")
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            if 300 <= status < 400:
                self.send_header("Location", f"{there.url}/elsewhere")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    there.url = f"http://127.0.0.1:{server.server_address[1]}"
    settings.DESK = replace(settings.DESK, agency_url=there.url)
    yield there
    server.shutdown()
    server.server_close()


def _to_the_agency(server: Any) -> list[Any]:
    agency = ("ai-reporting@agency.example",)
    return [message for message in server.messages if message.recipients == agency]


def test_mail_carries_the_signed_bytes_to_the_agency(
    office: Office, smtp_server: Any, worker: Any
) -> None:
    row = office.certified(office.ready(), way="smtp")
    assert row.state == "certified"
    worker()
    assert settle_letters() == 1
    row = office.again(row)
    assert row.state == "sent"
    (message,) = _to_the_agency(smtp_server)
    assert message.content == row.message.read()
    assert row.sent == row.dispatches.get().finished
    assert settle_letters() == 0


def test_mail_that_is_refused_now_goes_later(office: Office, smtp_server: Any, worker: Any) -> None:
    from declarant.desk.work.models import Letter

    smtp_server.behaviour = Behaviour.REFUSE_NOW
    row = office.certified(office.ready(), way="smtp")
    worker()
    settle_letters()
    (sending,) = with_letters(row.dispatches.all())
    assert (sending.state, office.again(row).state) == ("waiting", "certified")
    assert "busy" in sending.last_problem
    smtp_server.behaviour = Behaviour.ACCEPT
    Letter.objects.filter(key=sending.letter).update(not_before=timezone.now())
    worker()
    settle_letters()
    assert office.again(row).state == "sent"


def test_sent_again_it_is_the_same_message(office: Office, smtp_server: Any, worker: Any) -> None:
    row = office.certified(office.ready(), way="smtp")
    with pytest.raises(BadInput, match="still under way"):
        dispatching.send(office.preparer, row, "smtp", 2)
    assert dispatching.send(office.preparer, row, "smtp", 1).pk == row.dispatches.get().pk
    worker()
    settle_letters()
    dispatching.send(office.preparer, office.again(row), "smtp", 2)
    worker()
    settle_letters()
    first, second = _to_the_agency(smtp_server)
    assert first.content == second.content
    assert row.dispatches.count() == 2
    with pytest.raises(BadInput, match="older than the last one"):
        dispatching.send(office.preparer, row, "smtp", 4)


def test_nothing_leaves_before_it_is_certified(office: Office) -> None:
    row = office.ready()
    for act in (
        lambda: dispatching.send(office.preparer, row, "smtp", 1),
        lambda: dispatching.sent_by_hand(office.preparer, row, timezone.now(), "by courier"),
    ):
        with pytest.raises(BadInput, match="only a certified filing"):
            act()
    assert not row.dispatches.exists()


def test_without_a_mail_server_no_mail_is_offered(office: Office, settings: Any) -> None:
    row = office.certified(office.ready())
    assert "smtp" in dispatching.ways_for(row)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert "smtp" not in dispatching.ways_for(row)
    with pytest.raises(BadInput, match="no address to send to"):
        dispatching.send(office.preparer, row, "smtp", 1)
    assert not row.dispatches.exists()


def test_https_goes_on_until_the_agency_answers(office: Office, intake: Intake) -> None:
    from declarant.desk.filer.filings.models import Dispatch
    from declarant.desk.filer.filings.sending.delivering import deliver_next

    intake.says = [
        (503, "text/plain", b"not now"),
        (302, "text/plain", b""),
        (429, "text/plain", b""),
    ]
    row = office.certified(office.ready(), way="https")
    for expected in ("HTTP 503 not now", "HTTP 302", "HTTP 429"):
        assert deliver_next()
        sending = row.dispatches.get()
        assert (sending.state, sending.last_problem) == ("waiting", expected)
        assert not deliver_next()  # it waits before it tries again
        Dispatch.objects.update(not_before=timezone.now())
    assert deliver_next()
    row = office.again(row)
    sending = row.dispatches.get()
    assert (sending.state, sending.tries, row.state) == ("done", 4, "sent")
    assert {body for _, _, body in intake.heard} == {row.message.read()}
    assert {path for path, _, _ in intake.heard} == {"/api/intake/messages"}
    assert {kept["Idempotency-Key"] for _, kept, _ in intake.heard} == {row.message.sha256}


def test_a_slow_failure_does_not_take_the_message_from_another_worker(
    office: Office, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from declarant.desk.filer.filings.models import Dispatch
    from declarant.desk.filer.filings.sending import delivering

    row = office.certified(office.ready(), way="https")

    def overtaken(sending: Dispatch) -> None:
        Dispatch.objects.filter(pk=sending.pk).update(tries=sending.tries + 1)
        raise TimeoutError("late")

    monkeypatch.setattr(delivering, "_handed_over", overtaken)
    assert delivering.deliver_next()
    assert row.dispatches.get().state == "sending"


def test_https_that_is_refused_is_told_and_stops(office: Office, intake: Intake) -> None:
    from declarant.desk.filer.filings.sending.delivering import deliver_next

    intake.says = [(422, "text/plain", b"the signature is of nobody we know")]
    row = office.certified(office.ready(), way="https")
    assert deliver_next()
    sending = row.dispatches.get()
    assert (sending.state, office.again(row).state) == ("refused", "certified")
    assert "nobody we know" in sending.last_problem
    assert not deliver_next()
    assert dispatching.next_number(row, "https") == 2


def test_a_claim_of_a_dead_worker_is_taken_over(office: Office, intake: Intake) -> None:
    from declarant.desk.filer.filings.models import Dispatch
    from declarant.desk.filer.filings.sending.delivering import deliver_next

    office.certified(office.ready(), way="https")
    Dispatch.objects.update(state="sending", claimed=timezone.now() - timedelta(minutes=4))
    assert not deliver_next()
    Dispatch.objects.update(claimed=timezone.now() - timedelta(minutes=6))
    assert deliver_next()


def test_plain_http_is_taken_for_this_machine_alone(settings: Any) -> None:
    from dataclasses import replace

    for address, taken in (
        ("http://agency.example", None),
        ("https://agency.example/", "https://agency.example/api/intake/messages"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9/api/intake/messages"),
    ):
        settings.DESK = replace(settings.DESK, agency_url=address)
        assert dispatching.intake_url() == taken


def test_stored_bytes_that_were_changed_never_leave(office: Office, intake: Intake) -> None:
    from declarant.desk.filer.filings.sending.delivering import deliver_next

    row = office.certified(office.ready(), way="https")
    path = row.message.path
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert deliver_next()
    assert "was changed" in row.dispatches.get().last_problem
    assert not intake.heard
    with pytest.raises(BadInput, match="was changed"):
        dispatching.send(office.preparer, row, "smtp", 1)


def test_by_hand_somebody_says_when_and_how(office: Office) -> None:
    row = office.certified(office.ready())
    now = timezone.now()
    for when, note, wrong in (
        (row.certified - timedelta(seconds=1), "by courier", "before it was certified"),
        (now + timedelta(hours=1), "by courier", "in the future"),
        (now, "  ", "not said how"),
    ):
        with pytest.raises(BadInput, match=wrong):
            dispatching.sent_by_hand(office.officer, row, when, note)
    dispatching.sent_by_hand(office.officer, row, now, "by courier")
    assert (office.again(row).state, office.again(row).sent) == ("sent", now)


def test_what_was_sent_stands_in_the_register(office: Office, cedar_ridge: Any) -> None:
    from declarant.desk.filer.filings.standing import sent_before
    from declarant.desk.filer.register.models import EvidenceFile

    row = office.sent()
    told = {item.quarter: item for item in sent_before()}
    assert set(told) == {"2026Q3", "2026Q4"}
    assert told["2026Q4"].document == "filings/notification-2026Q4-version-1.json"
    assert EvidenceFile.objects.get(path=told["2026Q4"].document).file == row.document
