"""What is passed on when somebody hands over: filings that are not certified yet.

What that person prepared, confirmed or certified keeps its author; keys are nobody else's.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from declarant.desk.accounts.granting import hands_over
from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.filings.drafting import DRAFT
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.filings.readying import back_to_draft
from declarant.desk.work.jobs import enqueue


@hands_over("filings")
def pass_on(by: User | str, from_person: User, to_person: User) -> int:
    """Give the open filings of one person to another; each is built again with the new name.

    A filing never has one person twice: where the successor stands on the other side already, the
    officer's place becomes free.
    """
    held = Q(preparer=from_person) | Q(officer=from_person)
    rows = Filing.objects.filter(held, state__in=[Filing.State.DRAFT, Filing.State.READY])
    for row in rows.select_related("preparer", "officer", "draft"):
        if row.state == Filing.State.READY:
            reason = _("%(person)s handed over to %(successor)s.") % {
                "person": from_person.name,
                "successor": to_person.name,
            }
            back_to_draft(by, row, reason)
        preparer = to_person if row.preparer_id == from_person.pk else row.preparer
        officer = to_person if row.officer_id == from_person.pk else row.officer
        if officer is not None and officer.pk == preparer.pk:
            officer = None
        with change(by, "filing.passed_on", subject=row.subject) as entry:
            Filing.objects.filter(pk=row.pk, state=Filing.State.DRAFT).update(
                preparer=preparer, officer=officer
            )
            entry.note(preparer=preparer.email, officer=officer.email if officer else None)
            enqueue(DRAFT, by, subject=row.subject, filing=row.pk)
    return len(rows)
