"""Two people and a filing of theirs, taken as far as a test wants it, in whichever process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.utils import timezone

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
RULE = "us-bis-702-7"
DAY = date(2026, 12, 15)  # the examples are looked at
PASSPHRASE = b"correct horse battery staple"
REASON = "Looked at again, and found to be right as it stands."


@cache
def facts_of(example: str) -> Any:
    """The facts of an example, read once."""
    from declarant.register import load_register

    return load_register((EXAMPLES / example).resolve())


@cache
def prepared(example: str, quarter: str, people: tuple[Any, ...], day: date) -> Any:
    """What is prepared for a quarter, worked out once for the same people."""
    from declarant.desk.filer.filings.preparing import Wanted, prepare
    from declarant.law import Quarter, load_regime

    law = load_regime(RULE)
    wanted = Wanted(Quarter.parse(quarter, law), day, people)
    return prepare(facts_of(example), (EXAMPLES / example).resolve(), law, wanted)


@cache
def _made(name: str, email: str) -> tuple[bytes, bytes]:
    from declarant.filing.trial_key import make_trial

    return make_trial(name, email, timezone.now())


def trial_of(person: Any) -> tuple[bytes, bytes]:
    """A person's key with its certificate (PEM), and the certificate alone; made once."""
    return _made(person.name, person.email)


def agency_pem() -> tuple[bytes, bytes]:
    """The agency's key with its certificate, and the certificate alone."""
    return _made("Agency", "intake@agency.example")


@dataclass
class Office:
    """The two people, and a filing of theirs taken as far as is asked."""

    preparer: Any
    officer: Any

    def draft(self, quarter: str = "2026Q4", example: str = "cedar-ridge") -> Any:
        """A draft, kept as the background job keeps it; the job itself has a test of its own."""
        from declarant.desk.filer.filings import drafting
        from declarant.desk.filer.filings.inputs import inputs_of
        from declarant.desk.filer.filings.models import Filing
        from declarant.register.facts import Contact, ContactRole

        begun = Filing.objects.filter(quarter=quarter, state="draft").first()
        row = self.again(begun or drafting.start(self.preparer, RULE, quarter, self.officer))
        people = (
            Contact(self.preparer.name, ContactRole.PREPARER, None, self.preparer.email),
            Contact(self.officer.name, ContactRole.CERTIFYING_OFFICER, None, self.officer.email),
        )
        made = prepared(example, quarter, people, DAY)
        drafting.keep(row, made, inputs_of(row))
        return self.again(row)

    def ready(self, quarter: str = "2026Q4", example: str = "cedar-ridge") -> Any:
        """A filing that waits for certification, its findings given reasons."""
        from declarant.desk.filer.filings import readying

        row = self.settled(self.draft(quarter, example))
        readying.hand_over(self.preparer, row)
        return self.again(row)

    def settled(self, row: Any) -> Any:
        """Give a reason for whatever waits for one."""
        from declarant.desk.filer.filings.checking import checks_of, confirm

        for check in checks_of(row):
            if check.waits:
                confirm(self.preparer, row, check.key, REASON)
        return self.again(row)

    def ticked(self, row: Any) -> Any:
        """Make every statement."""
        from declarant.desk.filer.filings.ticking import statements_of, tick

        for item in statements_of(row):
            tick(self.officer, row, item.id, row.document.sha256)
        return self.again(row)

    def key(self) -> Any:
        """The officer's key on the server, for trial."""
        from declarant.desk.filer.filings.models import SigningKey
        from declarant.desk.filer.filings.signing.registering import keep_on_server
        from declarant.filing.keys import File

        held = SigningKey.objects.filter(owner=self.officer, kind="server").first()
        return held or keep_on_server(
            self.officer, "trial", File("key", trial_of(self.officer)[0]), b"", PASSPHRASE
        )

    def act(self, row: Any, way: str = "") -> Any:
        """What the officer's form says."""
        from declarant.desk.filer.filings.signing.certifying import Act

        return Act(uuid4(), row.document.sha256, self.key(), way)

    def certified(self, row: Any, way: str = "") -> Any:
        """Certify with the key on the server."""
        from declarant.desk.filer.filings.signing.certifying import certify
        from declarant.desk.filer.filings.signing.opening import signer_of

        act = self.act(self.ticked(row), way)
        certify(self.officer, row, act, lambda: signer_of(act.key, PASSPHRASE))
        return self.again(row)

    def sent(self, quarter: str = "2026Q4", example: str = "cedar-ridge") -> Any:
        """Take a filing through, and say that it was sent by hand."""
        from declarant.desk.filer.filings.sending.dispatching import sent_by_hand

        row = self.certified(self.ready(quarter, example))
        sent_by_hand(self.officer, row, timezone.now(), "from the mailbox of the general counsel")
        return self.again(row)

    def again(self, row: Any) -> Any:
        """The row as it stands in the database now."""
        from declarant.desk.filer.filings.models import Filing

        return Filing.objects.get(pk=row.pk)
