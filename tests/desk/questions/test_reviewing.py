"""From draft to approved: each step about one version, none by its author."""

import pytest
from tests.desk.questions.desk import text

from declarant.desk.filer.questions import reviewing
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db
KEY = "training-integrity"


@pytest.fixture
def record(desk_of_answers):
    record = desk_of_answers.asked()
    desk_of_answers.writes(record, KEY, text("one"))
    return record


def state(desk, record):
    return desk.question(record, KEY).draft.state


def test_an_answer_goes_to_review_and_is_approved(desk_of_answers, record):
    desk_of_answers.approved(record, KEY)
    held = desk_of_answers.question(record, KEY)
    assert held.draft.state == "approved"
    steps = held.draft.steps.values_list("kind", "version__number", "by__name")
    assert list(steps) == [
        ("submitted", 1, desk_of_answers.engineer.name),
        ("approved", 1, desk_of_answers.officer.name),
    ]


def test_the_last_author_does_not_approve(desk_of_answers, record):
    desk_of_answers.writes(record, KEY, text("mine"), by=desk_of_answers.officer)
    held = desk_of_answers.question(record, KEY)
    reviewing.submit(desk_of_answers.engineer, held, 2)
    with pytest.raises(BadInput, match="You wrote a part of this answer"):
        reviewing.approve(desk_of_answers.officer, held, 2)
    assert state(desk_of_answers, record) == "in_review"


def test_a_version_that_moved_on_is_not_approved(desk_of_answers, record):
    held = desk_of_answers.question(record, KEY)
    reviewing.submit(desk_of_answers.engineer, held, 1)
    reviewing.take_back(desk_of_answers.engineer, held, 1)
    desk_of_answers.writes(record, KEY, text("two"))
    reviewing.submit(desk_of_answers.engineer, held, 2)
    with pytest.raises(BadInput, match="Version 2 was written since you opened version 1"):
        reviewing.approve(desk_of_answers.officer, held, 1)


def test_it_is_returned_with_a_reason_only(desk_of_answers, record):
    held = desk_of_answers.question(record, KEY)
    reviewing.submit(desk_of_answers.engineer, held, 1)
    with pytest.raises(BadInput, match="No reason"):
        reviewing.send_back(desk_of_answers.officer, held, 1, "  ")
    reviewing.send_back(desk_of_answers.officer, held, 1, "Which keys?")
    assert state(desk_of_answers, record) == "draft"


def test_an_empty_answer_is_not_handed_in(desk_of_answers, record):
    held = desk_of_answers.question(record, "safety-other")
    with pytest.raises(BadInput, match="This answer is: Not answered"):
        reviewing.submit(desk_of_answers.engineer, held, 0)
    desk_of_answers.writes(record, KEY)
    with pytest.raises(BadInput, match="no answer yet"):
        reviewing.submit(desk_of_answers.engineer, desk_of_answers.question(record, KEY), 2)


@pytest.mark.parametrize("act", ["approve", "send_back", "reopen"])
def test_a_draft_takes_no_step_but_the_first(desk_of_answers, record, act):
    held = desk_of_answers.question(record, KEY)
    more = () if act == "approve" else ("because",)
    with pytest.raises(BadInput, match="This answer is: Draft"):
        getattr(reviewing, act)(desk_of_answers.officer, held, 1, *more)


def test_many_are_approved_at_once_and_each_refusal_is_told(desk_of_answers, record):
    for key in (KEY, "safety-other"):
        desk_of_answers.writes(record, key, text(key))
        held = desk_of_answers.question(record, key)
        reviewing.submit(desk_of_answers.engineer, held, held.draft.number)
    rows = [desk_of_answers.question(record, k) for k in (KEY, "safety-other", "weights-access")]
    done, problems = reviewing.approve_all(desk_of_answers.officer, rows)
    assert done == 2
    assert len(problems) == 1
    assert problems[0].startswith("weights-access: This answer is: Not answered.")


def test_questions_are_given_to_somebody_who_answers_and_who_is_told_by_mail(
    desk_of_answers, record, people
):
    from declarant.desk.work.models import Letter

    rows = [desk_of_answers.question(record, key) for key in (KEY, "safety-other")]
    with pytest.raises(BadInput, match="no role that answers"):
        reviewing.assign(desk_of_answers.preparer, rows, people("auditor"))
    assert reviewing.assign(desk_of_answers.preparer, rows, desk_of_answers.engineer) == 2
    letter = Letter.objects.get()
    assert letter.to == [desk_of_answers.engineer.email]
    assert f"/questions/{record.pk}/?mine=1" in letter.text
    again = [desk_of_answers.question(record, key) for key in (KEY, "safety-other")]
    assert reviewing.assign(desk_of_answers.preparer, again, desk_of_answers.engineer) == 0
    assert Letter.objects.count() == 1


def test_what_is_prepared_is_not_taken_back(desk_of_answers, record):
    desk_of_answers.approved(record, KEY)
    package = desk_of_answers.prepared(record, [KEY])
    held = desk_of_answers.question(record, KEY)
    with pytest.raises(BadInput, match="prepared, or signed and not sent yet"):
        reviewing.take_back(desk_of_answers.engineer, held, 1)
    from declarant.desk.filer.questions.preparing import discard

    discard(desk_of_answers.preparer, package, "A word is missing.")
    reviewing.take_back(desk_of_answers.engineer, held, 1)
    assert state(desk_of_answers, record) == "draft"
