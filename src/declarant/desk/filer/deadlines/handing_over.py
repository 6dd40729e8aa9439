"""What is passed on when somebody hands over: the open dates that person holds."""

from __future__ import annotations

from declarant.desk.accounts.granting import hands_over
from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.deadlines.models import Deadline


@hands_over("clocks")
def pass_on(by: User | str, from_person: User, to_person: User) -> int:
    """Give every open date of one person to another."""
    rows = Deadline.objects.filter(holder=from_person, closed__isnull=True)
    for row in rows:
        with change(by, "clock.assigned", subject=f"clock:{row.key}", holder=to_person.email):
            row.holder, row.assigned = to_person, True
            row.save(update_fields=["holder", "assigned"])
    return len(rows)
