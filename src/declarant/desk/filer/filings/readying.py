"""A draft handed to the certifying officer as it will be certified, and given back."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.filings.checking import Check, checks_of, reasons_by_path
from declarant.desk.filer.filings.finishing import finished
from declarant.desk.filer.filings.inputs import PEOPLE, changed_since
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.filings.people import require_preparer, require_two
from declarant.desk.filer.filings.preparing import shown
from declarant.desk.filer.filings.stored import document_in
from declarant.desk.vault import store_bytes
from declarant.desk.work.outbox import post
from declarant.law import load_regime
from declarant.problems import BadInput, bad_input


def hand_over(person: User, filing: Filing) -> None:
    """Make the document final and hand it to the certifying officer, who is told by mail.

    Raises:
        BadInput: when the person is not the preparer, no officer is named, a check blocks or waits
            for a reason, or the draft names other people than those assigned now.
    """
    require_preparer(person, filing)
    if filing.state != Filing.State.DRAFT or filing.draft is None:
        raise bad_input(
            "filing.not_a_draft",
            _("there is no finished draft to hand over."),
            mend=_("Wait until it is built; if it failed, mend what it says and build it again."),
        )
    if filing.officer is None:
        raise bad_input(
            "filing.no_officer_named",
            _("no certifying officer is named."),
            mend=_("Name the person who will certify: somebody else than the preparer."),
            field="officer",
        )
    require_two(filing.preparer, filing.officer)
    if PEOPLE in changed_since(filing):
        raise bad_input(
            "filing.other_people",
            _("the draft names other people than those assigned now."),
            mend=_("Build it again, then hand it over."),
        )
    draft = document_in(filing.draft)
    checks = checks_of(filing, draft)
    _require_settled(checks)
    made = shown(finished(draft, reasons_by_path(checks, load_regime(filing.regime))))
    with change(person, "filing.handed_over", subject=filing.subject) as entry:
        stem = f"{filing.kind}-{filing.quarter}"
        document = store_bytes(made.document.as_bytes(), name=f"{stem}.json")
        form = store_bytes(made.form, name=f"{stem}.pdf")
        won = Filing.objects.filter(
            pk=filing.pk, state=Filing.State.DRAFT, draft=filing.draft, officer=filing.officer
        ).update(
            state=Filing.State.READY,
            document=document,
            identity=made.document.id,
            form=form,
            calendar=store_bytes(made.calendar, name=f"{stem}.ics"),
            unsigned=None,
        )
        if not won:
            raise _moved_on()
        entry.note(
            identity=made.document.id,
            sha256=document.sha256,
            form={"sha256": form.sha256},
            officer=filing.officer.email,
        )
        post(
            key=f"filing:{filing.pk}:ready:{document.sha256}",
            to=[filing.officer.email],
            subject=_("To certify: %(filing)s") % {"filing": filing.name},
            text=_(
                "%(preparer)s has prepared %(filing)s and asks you to certify it.\n\n"
                "Document %(identity)s\nSHA-256 %(sha256)s\n\n%(address)s\n"
            )
            % {
                "preparer": person.name,
                "filing": filing.name,
                "identity": made.document.id,
                "sha256": document.sha256,
                "address": f"{settings.DESK.public_url}{filing.get_absolute_url()}",
            },
        )


def give_back(person: User, filing: Filing, reason: str) -> None:
    """Return a filing to its preparer, with what is to be changed.

    Either of the two may: the officer who will not certify it, the preparer who found a mistake.

    Raises:
        BadInput: when the person is neither, it does not wait for certification, or no reason is
            given.
    """
    if person.pk not in (filing.officer_id, filing.preparer_id):
        raise bad_input(
            "filing.not_yours",
            _("only its preparer and its certifying officer can give it back."),
            mend=_("Ask one of them."),
        )
    if not reason.strip():
        raise bad_input(
            "filing.reason",
            _("a reason is missing."),
            mend=_("Say what is to be changed."),
            field="reason",
        )
    back_to_draft(person, filing, reason.strip())


def back_to_draft(actor: User | str, filing: Filing, reason: str) -> None:
    """Make what waits for certification a draft again, whoever asks; its preparer is told by mail.

    Raises:
        BadInput: when it does not wait for certification.
    """
    if filing.state != Filing.State.READY or filing.draft is None:
        raise _moved_on()
    draft = shown(document_in(filing.draft))
    with change(actor, "filing.given_back", subject=filing.subject, reason=reason):
        stem = f"{filing.kind}-{filing.quarter}"
        won = Filing.objects.filter(pk=filing.pk, state=Filing.State.READY).update(
            state=Filing.State.DRAFT,
            returned=reason,
            document=None,
            identity=draft.document.id,
            form=store_bytes(draft.form, name=f"{stem}.pdf"),
            calendar=store_bytes(draft.calendar, name=f"{stem}.ics"),
            unsigned=None,
        )
        if not won:
            raise _moved_on()
        if actor != filing.preparer:
            post(
                key=f"filing:{filing.pk}:given_back:{filing.identity}",
                to=[filing.preparer.email],
                subject=_("Given back: %(filing)s") % {"filing": filing.name},
                text=_("%(person)s has given %(filing)s back:\n\n%(reason)s\n\n%(address)s\n")
                % {
                    "person": str(actor),
                    "filing": filing.name,
                    "reason": reason,
                    "address": f"{settings.DESK.public_url}{filing.get_absolute_url()}",
                },
            )


def _require_settled(checks: tuple[Check, ...]) -> None:
    blocking = [check for check in checks if check.blocks]
    waiting = [check for check in checks if check.waits]
    if blocking or waiting:
        raise bad_input(
            "filing.checks_open",
            _("%(blocking)s findings block this draft, and %(waiting)s wait for a reason.")
            % {"blocking": len(blocking), "waiting": len(waiting)},
            mend=_(
                "Correct what blocks in the register and build the draft again; give each of the "
                "others a written reason."
            ),
        )


def _moved_on() -> BadInput:
    return bad_input(
        "filing.moved_on",
        _("somebody else has moved this filing on in the meantime."),
        mend=_("Look at it again."),
    )
