"""What an operator may set, read from the environment once, with what each setting means.

A desk keeps everything that is not in its database in one folder, its *home*: stored files, keys,
signed heads of the audit log, and by default the SQLite database itself.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from declarant.problems import bad_input

PREFIX = "DECLARANT_"


@dataclass(frozen=True, slots=True)
class Mail:
    """Where mail is handed over: an SMTP server; `host` None keeps mail as files in the home."""

    host: str | None
    port: int
    user: str
    password: str
    encryption: str  # "", "starttls" or "tls"
    sender: str


@dataclass(frozen=True, slots=True)
class Provider:
    """The office's own identity provider (OpenID Connect)."""

    issuer: str
    client: str
    secret: str
    name: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """One desk's settings.

    Attributes:
        home: folder for files, keys, heads and, by default, the database.
        database: URL of the database, such as postgresql://user@host/name; None: SQLite in home.
        public_url: where people reach the desk; links in mail are made with it.
        production: served over HTTPS to other machines; refuses weak settings.
        mail: how mail leaves.
        heads_to: mail addresses that signed heads of the audit log are sent to.
        agency_url: where filings are sent over HTTPS, when an agency offers that.
        upload_limit: bytes of one uploaded evidence file.
        idle_minutes: a session ends after that many minutes without a request.
        provider: the identity provider that people may sign in with.
        token_modules: PKCS #11 modules that keys may be used through; they are code that runs here.
    """

    home: Path
    database: str | None
    public_url: str
    production: bool
    mail: Mail
    heads_to: tuple[str, ...]
    agency_url: str | None
    upload_limit: int
    idle_minutes: int
    provider: Provider | None
    token_modules: tuple[str, ...]

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Configuration:
        """Return the settings named in `environment` (DECLARANT_...).

        Raises:
            BadInput: when one of them cannot be understood.
        """

        def of(name: str, default: str = "") -> str:
            return environment.get(PREFIX + name, default).strip()

        public_url = of("URL", "http://127.0.0.1:8600").rstrip("/")
        if urlsplit(public_url).scheme not in ("http", "https") or not urlsplit(public_url).netloc:
            raise _wrong("URL", public_url, "Write it as https://desk.example.com.")
        return cls(
            home=Path(of("HOME", "declarant-desk")).resolve(),
            database=of("DATABASE") or None,
            public_url=public_url,
            production=_yes("PRODUCTION", of("PRODUCTION", "no")),
            mail=_mail(of("MAIL"), of("MAIL_FROM")),
            heads_to=tuple(filter(None, of("HEADS_TO").replace(",", " ").split())),
            agency_url=of("AGENCY_URL") or None,
            upload_limit=_whole("UPLOAD_LIMIT", of("UPLOAD_LIMIT", str(2 * 2**30))),
            idle_minutes=_whole("IDLE_MINUTES", of("IDLE_MINUTES", "30")),
            provider=_provider(
                of("OIDC_ISSUER"), of("OIDC_CLIENT"), of("OIDC_SECRET"), of("OIDC_NAME")
            ),
            token_modules=tuple(filter(None, of("TOKEN_MODULES").split(os.pathsep))),
        )

    @property
    def host(self) -> str:
        """The host name that people reach the desk under."""
        return urlsplit(self.public_url).hostname or "127.0.0.1"

    def secret(self) -> str:
        """Return the desk's own secret, made at first need and kept in the home."""
        file = self.home / "keys" / "secret"
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            # written whole, then linked into its place: the first of two processes wins
            handle, made = tempfile.mkstemp(dir=file.parent)
            with os.fdopen(handle, "w") as written:
                written.write(secrets.token_urlsafe(64))
            with contextlib.suppress(FileExistsError):
                os.link(made, file)
            Path(made).unlink()
        return file.read_text()


def _mail(url: str, sender: str) -> Mail:
    if not url:
        return Mail(None, 0, "", "", "", sender or "declarant@localhost")
    parts = urlsplit(url)
    encryption = {"smtp": "", "smtp+starttls": "starttls", "smtps": "tls"}.get(parts.scheme)
    if encryption is None or not parts.hostname:
        raise _wrong("MAIL", url, "Write it as smtp+starttls://user:password@host:587.")
    if not sender:
        raise _wrong("MAIL_FROM", sender, "Name the address that mail is sent from.")
    port = parts.port or {"": 25, "starttls": 587, "tls": 465}[encryption]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Mail(parts.hostname, port, user, password, encryption, sender)


def _provider(issuer: str, client: str, secret: str, name: str) -> Provider | None:
    if not issuer:
        return None
    if not client or not secret:
        raise _wrong(
            "OIDC_CLIENT", client, "Name the client and its DECLARANT_OIDC_SECRET as well."
        )
    return Provider(issuer, client, secret, name or (urlsplit(issuer).hostname or issuer))


def _yes(name: str, text: str) -> bool:
    if text.lower() not in ("yes", "no"):
        raise _wrong(name, text, "Write yes or no.")
    return text.lower() == "yes"


def _whole(name: str, text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise _wrong(name, text, "Write a whole number above zero.")
    return int(text)


def _wrong(name: str, text: str, mend: str) -> Exception:
    return bad_input(
        "desk.setting", f"{text!r} cannot be used.", mend=mend, field=f"{PREFIX}{name}"
    )
