"""A draft: begun by a person, built from the register by a background job, built again at will."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.db.models import Max
from django.utils.translation import gettext as _

from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.assessment.current import choices_for
from declarant.desk.filer.filings.agency import agency_of
from declarant.desk.filer.filings.inputs import inputs_of
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.filings.people import require_preparer, require_two
from declarant.desk.filer.filings.preparing import Prepared, Wanted, prepare
from declarant.desk.filer.filings.standing import SENT, all_sent, last_sent
from declarant.desk.filer.filings.stored import document_in
from declarant.desk.filer.register import checkout
from declarant.desk.filer.register.models import EvidenceFile
from declarant.desk.filer.register.register_yaml import register_text
from declarant.desk.today import day_of, today
from declarant.desk.vault import store_bytes
from declarant.desk.work.jobs import Task, enqueue
from declarant.filing.canonical import sha256
from declarant.filing.documents import Notification
from declarant.filing.preparation import ReadingChoice
from declarant.law import Quarter, load_regime
from declarant.problems import BadInput, bad_input
from declarant.register.facts import Agency, Contact, ContactRole

DRAFT = "filings.draft"
"""The kind of the background job that builds a draft."""


def start(person: User, regime: str, quarter: str, officer: User | None) -> Filing:
    """Begin a draft for a quarter and ask for it to be built; return the open one if there is one.

    Raises:
        BadInput: when the quarter was filed already, or the two people are one.
    """
    wanted = Quarter.parse(quarter, load_regime(regime))
    require_two(person, officer)
    sent = Filing.objects.filter(
        regime=regime, quarter=str(wanted), state__in=[Filing.State.CERTIFIED, *SENT]
    ).order_by("-version")
    if sent.exists():
        raise bad_input(
            "filing.filed_already",
            _("the filing for %(wanted)s was certified already.") % {"wanted": wanted},
            mend=_("Open it, and begin a correction there if something in it is wrong."),
            field="quarter",
        )
    return _begun(person, regime, str(wanted), officer, None)


def correct(person: User, former: Filing) -> Filing:
    """Begin a new version of a filing that was sent; that one stands until the new is accepted.

    Raises:
        BadInput: when it was not sent, or is not the last version.
    """
    if not former.was_sent:
        raise bad_input(
            "filing.not_sent",
            _("only what was sent is corrected by a new version."),
            mend=_("Give it back to its preparer and change the draft."),
        )
    newer = Filing.objects.filter(
        regime=former.regime, quarter=former.quarter, version__gt=former.version
    ).exclude(state=Filing.State.DISCARDED)
    if newer.filter(state__in=[Filing.State.CERTIFIED, *SENT]).exists():
        raise bad_input(
            "filing.newer_version",
            _("a newer version of this filing was certified."),
            mend=_("Open that one, and correct it."),
        )
    officer = former.officer if former.officer_id != person.pk else None
    return _begun(person, former.regime, former.quarter, officer, former)


def _begun(
    person: User, regime: str, quarter: str, officer: User | None, corrects: Filing | None
) -> Filing:
    try:
        with change(person, "filing.begun", quarter=quarter, regime=regime) as entry:
            rows = Filing.objects.filter(regime=regime, quarter=quarter)
            held = rows.exclude(state=Filing.State.DISCARDED).aggregate(last=Max("version"))
            row = Filing(
                regime=regime,
                quarter=quarter,
                version=(held["last"] or 0) + 1,
                corrects=corrects,
                preparer=person,
                officer=officer,
            )
            row.save(force_insert=True)
            entry.subject = row.subject
            entry.note(version=row.version, corrects=corrects.identity if corrects else None)
            enqueue(DRAFT, person, subject=row.subject, filing=row.pk)
    except IntegrityError:  # somebody else began it at the same moment
        return Filing.objects.get(
            regime=regime,
            quarter=quarter,
            state__in=[Filing.State.DRAFT, Filing.State.READY],
        )
    return row


def rebuild(person: User, filing: Filing) -> None:
    """Ask for a draft to be built again from the register as it is now.

    Raises:
        BadInput: when it can no longer be changed, or the person is not its preparer.
    """
    require_preparer(person, filing)
    _require_draft(filing)
    with change(person, "filing.rebuild_asked", subject=filing.subject):
        enqueue(DRAFT, person, subject=filing.subject, filing=filing.pk)


def discard(person: User, filing: Filing, reason: str) -> None:
    """Give a draft up; its row stays.

    Raises:
        BadInput: when it can no longer be changed, or the person is not its preparer.
    """
    require_preparer(person, filing)
    _require_draft(filing)
    with change(person, "filing.discarded", subject=filing.subject, reason=reason.strip()):
        won = Filing.objects.filter(pk=filing.pk, state=Filing.State.DRAFT).update(
            state=Filing.State.DISCARDED
        )
        if not won:
            raise _not_a_draft()


def build(task: Task, filing: int) -> dict[str, Any] | None:
    """Build a draft from the register as it is now, and keep document, form and calendar."""
    row = Filing.objects.select_related("preparer", "officer", "corrects").get(pk=filing)
    if row.state != Filing.State.DRAFT:
        return None
    rests_on = inputs_of(row)
    law = load_regime(row.regime)
    wanted = wanted_of(row)

    def evidence(done: int, total: int) -> None:
        task.progress(done, total, "evidence")

    facts, root = checkout.load(evidence)
    made = prepare(facts, root, law, wanted, task.progress)
    task.progress(1, 1, "document")
    keep(row, made, rests_on)
    return {"document": made.document.id}


def wanted_of(row: Filing) -> Wanted:
    """Return what is to be prepared for a filing, and what the desk knows besides the register."""
    law = load_regime(row.regime)
    quarter = Quarter.parse(row.quarter, law)
    before = last_sent(row.regime, before=row.quarter)
    earlier = document_in(before.document) if before else None
    people = [_contact(row.preparer, ContactRole.PREPARER)]
    if row.officer:
        people.append(_contact(row.officer, ContactRole.CERTIFYING_OFFICER))
    agency = agency_of(row.regime)
    return Wanted(
        quarter=quarter,
        day=today(law),
        people=tuple(people),
        agency=Agency(agency.name, agency.email) if agency else None,
        sent=all_sent(row.regime),
        sizes=_sizes(),
        former=document_in(row.corrects.document) if row.corrects else earlier,
        before=earlier,
        chosen={
            subject: ReadingChoice(
                choice.reading, choice.reason, choice.chosen_by.name, day_of(choice.chosen, law)
            )
            for (_activity, _kind, subject), choice in choices_for(row.regime).items()
        },
    )


def _sizes() -> dict[str, int]:
    """Return the bytes of each evidence file, and of the register itself, by SHA-256."""
    held = EvidenceFile.objects.filter(current=True).values_list("file__sha256", "file__size")
    text = register_text(checkout.current_records()).encode()
    return {**dict(held), sha256(text): len(text)}


def _contact(person: User, role: ContactRole) -> Contact:
    return Contact(person.name, role, person.title or None, person.email)


def keep(row: Filing, made: Prepared, rests_on: dict[str, Any]) -> None:
    """Keep what was prepared as the draft of a filing, with what it rests on."""
    document = made.document
    with change("worker", "filing.built", subject=row.subject, identity=document.id) as entry:
        draft = store_bytes(document.as_bytes(), name=f"{document.kind}-{document.quarter}.json")
        form = store_bytes(made.form, name=f"{document.kind}-{document.quarter}.pdf")
        calendar = store_bytes(made.calendar, name=f"{document.kind}-{document.quarter}.ics")
        won = Filing.objects.filter(pk=row.pk, state=Filing.State.DRAFT).update(
            kind=document.kind,
            fingerprint=rests_on["register"],
            as_of=document.prepared_on,
            due=document.due,
            summary=_summary(made) | {"rests_on": rests_on},
            draft=draft,
            identity=document.id,
            form=form,
            calendar=calendar,
            returned="",
        )
        if not won:
            raise _not_a_draft()
        entry.note(sha256=draft.sha256, form={"sha256": form.sha256}, register=rests_on["register"])


def _summary(made: Prepared) -> dict[str, Any]:
    """Return what lists show of a document, so that they need not open it."""
    document = made.document
    activities = document.activities if isinstance(document, Notification) else ()
    standings: dict[str, int] = {}
    for activity in activities:
        standings[activity.standing] = standings.get(activity.standing, 0) + 1
    return {
        "standings": standings,
        "mailbox": (document.agency.email or "") if document.agency else "",
        "no_longer": len(document.no_longer) if isinstance(document, Notification) else 0,
        "status": document.regime.status.name,
        "not_shown": [finding.as_json() for finding in made.findings],
    }


def _require_draft(filing: Filing) -> None:
    if filing.state != Filing.State.DRAFT:
        raise _not_a_draft()


def _not_a_draft() -> BadInput:
    return bad_input(
        "filing.not_a_draft",
        _("this filing is no draft any more."),
        mend=_(
            "While it waits for certification the officer can give it back; once it is certified, "
            "begin a correction."
        ),
    )
