"""Questions that somebody holds go to the successor; the others stay where they are."""

import pytest

from declarant.desk.accounts.granting import hand_over
from declarant.desk.filer.questions.models import Draft

pytestmark = pytest.mark.django_db


def test_open_questions_are_passed_on(desk_of_answers, people):
    record = desk_of_answers.asked()
    leaving = people("engineer")
    staying = people.make("engineer", name="Noor Haddad", email="noor@example.org")
    first, second, third = list(Draft.objects.filter(question__question_set=record))[:3]
    Draft.objects.filter(pk__in=[first.pk, second.pk]).update(assignee=leaving)
    Draft.objects.filter(pk=second.pk).update(state=Draft.State.SENT)
    passed = hand_over(people("administrator"), leaving, staying, reason="leaves")
    assert passed["questions"] == 1
    holders = dict(Draft.objects.values_list("pk", "assignee"))
    assert (holders[first.pk], holders[second.pk], holders[third.pk]) == (
        staying.pk,
        leaving.pk,
        None,
    )
