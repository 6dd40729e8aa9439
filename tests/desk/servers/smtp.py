"""A real SMTP server on this machine that keeps what it is sent and misbehaves when told to."""

import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from tests.desk.servers import certificates


class Behaviour(Enum):
    """What the server does with the next messages."""

    ACCEPT = "accept"
    REFUSE_NOW = "451 4.3.0 Mailbox is busy, try again later"
    REFUSE_FOR_EVER = "554 5.7.1 Message refused by policy"
    REFUSE_RECIPIENT = "550 5.1.1 No such mailbox"
    HANG = "hang"  # takes the message and never answers
    DROP_AFTER_ACCEPTING = "drop"  # keeps the message, then closes without saying so


@dataclass(frozen=True)
class Message:
    """One message as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    encrypted: bool
    signed_in_as: str | None


@dataclass
class Server:
    """An SMTP server on 127.0.0.1; ``messages`` holds what it accepted, in order.

    ``encryption`` is "", "starttls" or "tls"; with ``password`` it wants AUTH from ``user``.
    """

    folder: Path
    encryption: str = ""
    user: str = ""
    password: str = ""
    port: int = 0
    behaviour: Behaviour = Behaviour.ACCEPT
    messages: list[Message] = field(default_factory=list)
    attempts: int = 0
    reached: Event = field(default_factory=Event)  # set when a message was wholly received
    _controller: Controller | None = None

    @property
    def url(self) -> str:
        """The setting ``DECLARANT_MAIL`` for this server."""
        scheme = {"": "smtp", "starttls": "smtp+starttls", "tls": "smtps"}[self.encryption]
        account = f"{self.user}:{self.password}@" if self.user else ""
        return f"{scheme}://{account}127.0.0.1:{self.port}"

    @property
    def certificate(self) -> Path:
        """The certificate a client must trust (``SSL_CERT_FILE``) for STARTTLS and TLS."""
        return certificates.for_this_machine(self.folder).certificate

    def up(self) -> None:
        """Listen; after ``down`` on the same port as before."""
        assert self._controller is None, "the server is up already"
        self._controller = _Controller(self)
        self._controller.start()
        self.port = self._controller.port

    def down(self) -> None:
        """Stop listening and drop who is connected; what was accepted is kept."""
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    # what aiosmtpd calls

    async def handle_MAIL(  # noqa: N802 - aiosmtpd names it so
        self, _smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer the command MAIL FROM."""
        if self.user and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer the command RCPT TO."""
        if self.behaviour is Behaviour.REFUSE_RECIPIENT:
            return self.behaviour.value
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer the end of the command DATA."""
        self.attempts += 1
        if self.behaviour in (Behaviour.REFUSE_NOW, Behaviour.REFUSE_FOR_EVER):
            return self.behaviour.value
        if self.behaviour is Behaviour.HANG:
            self.reached.set()
            await smtp.loop.create_future()
        assert isinstance(envelope.content, bytes)
        self.messages.append(
            Message(
                sender=envelope.mail_from or "",
                recipients=tuple(envelope.rcpt_tos),
                content=envelope.content,
                encrypted=session.ssl is not None or self.encryption == "tls",
                signed_in_as=self.user if session.authenticated else None,
            )
        )
        self.reached.set()
        if self.behaviour is Behaviour.DROP_AFTER_ACCEPTING:
            assert smtp.transport is not None
            smtp.transport.abort()
        return "250 OK"

    def authenticate(
        self, _smtp: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
    ) -> AuthResult:
        """Check the name and password of AUTH."""
        assert isinstance(given, LoginPassword)
        right = (given.login, given.password) == (self.user.encode(), self.password.encode())
        return AuthResult(success=right, handled=False)


class _Controller(Controller):
    """Serve in a thread of its own, with the server's encryption and sign-in."""

    def __init__(self, server: Server) -> None:
        context = None
        if server.encryption:
            pair = certificates.for_this_machine(server.folder)
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(pair.certificate, pair.key)
        options: dict[str, object] = {}
        if server.encryption == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if server.user:
            options |= {
                "authenticator": server.authenticate,
                "auth_require_tls": server.encryption == "starttls",
            }
        super().__init__(
            server,
            hostname="127.0.0.1",
            port=server.port,
            ssl_context=context if server.encryption == "tls" else None,
            ident="mail of the tests",
            data_size_limit=100 * 2**20,
            **options,
        )

    def _trigger_server(self) -> None:
        """Let aiosmtpd's own trial connection know the port that the system chose."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextlib.contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Server]:
    """A server that is up, and down at the end."""
    server = Server(folder, **settings)  # type: ignore[arg-type]
    server.up()
    try:
        yield server
    finally:
        server.down()
