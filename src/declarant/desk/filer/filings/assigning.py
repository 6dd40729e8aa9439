"""Handing a draft over: another certifying officer, another preparer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.filings.drafting import DRAFT
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.filings.people import require_two
from declarant.desk.work.jobs import enqueue
from declarant.problems import bad_input


def assign(person: User, filing: Filing, officer: User) -> None:
    """Name the certifying officer of a draft.

    Raises:
        BadInput: when the filing is no draft, or the two would be one person.
    """
    require_two(filing.preparer, officer)
    _changed(person, filing, "filing.officer_named", officer=officer)


def take_over(person: User, filing: Filing) -> None:
    """Become the preparer of a draft; the officer steps back when that is the same person.

    Raises:
        BadInput: when the filing is no draft.
    """
    officer = filing.officer if filing.officer_id != person.pk else None
    _changed(person, filing, "filing.taken_over", preparer=person, officer=officer)


def _changed(person: User, filing: Filing, action: str, **people: User | None) -> None:
    with change(person, action, subject=filing.subject) as entry:
        entry.note(
            **{role: f"{who.name} <{who.email}>" if who else None for role, who in people.items()}
        )
        won = Filing.objects.filter(pk=filing.pk, state=Filing.State.DRAFT).update(**people)
        if not won:
            raise bad_input(
                "filing.not_a_draft",
                _("this filing is no draft any more."),
                mend=_("The officer can give it back to its preparer."),
            )
        # the document names these people, so it is built again
        enqueue(DRAFT, person, subject=filing.subject, filing=filing.pk)
