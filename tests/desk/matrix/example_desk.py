"""A desk with something in every room, made by its own acts: what the matrix walks through.

It is filled once in a test run, by a process of its own; the tests work on copies of it.
"""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import Client
from tests.desk import passkeys, people
from tests.desk.matrix import example_filings
from tests.desk.matrix.addresses import NOBODY, Address

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "cedar-ridge"
KEPT: dict[str, Any] = {}  # what the desk shows once and keeps no copy of: secrets of links
Persons = dict[str, Any]


@dataclass
class ExampleDesk:
    """The people of the example desk and their sessions; its rows stand in the database."""

    persons: Persons
    sessions: dict[str, str]

    @classmethod
    def here(cls) -> "ExampleDesk":
        """The desk whose database this process uses, everybody signed in."""
        from declarant.desk.accounts.models import User

        persons = {role: User.objects.get(email=f"{role}@example.org") for role in people.ROLES}
        sessions = {}
        for role, person in persons.items():
            client = Client()
            people.sign_in(client, person)
            sessions[role] = str(client.session.session_key)
        return cls(persons, sessions)

    def person(self, who: str) -> Any | None:
        """The person with a role; None for somebody who is not signed in."""
        return None if who == NOBODY else self.persons[who]

    def reader(self, address: Address, verb: str = "GET") -> str:
        """Somebody who may do that at an address; nobody in particular where anybody may."""
        assert address.access is not None
        power = address.access.needs(verb)
        if power is None:
            return NOBODY
        return next(role for role, person in self.persons.items() if person.has(power))

    def cookies(self, who: str) -> dict[str, str]:
        """The cookies of a person who is signed in."""
        return {} if who == NOBODY else {"sessionid": self.sessions[who]}

    def client(self, who: str, **options: Any) -> Client:
        """A new client with a person's session."""
        client = Client(SERVER_NAME="localhost", **options)
        client.cookies.load(self.cookies(who))
        return client


def fill(keep: str) -> None:
    """Fill this process's desk, and write what it shows only once into the file ``keep``."""
    persons: Persons = {role: people.make(role) for role in people.ROLES}
    for step in STEPS:
        step(persons)
    Path(keep).write_text(json.dumps(KEPT), encoding="utf-8")


def _people(persons: Persons) -> None:
    """Everybody's own factors, somebody whose access may be changed, an open invitation."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    from declarant.desk.accounts.inviting import invite

    for person in persons.values():
        passkeys.give(person)
        RecoveryCodes.activate(person)
    persons["leaving"] = people.make("preparer", name="Leo Vargas", email="leaving@example.org")
    _, link = invite(
        persons["administrator"], email="new@example.org", name="Nia New", roles=["engineer"]
    )
    KEPT["invitation"] = link.rstrip("/").rpartition("/")[2]


def _register(persons: Persons) -> None:
    """The example register without one of its contacts, and an archive of it that waits."""
    from declarant.desk.filer.register.importing import import_folder, receive
    from declarant.desk.filer.register.models import Record
    from declarant.desk.filer.register.recording import remove_record
    from declarant.desk.vault import store_bytes

    engineer = persons["engineer"]
    import_folder(engineer, EXAMPLE)
    remove_record(engineer, Record.objects.get(key="miguel-ortega"), why="Has left.")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(EXAMPLE.rglob("*")):
            archive.write(path, f"{EXAMPLE.name}/{path.relative_to(EXAMPLE)}")
    receive(engineer, store_bytes(packed.getvalue(), name="register.zip"), "register.zip")


def _clocks(persons: Persons) -> None:
    """Every date, and a calendar feed."""
    from declarant.desk.filer.deadlines.feed import renew_feed
    from declarant.desk.filer.deadlines.refreshing import refresh

    refresh()
    link = renew_feed(persons["preparer"])
    KEPT["feed"] = link.rpartition("/")[2].removesuffix(".ics")


def _tokens(persons: Persons) -> None:
    """A token of the API for everybody who may have one, by scope."""
    from declarant.desk.api.scopes import NEEDS
    from declarant.desk.api.tokens import make_token

    KEPT["tokens"] = {}
    for who, person in persons.items():
        for scope, power in NEEDS.items():
            if person.has(power):
                _, secret = make_token(person, name=scope, scopes=[scope], days=30)
                KEPT["tokens"][f"{who} {scope}"] = secret


def _audit(persons: Persons) -> None:
    """A signed head, and an export that was asked for and done."""
    from declarant.desk.audit.heads import make_head
    from declarant.desk.audit.jobs import EXPORT, SUBJECT
    from declarant.desk.work.jobs import enqueue

    make_head("example")
    auditor = persons["auditor"]
    KEPT["export"] = str(enqueue(EXPORT, auditor, subject=SUBJECT, by=f"user:{auditor.pk}").pk)
    _work(persons)


def _work(_persons: Persons) -> None:
    """Do what waits for a worker."""
    from declarant.desk.work.running import run_next

    while run_next("tests"):
        pass


STEPS: list[Callable[[Persons], None]] = [
    _people,
    _register,
    example_filings.file,
    example_filings.answer,
    _work,
    _clocks,
    _tokens,
    _audit,
]
