"""Asking for a certified message to be sent; what was sent counts as sent when it was accepted."""

from __future__ import annotations

from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import default
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.accounts.models import User
from declarant.desk.audit import change, record
from declarant.desk.filer.filings.models import Dispatch, Filing
from declarant.desk.filer.filings.sending.marking import mark_sent
from declarant.desk.filer.filings.stored import intact
from declarant.desk.vault.models import StoredFile
from declarant.desk.work.outbox import leaves, post_raw
from declarant.problems import BadInput, bad_input

INTAKE = "/api/intake/messages"
"""Where an agency's desk takes messages in, below its address."""
_LOCAL = ("127.0.0.1", "::1", "localhost")


def send(person: User, filing: Filing, way: str, number: int) -> Dispatch:
    """Ask for a message to be sent; the same number asked for twice is one sending.

    Args:
        person: who sends.
        filing: what is sent; it is certified.
        way: "smtp" or "https".
        number: 1 for the first sending by that way, 2 to send it again, and so on.

    Raises:
        BadInput: when it is not certified, or there is nowhere to send it to.
    """
    held = Dispatch.objects.filter(filing=filing, way=way, number=number).first()
    if held is not None:
        return held
    _require_certified(filing)
    if number != next_number(filing, way):
        raise bad_input(
            "filing.sending_number",
            _("the former sending is still under way, or this page is older than the last one."),
            mend=_("Look at the filing again."),
        )
    try:
        with change(person, "filing.sending_asked", subject=filing.subject, way=way) as entry:
            row = _dispatched(person, filing, way, number)
            entry.note(to=row.to, number=number, sha256=row.content.sha256)
    except IntegrityError:  # somebody else asked for the same one at the same moment
        return Dispatch.objects.get(filing=filing, way=way, number=number)
    return row


def dispatch_now(officer: User, filing: Filing, way: str) -> Dispatch:
    """Ask for the first sending within the transaction that certifies; its entry tells the way."""
    row = _dispatched(officer, filing, way, 1)
    record(
        officer,
        "filing.sending_asked",
        filing.subject,
        way=way,
        to=row.to,
        number=1,
        sha256=row.content.sha256,
    )
    return row


def sent_by_hand(person: User, filing: Filing, when: datetime, note: str) -> Dispatch:
    """Record that a person sent the downloaded message, when and how.

    Raises:
        BadInput: when it is not certified, was not certified by then, or nothing says how.
    """
    _require_certified(filing)
    if filing.certified is not None and not filing.certified <= when <= timezone.now():
        raise bad_input(
            "filing.sent_when",
            _("the message cannot have been sent before it was certified, or in the future."),
            mend=_("Give a moment between %(certified)s UTC and now.")
            % {"certified": f"{filing.certified:%Y-%m-%d %H:%M}"},
            field="when",
        )
    if not note.strip():
        raise bad_input(
            "filing.sent_how",
            _("it is not said how the message was sent."),
            mend=_("Say from which mailbox, through which portal, or by which courier it went."),
            field="note",
        )
    with change(person, "filing.sent_by_hand", subject=filing.subject) as entry:
        number = next_number(filing, str(Dispatch.Way.DOWNLOAD))
        row = Dispatch.objects.create(
            filing=filing,
            way=Dispatch.Way.DOWNLOAD,
            number=number,
            to=_mailbox(filing) or "agency",
            content=filing.sealed or filing.message,
            state=Dispatch.State.DONE,
            note=note.strip(),
            asked_by=person,
            finished=when,
        )
        entry.note(when=when.isoformat(), note=row.note, sha256=row.content.sha256)
        mark_sent(person, filing, when)
    return row


def next_number(filing: Filing, way: str) -> int:
    """Return the number of the next sending by a way; while one is under way, that one's."""
    rows = Dispatch.objects.filter(filing=filing, way=way)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    under_way = rows.filter(number=last).exclude(
        state__in=[Dispatch.State.DONE, Dispatch.State.REFUSED]
    )
    return last if under_way.exists() else last + 1


def ways_for(filing: Filing) -> dict[str, str]:
    """Return the ways a message can take from this desk, each with where it would go."""
    mailbox = _mailbox(filing)
    # a message that is merely kept as a file would count as sent
    ways = {str(Dispatch.Way.SMTP): mailbox} if mailbox and leaves() else {}
    url = intake_url()
    return ways | ({str(Dispatch.Way.HTTPS): url} if url else {})


def intake_url() -> str | None:
    """Return where messages are handed to the agency's desk; None when none is set.

    Plain HTTP is taken for this machine alone.
    """
    base = settings.DESK.agency_url
    if not base:
        return None
    parts = urlsplit(base)
    if parts.scheme != "https" and parts.hostname not in _LOCAL:
        return None
    return f"{base.rstrip('/')}{INTAKE}"


def _dispatched(person: User, filing: Filing, way: str, number: int) -> Dispatch:
    ways = ways_for(filing)
    if way not in ways:
        raise bad_input(
            "filing.way",
            _("this desk knows no address to send to by that way."),
            mend=_(
                "An administrator enters the agency's mailbox under Settings; the address of its "
                "desk is set with DECLARANT_AGENCY_URL (https)."
            ),
            field="way",
        )
    content: StoredFile = filing.sealed or filing.message
    intact(content)
    letter = ""
    if way == str(Dispatch.Way.SMTP):
        letter = f"filing:{filing.pk}:{content.sha256[:16]}:{number}"
        post_raw(key=letter, to=[ways[way]], message=content)
    return Dispatch.objects.create(
        filing=filing,
        way=way,
        number=number,
        to=ways[way],
        content=content,
        letter=letter,
        asked_by=person,
    )


def _mailbox(filing: Filing) -> str:
    """Return the address that the message itself names, so that envelope and letter agree."""
    if filing.message is None:
        return filing.summary.get("mailbox", "")
    with filing.message.path.open("rb") as file:
        head = file.read(64 * 1024)
    to = BytesHeaderParser(policy=default).parsebytes(head)["To"]
    return to.addresses[0].addr_spec if to and to.addresses else ""


def _require_certified(filing: Filing) -> None:
    if not filing.is_certified:
        raise _not_certified()


def _not_certified() -> BadInput:
    return bad_input(
        "filing.not_certified",
        _("only a certified filing is sent."),
        mend=_("Let its certifying officer certify it first."),
    )
