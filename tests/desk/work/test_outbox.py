"""Mail: each once, never lost, whatever the mail server does."""

from datetime import timedelta
from email import message_from_bytes

import pytest
import time_machine
from tests.desk.servers.smtp import Behaviour

from declarant.desk.vault import store_bytes
from declarant.desk.work.models import Letter
from declarant.desk.work.outbox import post, post_raw
from declarant.desk.work.sending import SILENT, send_next

pytestmark = pytest.mark.django_db


def letter(**fields):
    defaults = {"key": "k", "to": ["a@example.org"], "subject": "Due: 期限", "text": "It is due.\n"}
    return post(**(defaults | fields))


def test_it_arrives(smtp_server):
    letter()
    assert send_next("w")
    (message,) = smtp_server.messages
    mail = message_from_bytes(message.content)
    assert tuple(message.recipients) == ("a@example.org",)
    assert mail.get_payload(decode=True).decode().split() == ["It", "is", "due."]
    assert not send_next("w")


def test_the_same_key_is_one_mail(smtp_server):
    letter()
    letter(text="changed\n")
    while send_next("w"):
        pass
    assert len(smtp_server.messages) == 1


def test_bytes_go_out_as_they_are(smtp_server, home):
    raw = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\n.leading dot\r\nend\r\n"
    post_raw(key="raw", to=["b@example.org"], message=store_bytes(raw, name="x.eml"))
    send_next("w")
    assert smtp_server.messages[0].content.rstrip(b"\r\n") == raw.rstrip(b"\r\n")


@pytest.mark.parametrize("behaviour", [Behaviour.REFUSE_NOW, Behaviour.REFUSE_FOR_EVER])
def test_a_refusal_is_tried_again_later_with_the_same_identity(smtp_server, behaviour):
    with time_machine.travel("2027-01-05T10:00Z", tick=False) as clock:
        letter()
        smtp_server.behaviour = behaviour
        send_next("w")
        row = Letter.objects.get()
        assert row.state == Letter.State.WAITING
        assert row.last_problem
        assert not send_next("w")  # not at once
        smtp_server.behaviour = Behaviour.ACCEPT
        clock.shift(timedelta(minutes=1))
        send_next("w")
    row.refresh_from_db()
    assert row.state == Letter.State.SENT
    assert len(smtp_server.messages) == 1


def test_a_server_that_is_down_loses_nothing(smtp_server):
    with time_machine.travel("2027-01-05T10:00Z", tick=False) as clock:
        letter()
        smtp_server.down()
        send_next("w")
        clock.shift(timedelta(minutes=5))
        smtp_server.up()
        send_next("w")
    assert len(smtp_server.messages) == 1


def test_a_worker_that_died_sending_is_followed_by_the_same_mail(smtp_server):
    with time_machine.travel("2027-01-05T10:00Z", tick=False) as clock:
        row = letter()
        Letter.objects.filter(pk=row.pk).update(
            state=Letter.State.SENDING, claimed="2027-01-05T10:00Z", claimed_by="dead"
        )
        clock.shift(SILENT)
        assert not send_next("w")
        clock.shift(timedelta(seconds=1))
        assert send_next("w")
    first = message_from_bytes(smtp_server.messages[0].content)["Message-ID"]
    with time_machine.travel("2027-01-06T10:00Z", tick=False):
        Letter.objects.update(state=Letter.State.WAITING)
        send_next("w")
    assert message_from_bytes(smtp_server.messages[1].content)["Message-ID"] == first


def test_a_filing_is_never_given_up(smtp_server, home):
    with time_machine.travel("2027-01-05T10:00Z", tick=False) as clock:
        letter()
        post_raw(key="raw", to=["b@example.org"], message=store_bytes(b"x: y\r\n\r\n", name="x"))
        smtp_server.down()
        for _ in range(40):
            while send_next("w"):
                pass
            clock.shift(timedelta(hours=5))
    states = dict(Letter.objects.values_list("key", "state"))
    assert states == {"k": Letter.State.GIVEN_UP, "raw": Letter.State.WAITING}


def test_a_letter_that_cannot_be_written_holds_up_no_other(smtp_server):
    letter(key="bad", to=["anna@b\u00fccher.example"])  # no server here takes such an address
    letter(key="good")
    assert send_next("w")
    assert send_next("w")
    assert dict(Letter.objects.values_list("key", "state")) == {
        "bad": Letter.State.WAITING,
        "good": Letter.State.SENT,
    }
    assert Letter.objects.get(key="bad").last_problem


def test_a_slow_failure_does_not_undo_what_another_worker_sent(smtp_server, monkeypatch):
    from declarant.desk.work import sending

    row = letter()

    def overtaken(_row):
        Letter.objects.filter(pk=row.pk).update(state=Letter.State.SENT)
        raise TimeoutError("late")

    monkeypatch.setattr(sending, "_hand_over", overtaken)
    assert send_next("w")
    row.refresh_from_db()
    assert row.state == Letter.State.SENT


def test_a_header_cannot_be_smuggled_in(smtp_server):
    letter(subject="Due\r\nBcc: thief@example.org")
    send_next("w")
    assert all("thief@example.org" not in m.recipients for m in smtp_server.messages)
    assert not any(message_from_bytes(m.content)["Bcc"] for m in smtp_server.messages)
