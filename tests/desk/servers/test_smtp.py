"""The mail server of the tests keeps what it is sent, byte for byte, and fails as it is told."""

import smtplib
import ssl
from pathlib import Path

import pytest
from tests.desk.servers.smtp import Behaviour, serving

TEXT = "From: a@example.org\r\nSubject: =?utf-8?q?=E8=A8=93?=\r\n\r\n訓練\r\n".encode()


def send(server, *, timeout: float = 10) -> None:
    context = ssl.create_default_context(
        cafile=str(server.certificate) if server.encryption else None
    )
    kind = smtplib.SMTP_SSL if server.encryption == "tls" else smtplib.SMTP
    options = {"context": context} if server.encryption == "tls" else {}
    with kind("127.0.0.1", server.port, timeout=timeout, **options) as client:
        if server.encryption == "starttls":
            client.starttls(context=context)
        if server.user:
            client.login(server.user, server.password)
        client.sendmail("a@example.org", ["b@example.org"], TEXT)


@pytest.mark.parametrize("encryption", ["", "starttls", "tls"])
@pytest.mark.parametrize("user", ["", "desk"])
def test_a_message_arrives_as_it_was_sent(tmp_path: Path, encryption: str, user: str):
    with serving(tmp_path, encryption=encryption, user=user, password=user and "s3cret") as server:
        send(server)
        (message,) = server.messages
    assert message.content == TEXT
    assert message.recipients == ("b@example.org",)
    assert message.encrypted == bool(encryption)
    assert message.signed_in_as == (user or None)


def test_a_wrong_password_is_refused(tmp_path: Path):
    with (
        serving(tmp_path, encryption="starttls", user="desk", password="right") as server,
        smtplib.SMTP("127.0.0.1", server.port, timeout=10) as client,
    ):
        client.starttls(context=ssl.create_default_context(cafile=str(server.certificate)))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("desk", "wrong")
        with pytest.raises(smtplib.SMTPSenderRefused, match="Authentication required"):
            client.sendmail("a@example.org", ["b@example.org"], TEXT)


@pytest.mark.parametrize(
    ("behaviour", "error", "code"),
    [
        (Behaviour.REFUSE_NOW, smtplib.SMTPDataError, 451),
        (Behaviour.REFUSE_FOR_EVER, smtplib.SMTPDataError, 554),
        (Behaviour.REFUSE_RECIPIENT, smtplib.SMTPRecipientsRefused, 550),
    ],
)
def test_it_refuses_as_told_and_keeps_nothing(tmp_path: Path, behaviour, error, code):
    with serving(tmp_path) as server:
        server.behaviour = behaviour
        with pytest.raises(error) as refusal:
            send(server)
        assert str(code) in str(refusal.value)
        assert server.messages == []


def test_it_drops_the_connection_after_it_has_kept_the_message(tmp_path: Path):
    with serving(tmp_path) as server:
        server.behaviour = Behaviour.DROP_AFTER_ACCEPTING
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            send(server)
        assert [message.content for message in server.messages] == [TEXT]


def test_it_hangs_after_it_has_got_the_message(tmp_path: Path):
    with serving(tmp_path) as server:
        server.behaviour = Behaviour.HANG
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            send(server, timeout=0.5)
        assert server.reached.is_set()
        assert server.messages == []


def test_it_goes_down_and_comes_up_on_the_same_port(tmp_path: Path):
    with serving(tmp_path) as server:
        port = server.port
        send(server)
        server.down()
        with pytest.raises(ConnectionRefusedError):
            send(server)
        server.up()
        assert server.port == port
        send(server)
        assert len(server.messages) == 2
