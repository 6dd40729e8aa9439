"""What is passed on when somebody hands over: questions that person holds and that are not sent.

Versions, remarks and approvals keep their author. What was prepared for a certifying officer names
that person; it is discarded and prepared anew with another.
"""

from __future__ import annotations

from declarant.desk.accounts.granting import hands_over
from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.questions.models import Draft


@hands_over("questions")
def pass_on(by: User | str, from_person: User, to_person: User) -> int:
    """Give the open questions of one person to another."""
    held = Draft.objects.filter(assignee=from_person).exclude(state=Draft.State.SENT)
    numbers = sorted(held.values_list("pk", flat=True))
    if numbers:
        with change(
            by,
            "questions.passed_on",
            f"person:{from_person.pk}",
            to=to_person.email,
            questions=numbers,
        ):
            Draft.objects.filter(pk__in=numbers).update(assignee=to_person)
    return len(numbers)
