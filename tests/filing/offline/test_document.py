"""The Word document: what is written comes back; what people do to it is told, not lost."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from tests.filing.offline.conftest import BASES, DRAFTS, drafts, made_questions, made_work, of

from declarant.filing.offline.document_controls import controls
from declarant.filing.offline.document_reading import read_document
from declarant.filing.offline.document_writing import write_document
from declarant.filing.offline.work import DraftAnswer, Returned, Work
from declarant.problems import BadInput

NAME = "answers.docx"
WORDS, COUNT, DAY, ONE, MANY, SITES, REPORT = 1, 2, 4, 5, 6, 7, 8


def back(work: Work, change: Callable[[Any], None] = lambda document: None) -> Returned:
    document = docx.Document(io.BytesIO(write_document(work)))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return read_document(out.getvalue(), NAME, work)


def box(document: Any, tag: str) -> Any:
    return next(found for name, found in controls(document.element.body) if name == tag)


def write(control: Any, *lines: str) -> None:
    """Write lines into a box as a word processor does: a paragraph each."""
    content = control.find(qn("w:sdtContent"))
    held = content.findall(qn("w:p"))
    for child in list(content):
        content.remove(child)
    for line in lines:
        run, text = OxmlElement("w:r"), OxmlElement("w:t")
        text.text = line
        run.append(text)
        if held:
            paragraph = OxmlElement("w:p")
            paragraph.append(run)
            content.append(paragraph)
        else:
            content.append(run)


def the(returned: Returned, question: str) -> Any:
    return next(item for item in returned.answers if item.question == question)


def test_untouched_it_says_what_was_handed_out(work: Work) -> None:
    returned = back(work)
    assert (returned.findings, returned.unread) == ((), ())
    assert len(returned.answers) == len(DRAFTS)
    for draft, answer in zip(DRAFTS, returned.answers, strict=True):
        assert (answer.question, answer.passages) == (draft.question, draft.passages)
        assert (answer.not_known, answer.evidence) == (draft.not_known, draft.evidence)
        assert (answer.version, answer.touched, answer.notes) == (draft.version, False, "")


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drafts())
def test_whatever_is_written_comes_back(made: tuple[DraftAnswer, ...]) -> None:
    work = made_work(drafts=made)
    returned = read_document(write_document(work), NAME, work)
    assert returned.findings == ()
    assert {item.question: (item.passages, item.touched) for item in returned.answers} == {
        draft.question: (draft.passages, False) for draft in made
    }


def test_what_people_write_is_read(work: Work) -> None:
    def fill(document: Any) -> None:
        write(box(document, f"q{WORDS}.1.words"), "=New words", "", "第三段")
        write(box(document, f"q{WORDS}.3.words"), "A secret.")
        write(box(document, f"q{WORDS}.3.mark"), "Confidential: Business confidential information")
        write(box(document, f"q{WORDS}.evidence"), "系統安全計畫.json")
        write(box(document, f"q{WORDS}.added"), "Please look.")
        write(box(document, f"q{COUNT}.1.number"), "1,250,000")
        write(box(document, f"q{COUNT}.1.unit"), "TPU")
        write(box(document, f"q{DAY}.1.date"), "2027-03-01")
        write(box(document, f"q{ONE}.1.choice"), "=No")
        write(box(document, f"q{MANY}.1.choice"), "[ ] Yes, in whole", "[x] =No")
        write(box(document, f"q{REPORT}.not_known"), "No")
        write(box(document, f"q{REPORT}.2.file"), "plan.pdf")
        table = box(document, f"q{SITES}.2.table")
        row = table.findall(f".//{qn('w:tr')}")[-1]
        for cell, text in zip(row.findall(qn("w:tc")), ("Mesa", "7", "2027/1/2", ""), strict=True):
            run, words = OxmlElement("w:r"), OxmlElement("w:t")
            words.text = text
            run.append(words)
            cell.find(qn("w:p")).append(run)

    returned = back(work, fill)
    assert returned.findings == ()
    words = the(returned, "words")
    texts = ["=New words\n\n第三段", DRAFTS[0].passages[1].text, "A secret."]
    assert [passage.text for passage in words.passages] == texts
    assert words.passages[2].basis == BASES[0]
    assert (words.evidence, words.notes, words.touched) == (("b" * 64,), "Please look.", True)
    (count,) = the(returned, "count").passages
    assert (count.number, count.unit) == ("1250000", "TPU")
    assert the(returned, "day").passages[0].date == date(2027, 3, 1)
    assert the(returned, "one").passages[0].chosen[0].id == "no"
    assert [o.id for o in the(returned, "many").passages[0].chosen] == ["no"]
    report = the(returned, "report")
    assert (report.not_known, report.passages[1].file) == (False, "a" * 64)
    assert the(returned, "sites").passages[1].rows[-1] == ("Mesa", "7", "2027-01-02", None)


def test_what_was_deleted_with_tracking_is_gone_and_what_was_inserted_is_there(work: Work) -> None:
    def edit(document: Any) -> None:
        control = box(document, f"q{WORDS}.2.words")
        (paragraph,) = control.findall(f".//{qn('w:p')}")
        deleted, inserted = OxmlElement("w:del"), OxmlElement("w:ins")
        old, new = OxmlElement("w:r"), OxmlElement("w:r")
        gone, words = OxmlElement("w:delText"), OxmlElement("w:t")
        gone.text, words.text = "The vault is in hall A.", " Inserted."
        old.append(gone)
        new.append(words)
        deleted.append(old)
        inserted.append(new)
        paragraph.extend((deleted, inserted))

    text = the(back(work, edit), "words").passages[1].text
    assert text == f"{DRAFTS[0].passages[1].text} Inserted."


@pytest.mark.parametrize(
    ("tag", "text", "words"),
    [
        (f"q{COUNT}.1.number", "about 5", "is no number"),
        (f"q{DAY}.1.date", "soon", "is no day"),
        (f"q{ONE}.1.choice", "Perhaps", "is not one of the options"),
        (f"q{MANY}.1.choice", "Perhaps", "is not one of the options"),
        (f"q{REPORT}.2.file", "unknown.pdf", "is no file that is at hand"),
        (f"q{WORDS}.evidence", "unknown.pdf", "is no file that is at hand"),
        (f"q{WORDS}.1.words", "長" * 20_001, "a part holds 20,000"),
    ],
)
def test_what_cannot_be_read_is_kept_with_its_place(
    work: Work, tag: str, text: str, words: str
) -> None:
    returned = back(work, lambda document: write(box(document, tag), text))
    (finding,) = returned.findings
    assert words in finding.what
    assert (finding.code, finding.where.file) == ("offline.not_read", NAME)
    (kept,) = [text for answer in returned.answers for text in answer.unread]
    assert kept.endswith(text)


def test_a_box_that_is_gone_leaves_the_answer_as_it_is(work: Work) -> None:
    def remove(document: Any) -> None:
        write(box(document, f"q{WORDS}.1.words"), "Changed all the same")
        for tag in (f"q{WORDS}.2.words", f"q{SITES}.3.table", f"q{COUNT}.not_known"):
            found = box(document, tag)
            found.getparent().remove(found)

    returned = back(work, remove)
    assert [finding.code for finding in returned.findings] == ["offline.boxes_gone"] * 3
    assert not {"words", "sites", "count"} & {item.question for item in returned.answers}
    assert any("Changed all the same" in text for text in returned.unread)


def test_a_mark_that_is_gone_is_taken_as_confidential(work: Work) -> None:
    def remove(document: Any) -> None:
        found = box(document, f"q{WORDS}.1.mark")
        found.getparent().remove(found)

    returned = back(work, remove)
    assert [finding.code for finding in returned.findings] == ["offline.unknown_basis"]
    assert the(returned, "words").passages[0].confidential


def test_a_box_that_stands_twice_is_told(work: Work) -> None:
    def double(document: Any) -> None:
        found = box(document, f"q{COUNT}.1.number")
        for text in ("12500", "99"):
            again = copy.deepcopy(found)
            found.addnext(again)
            write(again, text)

    returned = back(work, double)
    # the copy that stands first is read; whichever says something else is kept
    assert {finding.code for finding in returned.findings} == {"offline.not_read"}
    assert any(text.endswith("99") for text in the(returned, "count").unread)


def test_boxes_may_be_moved(work: Work) -> None:
    def move(document: Any) -> None:
        body = document.element.body
        for _, found in reversed(list(controls(body))):
            if found.getparent() is body:
                body.insert(0, found)

    returned = back(work, move)
    assert returned.findings == ()
    assert not any(answer.touched for answer in returned.answers)


def test_words_outside_of_boxes_are_kept(work: Work) -> None:
    def add(document: Any) -> None:
        document.add_paragraph("An answer in the wrong place")
        foreign = copy.deepcopy(box(document, f"q{WORDS}.1.words"))
        foreign.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").set(qn("w:val"), "q99.1.words")
        document.element.body.insert(0, foreign)
        write(foreign, "No such question")

    returned = back(work, add)
    assert [finding.code for finding in returned.findings] == ["offline.no_question"] * 2
    assert any("An answer in the wrong place" in text for text in returned.unread)
    assert any("No such question" in text for text in returned.unread)


def test_pictures_and_fields_are_told(work: Work) -> None:
    def add(document: Any) -> None:
        control = box(document, f"q{WORDS}.1.words")
        run = control.find(f".//{qn('w:r')}")
        run.append(OxmlElement("w:drawing"))
        code = OxmlElement("w:instrText")
        code.text = "DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe"
        run.append(code)

    returned = back(work, add)
    assert [finding.code for finding in returned.findings] == ["offline.left_aside"] * 2
    assert the(returned, "words").passages == DRAFTS[0].passages


def test_a_row_of_other_cells_is_kept(work: Work) -> None:
    def spoil(document: Any) -> None:
        table = box(document, f"q{SITES}.2.table")
        row = table.findall(f".//{qn('w:tr')}")[1]
        row.remove(row.findall(qn("w:tc"))[-1])

    returned = back(work, spoil)
    (finding,) = returned.findings
    assert "is a row of 3 cells" in finding.what
    assert "Harbor" in the(returned, "sites").unread[0]


def test_what_a_file_cannot_carry_stays_at_the_desk(make_work: Callable[..., Work]) -> None:
    gone = {"id": "gone", "text": "No longer offered"}
    kept = (
        DraftAnswer("one", (of("choice", chosen=(gone,)),)),
        DraftAnswer("words", (of("text", text="\uffff"),), notes="\x00\ufffe"),
    )
    returned = back(make_work(drafts=kept))
    assert returned.findings == ()
    assert not {"one", "words"} & {item.question for item in returned.answers}


def test_a_file_of_other_questions_or_without_its_slip_is_refused(
    work: Work, make_work: Callable[..., Work]
) -> None:
    other = make_work(questions=made_questions(date(2027, 2, 2)))
    with pytest.raises(BadInput, match="was made for other questions"):
        read_document(write_document(other), NAME, work)

    def drop(document: Any) -> None:
        found = box(document, "declarant")
        found.getparent().remove(found)

    with pytest.raises(BadInput, match="is not a file that was handed out"):
        back(work, drop)


def test_people_see_what_is_asked_in_both_languages(work: Work) -> None:
    document = docx.Document(io.BytesIO(write_document(work)))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[0] == "words: Model weights"
    assert len(headings) == len(DRAFTS)
    text = "\n".join(p.text for p in document.paragraphs)
    for expected in ("請在各題", "What of count?", "Former answer", "Lin: ok"):
        assert expected in text
    slip = box(document, "declarant")
    assert slip.find(f".//{qn('w:vanish')}") is not None


def test_tables_in_tables_are_read_once(work: Work) -> None:
    def nest(document: Any) -> None:
        content = box(document, f"q{WORDS}.1.words").find(qn("w:sdtContent"))
        for number in range(60):
            table, row, cell = (OxmlElement(name) for name in ("w:tbl", "w:tr", "w:tc"))
            paragraph, run, text = (OxmlElement(name) for name in ("w:p", "w:r", "w:t"))
            text.text = f"level {number}"
            run.append(text)
            paragraph.append(run)
            cell.append(paragraph)
            row.append(cell)
            table.append(row)
            content.append(table)
            content = cell

    text = the(back(work, nest), "words").passages[0].text
    assert text.count("level 59") == 1
