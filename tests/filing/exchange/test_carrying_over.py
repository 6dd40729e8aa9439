"""Former answers under new questions: found by their stable id, compared passage by passage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.filing.exchange.conftest import BASIS, PLAN, digest
from tests.filing.exchange.one_question import codes

from declarant.filing.exchange import making
from declarant.filing.exchange.answers import Answer
from declarant.filing.exchange.carrying_over import carried_over, changes, standing
from declarant.filing.exchange.checking import check_answers
from declarant.filing.exchange.checking_former import check_against_former
from declarant.filing.exchange.from_agency import CorrectionNotice, QuestionSet
from declarant.filing.exchange.from_person import AnswerSet

NEXT_YEAR = date(2028, 2, 1)


def again(law: Any, parties: Any, questions: QuestionSet, **changed: Any) -> QuestionSet:
    """The same questions a year later; fields of one question may differ."""
    asked = [
        item.model_copy(update=changed) if item.id == "training-integrity" else item
        for item in questions.questions
    ]
    return making.question_set(law, parties, NEXT_YEAR, asked)


def test_former_answers_stand_as_the_same(
    law: Any, parties: Any, questions: QuestionSet, answers: AnswerSet
) -> None:
    asked = again(law, parties, questions)
    drafts = carried_over(asked, [answers])
    assert [item.answer.question for item in drafts] == [a.question for a in answers.answers]
    for item in drafts:
        former = item.answer.former
        assert item.answer.standing == "same"
        assert former is not None
        assert (former.answer_set, former.sha256) == (answers.id, answers.sha256)
        assert not item.text_changed
        assert standing(item.answer, answers.answer(former.question)) == ("same", ())
    evidence = {file.sha256 for item in drafts for file in item.evidence}
    assert evidence == {file.sha256 for file in answers.evidence}
    kept = {file.sha256: file for item in drafts for file in item.evidence}
    found = check_answers(asked, [item.answer for item in drafts], kept.values())
    assert found == ()


def test_a_file_that_is_the_answer_comes_along(
    law: Any, parties: Any, questions: QuestionSet, answers: AnswerSet
) -> None:
    drafts = {item.answer.question: item for item in carried_over(questions, [answers])}
    plan = drafts["training-security-plan"]
    assert [file.sha256 for file in plan.evidence] == [digest(PLAN)]


def test_a_question_worded_otherwise_says_so(
    law: Any, parties: Any, questions: QuestionSet, answers: AnswerSet
) -> None:
    asked = again(law, parties, questions, text="How is training kept from harm?")
    drafts = {item.answer.question: item for item in carried_over(asked, [answers])}
    draft = drafts["training-integrity"]
    assert draft.text_changed
    assert draft.was_asked.startswith("How is the integrity")
    assert draft.answer.asked == "How is training kept from harm?"
    assert draft.answer.standing == "same"


def test_a_question_of_another_type_starts_anew(
    law: Any, parties: Any, questions: QuestionSet, answers: AnswerSet
) -> None:
    day = {"type": "date", "earliest": None, "latest": None}
    asks = questions.questions[0].model_validate(
        questions.questions[3].model_dump() | {"asks": day}
    )
    drafts = carried_over([asks], [answers])
    assert drafts == ()


def test_a_new_question_has_no_draft(questions: QuestionSet, answers: AnswerSet) -> None:
    new = questions.questions[0].model_copy(update={"id": "brand-new"})
    assert carried_over([new], [answers]) == ()


def test_the_latest_answer_counts_and_no_superseded_one(
    make_answer_set: Callable[..., AnswerSet], answers: AnswerSet, questions: QuestionSet
) -> None:
    changed = tuple(
        item.model_copy(update={"passages": _text("Corrected.")})
        if item.question == "training-integrity"
        else item
        for item in answers.answers
    )
    corrected = make_answer_set(changed, version=2, supersedes=answers, on=date(2027, 3, 10))
    for order in ([answers, corrected], [corrected, answers]):
        drafts = {item.answer.question: item for item in carried_over(questions, order)}
        draft = drafts["training-integrity"].answer
        assert draft.passages[0].text == "Corrected."  # type: ignore[union-attr]
        assert draft.former is not None
        assert draft.former.answer_set == corrected.id


def _text(words: str, *, secret: bool = False) -> Any:
    from declarant.filing.exchange.answers import TextPassage
    from declarant.filing.parts import Ground

    basis = Ground.model_validate(BASIS) if secret else None
    return (TextPassage(type="text", text=words, confidential=secret, basis=basis),)


def test_changes_are_listed_field_by_field(answers: AnswerSet) -> None:
    former = answers.answer("training-integrity")
    assert former is not None
    now = former.model_copy(
        update={"passages": (*_text("Signed.", secret=True), *former.passages[1:2])}
    )
    how, listed = standing(now, former)
    assert how == "changed"
    by_field = {item.field: (item.before, item.after) for item in listed}
    assert by_field["Passage 1"] == (
        "Data sets are signed; each checkpoint is hashed and compared.",
        "Signed.",
    )
    assert by_field["Passage 1, confidentiality"] == (
        "public",
        "confidential: Business confidential information",
    )
    assert by_field["Passage 3"] == ("已於二〇二六年第四季完成內部稽核。", None)
    assert set(by_field) == {
        "Passage 1",
        "Passage 1, confidentiality",
        "Passage 3",
        "Passage 3, confidentiality",
    }


def test_evidence_is_compared_by_content(answers: AnswerSet) -> None:
    former = answers.answer("red-team-results")
    assert former is not None
    bare = former.model_copy(update={"evidence": ()})
    (change,) = changes(former, bare, answers.evidence)
    assert (change.field, change.after) == ("Evidence red-team-report-2027-01.pdf", None)


def test_another_wording_of_the_question_is_no_change(answers: AnswerSet) -> None:
    former = answers.answers[0]
    assert standing(former.model_copy(update={"asked": "Otherwise?"}), former) == ("same", ())
    assert standing(former, None) == ("new", ())


@given(st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=4), st.data())
def test_no_change_exactly_when_all_passages_are_equal(
    answers: AnswerSet, words: list[str], data: st.DataObject
) -> None:
    other = data.draw(
        st.just(words) | st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=4)
    )

    def answer(texts: list[str]) -> Answer:
        passages = tuple(passage for text in texts for passage in _text(text))
        return answers.answers[0].model_copy(update={"passages": passages})

    assert (changes(answer(words), answer(other)) == ()) == (words == other)


# cross-record checks


def _standing_as(answers: AnswerSet, question: str, how: str, **changed: Any) -> Answer:
    former = answers.answer(question)
    assert former is not None
    named = {"answer_set": answers.id, "sha256": answers.sha256, "question": question}
    return Answer.model_validate(former.model_dump() | {"standing": how, "former": named} | changed)


def test_answers_tell_the_truth_of_how_they_stand(answers: AnswerSet) -> None:
    same = _standing_as(answers, "weights-access", "same")
    assert check_against_former([same], [answers]) == ()
    idle = _standing_as(answers, "weights-access", "changed")
    assert codes(check_against_former([idle], [answers])) == ["answer.standing"]
    passages = (same.passages[0].model_dump() | {"number": "15"},)
    quiet = _standing_as(answers, "weights-access", "same", passages=passages)
    assert codes(check_against_former([quiet], [answers])) == ["answer.standing"]
    assert codes(check_against_former([same], [])) == ["answer.former_unknown"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("139.9", []),
        ("140", ["answer.leap"]),
        ("1.4", ["answer.leap"]),
        ("1.5", []),
        ("0", []),  # from some to none is no matter of scale
    ],
)
def test_a_number_that_leaps(answers: AnswerSet, number: str, expected: list[str]) -> None:
    """The former number is 14: a tenth is 1.4, ten times as much 140."""
    former = answers.answer("weights-access")
    assert former is not None
    passages = (former.passages[0].model_dump() | {"number": number},)
    now = _standing_as(answers, "weights-access", "changed", passages=passages)
    assert codes(check_against_former([now], [answers])) == expected


def test_a_correction_corrects_what_was_returned(
    answers: AnswerSet, notice: CorrectionNotice
) -> None:
    """The notice returns weights-access alone."""
    idle = _standing_as(answers, "weights-access", "same")
    assert codes(check_against_former([idle], [answers], notice)) == ["answer.not_corrected"]
    other = _standing_as(answers, "training-integrity", "same")
    assert check_against_former([other], [answers], notice) == ()
    passages = (other.passages[0].model_dump(),)
    more = _standing_as(answers, "training-integrity", "changed", passages=passages)
    assert codes(check_against_former([more], [answers], notice)) == ["answer.not_returned"]


def test_a_leap_of_a_confidential_number_does_not_tell_it(answers: AnswerSet) -> None:
    former = answers.answer("weights-access")
    assert former is not None
    secret = {"number": "9000", "confidential": True, "basis": BASIS}
    passages = (former.passages[0].model_dump() | secret,)
    now = _standing_as(answers, "weights-access", "changed", passages=passages)
    (finding,) = check_against_former([now], [answers])
    assert "9,000" not in str(finding)
    assert "14" not in finding.what


def test_what_a_correction_took_away_does_not_come_back(
    make_answer_set: Callable[..., AnswerSet], answers: AnswerSet, questions: QuestionSet
) -> None:
    kept = tuple(item for item in answers.answers if item.question != "training-integrity")
    corrected = make_answer_set(kept, version=2, supersedes=answers, on=date(2027, 3, 10))
    drafts = carried_over(questions, [answers, corrected])
    assert {item.answer.question for item in drafts} == {item.question for item in kept}
