"""People of a desk, one for each role and as many more as a test wants, and their sign-in."""

import base64
import hashlib
import hmac
import struct
import time
from dataclasses import dataclass, field
from typing import Any

ROLES = ("administrator", "engineer", "preparer", "certifying_officer", "auditor")
PASSWORD = "seven green lanterns by the river"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of everybody's authenticator app
NAMES = {
    "administrator": "Ada Okafor",
    "engineer": "Erik Lindqvist",
    "preparer": "Priya Raman",
    "certifying_officer": "Carmen Ortiz",
    "auditor": "Aud 林",
}


def code(at: float | None = None, secret: str = SECRET) -> str:
    """The six digits that an authenticator app shows (RFC 6238), now or at a Unix time."""
    step = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    digest = hmac.new(base64.b32decode(secret), step, hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def make(*roles: str, name: str = "", email: str = "") -> Any:
    """Make a person with a password, an authenticator app, and the roles; it is not logged."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.totp.internal.auth import TOTP

    from declarant.desk.accounts.models import RoleGrant, User

    name = name or NAMES.get(" ".join(roles), f"Person of {' and '.join(roles) or 'no role'}")
    email = email or f"{'.'.join(roles) or 'nobody'}@example.org"
    person = User.objects.create_user(email=email, name=name, password=PASSWORD)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    for role in roles:
        RoleGrant.objects.create(person=person, role=role)
    TOTP.activate(person, SECRET)
    return person


def sign_in(client: Any, person: Any) -> None:
    """Sign a Django test client in as a person, second factor and all, a moment ago."""
    client.force_login(person)
    session = client.session
    now = time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now, "email": person.email},
        {"method": "mfa", "at": now, "type": "totp"},
    ]
    session.save()


@dataclass
class People:
    """``people("engineer")`` is the desk's engineer, made at first need and then the same.

    Several roles make one person with all of them; none makes somebody who may only sign in.
    ``people.make("preparer", email="second@example.org")`` makes one more.
    """

    known: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def __call__(self, *roles: str) -> Any:
        if roles not in self.known:
            self.known[roles] = make(*roles)
        return self.known[roles]

    make = staticmethod(make)
