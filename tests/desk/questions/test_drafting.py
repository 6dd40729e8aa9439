"""Answers grow by versions; whoever writes at the same time as another loses nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.desk.questions.desk import text

from declarant.desk.filer.questions.differences import difference
from declarant.problems import BadInput

KEY = "training-integrity"


@pytest.fixture
def record(desk_of_answers):
    return desk_of_answers.asked()


def versions(desk, record):
    rows = desk.question(record, KEY).draft.versions.order_by("number")
    return [(row.number, row.content["passages"][0]["text"], row.aside) for row in rows]


@pytest.mark.django_db
def test_each_writing_is_a_version_and_the_last_is_current(desk_of_answers, record):
    desk_of_answers.writes(record, KEY, text("one"))
    desk_of_answers.writes(record, KEY, text("two"))
    assert versions(desk_of_answers, record) == [(1, "one", False), (2, "two", False)]
    assert desk_of_answers.question(record, KEY).draft.number == 2


@pytest.mark.django_db
def test_saying_the_same_again_makes_no_version(desk_of_answers, record):
    desk_of_answers.writes(record, KEY, text("one"))
    assert not desk_of_answers.writes(record, KEY, text("one")).is_new
    assert len(versions(desk_of_answers, record)) == 1


@pytest.mark.django_db
def test_written_over_an_older_version_stands_aside_and_can_be_taken_over(desk_of_answers, record):
    from declarant.desk.filer.questions.drafting import take_over

    desk_of_answers.writes(record, KEY, text("one"))
    desk_of_answers.writes(record, KEY, text("two"))
    late = desk_of_answers.writes(record, KEY, text("other"), base=1, by=desk_of_answers.preparer)
    assert late.in_conflict
    again = desk_of_answers.writes(record, KEY, text("other"), base=1, by=desk_of_answers.preparer)
    assert again.version == late.version, "sent twice, kept once"
    assert desk_of_answers.question(record, KEY).draft.number == 2
    held = desk_of_answers.question(record, KEY)
    take_over(desk_of_answers.engineer, held, late.version.number, base=2)
    assert versions(desk_of_answers, record) == [
        (1, "one", False),
        (2, "two", False),
        (3, "other", True),
        (4, "other", False),
    ]


@pytest.mark.django_db
def test_what_is_written_while_it_is_in_review_stands_aside(desk_of_answers, record):
    from declarant.desk.filer.questions import reviewing

    desk_of_answers.writes(record, KEY, text("one"))
    reviewing.submit(desk_of_answers.engineer, desk_of_answers.question(record, KEY), 1)
    assert desk_of_answers.writes(record, KEY, text("late")).in_conflict
    assert desk_of_answers.question(record, KEY).draft.state == "in_review"


@pytest.mark.django_db
def test_remarks_are_replaced_and_stay_to_be_read(desk_of_answers, record):
    from declarant.desk.filer.questions import discussing
    from declarant.desk.filer.questions.models import Comment

    held = desk_of_answers.question(record, KEY)
    first = discussing.say(desk_of_answers.engineer, held, "first")
    with pytest.raises(BadInput, match="Somebody else wrote"):
        discussing.rewrite(desk_of_answers.preparer, first, "no")
    second = discussing.rewrite(desk_of_answers.engineer, first, "second")
    with pytest.raises(BadInput, match="replaced already"):
        discussing.rewrite(desk_of_answers.engineer, first, "third")
    assert second.replaces == first
    assert set(Comment.objects.values_list("text", flat=True)) == {"first", "second"}


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_difference_spells_both_texts(before, after):
    pieces = difference(before, after)
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "taken") == after


def test_a_difference_is_told_by_words_and_by_characters_of_chinese():
    assert [(p.kind, p.text) for p in difference("keys are cold now", "keys are warm now")] == [
        ("same", "keys are "),
        ("taken", "cold"),
        ("added", "warm"),
        ("same", " now"),
    ]
    assert [(p.kind, p.text) for p in difference("已完成稽核", "未完成稽核")] == [
        ("taken", "已"),
        ("added", "未"),
        ("same", "完成稽核"),
    ]


def test_a_difference_of_very_long_texts_is_told_by_lines_or_not_at_all():
    before = "\n".join(f"line {n} of the answer" for n in range(900))
    pieces = difference(before, before.replace("line 5 ", "line five "))
    assert [p.kind for p in pieces] == ["same", "taken", "added", "same"]
    endless = "a b " * 5000
    assert len(difference(endless, endless[2:])) <= 2
