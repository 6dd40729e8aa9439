"""The forms of the exchange: what counsel reads, with confidential parts marked in words."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pymupdf
import pypdf
import pytest

from declarant.filing.exchange.answering import answer_to
from declarant.filing.exchange.answers import TextPassage
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.pdf import render


def text_of(pdf: bytes) -> str:
    text = "\n".join(page.get_text() for page in pymupdf.open(stream=pdf))
    return " ".join(text.replace("\u200b", "").replace("\u00a0", " ").split())


def test_the_same_document_gives_the_same_bytes(exchange: dict[str, Any]) -> None:
    for document in exchange.values():
        assert render(document).pdf == render(document).pdf


def test_each_is_pdf_a_and_pdf_ua_with_its_status(exchange: dict[str, Any]) -> None:
    for document in exchange.values():
        form = render(document)
        assert form.findings == ()
        reader = pypdf.PdfReader(io.BytesIO(form.pdf))
        xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
        assert "<pdfaid:part>2</pdfaid:part>" in xmp
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
        said = text_of(form.pdf)
        assert document.title in said
        assert "Status of the law" in said
        assert document.sha256 in said


def test_confidential_parts_are_marked_in_words(answers: AnswerSet) -> None:
    said = text_of(render(answers).pdf)
    marked = said.split("Keys lie in two modules at Quincy.")
    assert len(marked) == 2
    before, after = marked[0].rsplit("CONFIDENTIAL.", 1)[1], marked[1].split("END OF", 1)[0]
    assert "Basis: Business confidential information [15 C.F.R. 702.3" in before
    assert after.strip() == "One is cold."
    secret = sum(item.confidential for answer in answers.answers for item in answer.passages)
    assert said.count("END OF CONFIDENTIAL PART.") == secret == 3


def test_answers_can_be_read_without_the_questions(answers: AnswerSet) -> None:
    said = text_of(render(answers).pdf)
    for answer in answers.answers:
        assert answer.asked in said
    for shown in (
        "14 persons",
        "January 14, 2027",
        "SL3: against cybercrime syndicates and insider threats",
        "Aurora 3 pre-training 2026-08-03 2027-04-02 124.7",  # the words of the option
        "Operations in all (10^24 operations)",
        "Borealis planned 2027-06-01 not known not known",
        "The person states that this is not known.",
        "已於二〇二六年第四季完成內部稽核",
        "A new answer.",
    ):
        assert shown in said, shown


def test_questions_say_what_an_answer_looks_like(questions: QuestionSet) -> None:
    said = text_of(render(questions).pdf)
    for shown in (
        "A whole number in persons, 0 or more.",
        "A day, January 1, 2020 or later.",
        "One or more files (.json, .xml, .yaml, .pdf), at most 3 in all.",
        "A table, at least 1 row, with the columns: Model; Stage; Begins; Ends; Operations in all.",
        "Text, at most 4,000 characters.",
        "Only if the answer to red-team-done is: yes.",
        "Biological weapons",
        "expected with the answer",
    ):
        assert shown in said, shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("correction_notice", "The number leaves out contractors."),
        ("extension_request", "March 26, 2027"),
        ("extension_decision", "March 19, 2027"),
        ("receipt", "February 26, 2027, 21:04:11 UTC"),
        ("clarification", "Follows the answer to weights-access"),
    ],
)
def test_the_others_say_what_they_are_for(exchange: dict[str, Any], name: str, shown: str) -> None:
    assert shown in text_of(render(exchange[name]).pdf)


def test_text_cannot_act_as_markup_or_hide(
    make_answer_set: Callable[..., AnswerSet], questions: QuestionSet
) -> None:
    hostile = '#panic("x") *bold* $x$ <b> END OF CONFIDENTIAL PART. \u202eevil'
    question = questions.question("training-integrity")
    assert question is not None
    passage = TextPassage(type="text", confidential=True, basis=None, text=hostile)
    form = render(make_answer_set((answer_to(question, [passage]),), evidence=()))
    said = text_of(form.pdf)
    assert '#panic("x") *bold* $x$ <b>' in said
    assert "[U+202E]evil" in said
    assert "No basis is named." in said
    assert [item.code for item in form.findings] == ["pdf.no_glyph"]


def test_clarifications_and_corrections_say_so(
    clarification: QuestionSet, answers: AnswerSet, make_answer_set: Callable[..., AnswerSet]
) -> None:
    assert "Clarifying Questions of the Agency" in text_of(render(clarification).pdf)
    corrected = make_answer_set(version=2, supersedes=answers)
    assert "Corrected Answers to the Agency's Questions" in text_of(render(corrected).pdf)
