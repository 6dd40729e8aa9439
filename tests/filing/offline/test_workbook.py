"""The workbook: what is written comes back as it was; what people do to it is told, not lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from tests.filing.offline.conftest import (
    BASES,
    DRAFTS,
    OPTIONS,
    drafts,
    made_questions,
    made_work,
    of,
)

from declarant.filing.offline.work import DraftAnswer, Returned, Work
from declarant.filing.offline.workbook_reading import read_workbook
from declarant.filing.offline.workbook_writing import write_workbook
from declarant.problems import BadInput

NAME = "answers.xlsx"
Book = Any


def back(work: Work, change: Callable[[Book], None] = lambda book: None) -> Returned:
    """Hand the workbook out, let somebody change it, and read it."""
    return read_workbook(changed(write_workbook(work), change), NAME, work)


def changed(data: bytes, change: Callable[[Book], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cell(book: Book, question: str, column: str, part: str | None = "1") -> Any:
    """Return a cell of the answers by question, part and heading."""
    sheet = book["Answers"]
    heads = {item.value.split()[0]: item.column for item in sheet[3]}
    for row in sheet.iter_rows(min_row=4):
        if row[0].value == question and part in (None, row[1].value):
            return row[heads[column] - 1]
    raise LookupError(question, part)


def the(returned: Returned, question: str) -> Any:
    return next(item for item in returned.answers if item.question == question)


def codes(returned: Returned) -> list[str]:
    return [finding.code for finding in returned.findings]


def test_untouched_it_says_what_was_handed_out(work: Work) -> None:
    for returned in (read_workbook(write_workbook(work), NAME, work), back(work)):
        assert returned.findings == ()
        assert returned.unread == ()
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
    returned = read_workbook(write_workbook(work), NAME, work)
    assert returned.findings == ()
    said = {
        item.question: (
            item.passages, item.not_known, item.evidence, item.version, item.touched,
        )
        for item in returned.answers
    }  # fmt: skip
    assert said == {
        draft.question: (draft.passages, draft.not_known, draft.evidence, draft.version, False)
        for draft in made
    }


def test_no_cell_is_ever_a_formula(work: Work) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(work)))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for item in row:
                assert item.data_type in ("s", "n"), item.coordinate
                assert item.data_type == "s" or item.value is None
    held = cell(book, "words", "Answer")
    assert held.value.startswith("=1+1")
    assert (held.number_format, held.quotePrefix) == ("@", True)


def test_only_what_people_fill_in_is_open(work: Work) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(work)))
    sheet = book["Answers"]
    assert sheet.protection.sheet
    assert cell(book, "words", "Question").protection.locked
    assert cell(book, "words", "ID").protection.locked
    assert not cell(book, "words", "Answer").protection.locked
    assert not cell(book, "words", "Confidential").protection.locked
    assert book["declarant"].sheet_state == "veryHidden"
    assert book["Lists"].sheet_state == "hidden"


def test_choices_and_marks_are_chosen_from_lists(work: Work) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(work)))
    rules = {
        str(place): rule.formula1
        for rule in book["Answers"].data_validations.dataValidation
        for place in rule.sqref.ranges
    }
    for question, column in (("one", "Answer"), ("one", "Confidential"), ("count", "Unit")):
        at = cell(book, question, column).coordinate
        formula = next(rule for place, rule in rules.items() if at in openpyxl_range(place))
        first, last = formula.split("!")[1].replace("$", "").split(":")
        listed = [row[0].value for row in book["Lists"][first:last]]
        if column == "Answer":
            assert listed == ["Yes, in whole", "=No", "部分, see words [part]",
                              "部分, see words [part-2]"]  # fmt: skip


def openpyxl_range(place: str) -> set[str]:
    from openpyxl.utils import range_boundaries
    from openpyxl.utils.cell import get_column_letter

    left, top, right, bottom = range_boundaries(place)
    return {f"{get_column_letter(c)}{r}" for c in range(left, right + 1)
            for r in range(top, bottom + 1)}  # fmt: skip


def test_what_people_write_is_read(work: Work) -> None:
    def fill(book: Book) -> None:
        cell(book, "words", "Answer").value = "New words\nin two lines"
        cell(book, "words", "Answer", "3").value = "And a secret."
        cell(
            book, "words", "Confidential", "3"
        ).value = "Confidential: Business confidential information"
        cell(book, "words", "Evidence").value = " 系統安全計畫.json \n"
        cell(book, "words", "New").value = "Please look."
        cell(book, "count", "Answer").value = "1,250,000"
        cell(book, "share", "Answer").value = "1.2e26"
        cell(book, "day", "Answer").value = "2027/2/28"
        cell(book, "one", "Answer").value = "yes, in  whole"
        cell(book, "many", "Answer").value = "[ ] Yes, in whole\n[X] =No\n☑ 部分, see words [part]"
        cell(book, "report", "Not").value = None
        cell(book, "report", "Answer", "2").value = "plan.pdf (2)"
        table = book["Table 1"]
        table["B9"], table["C9"] = "Mesa", 7
        table["B10"], table["F10"] = "Hidden", "Confidential: Business confidential information"

    returned = back(work, fill)
    assert returned.findings == ()
    words = the(returned, "words")
    texts = ["New words\nin two lines", DRAFTS[0].passages[1].text, "And a secret."]
    assert [passage.text for passage in words.passages] == texts
    assert words.passages[2].basis == BASES[0]
    assert (words.evidence, words.notes, words.touched) == (("b" * 64,), "Please look.", True)
    assert the(returned, "count").passages[0].number == "1250000"
    assert the(returned, "share").passages[0].number == "12" + "0" * 25
    assert the(returned, "day").passages[0].date == date(2027, 2, 28)
    assert the(returned, "one").passages[0].chosen[0].id == "yes"
    assert [o.id for o in the(returned, "many").passages[0].chosen] == ["no", "part"]
    report = the(returned, "report")
    assert not report.not_known
    assert {p.type for p in report.passages} == {"text", "file"}
    _, first, second = the(returned, "sites").passages
    assert first.rows[-1] == ("Mesa", "7", None, None)
    assert second.rows[-1] == ("Hidden", None, None, None)
    assert second.confidential
    assert not the(returned, "day").passages[1].confidential


def test_numbers_and_days_that_the_program_made_are_read(work: Work) -> None:
    def fill(book: Book) -> None:
        cell(book, "count", "Answer").value = 1250
        cell(book, "share", "Answer").value = 0.1
        cell(book, "day", "Answer").value = datetime(2027, 2, 28)  # noqa: DTZ001
        cell(book, "words", "Answer").value = 12.0

    returned = back(work, fill)
    assert returned.findings == ()
    assert the(returned, "count").passages[0].number == "1250"
    assert the(returned, "share").passages[0].number == "0.1"
    assert the(returned, "day").passages[0].date == date(2027, 2, 28)
    assert the(returned, "words").passages[0].text == "12"


@pytest.mark.parametrize(
    ("question", "column", "value", "words"),
    [
        ("count", "Answer", "about 5", "is no number"),
        ("count", "Answer", "١٢", "is no number"),
        ("count", "Answer", "1" * 61, "is no number"),
        ("day", "Answer", "30 February 2027", "is no day"),
        ("day", "Answer", "2027-02-30", "is no day"),
        ("one", "Answer", "Perhaps", "is not one of the options"),
        ("many", "Answer", "[x] Perhaps", "is not one of the options"),
        ("words", "Evidence", "unknown.pdf", "is no file that is at hand"),
        ("words", "Answer", "長" * 20_001, "a part holds 20,000"),
        ("words", "Answer", "=1+1", "is a formula"),
        ("words", "Confidential", "=A1", "is a formula"),
        ("words", "Evidence", '=HYPERLINK("http://x")', "is a formula"),
    ],
)
def test_what_cannot_be_read_is_kept_with_its_cell(
    work: Work, question: str, column: str, value: str, words: str
) -> None:
    def fill(book: Book) -> None:
        held = cell(book, question, column)
        held.value, held.quotePrefix = value, False

    returned = back(work, fill)
    (finding,) = returned.findings
    assert words in finding.what
    assert (finding.code, finding.severity) == ("offline.not_read", "error")
    assert finding.where.file == NAME
    answer = the(returned, question)
    assert answer.touched
    (kept,) = answer.unread
    assert kept.endswith(value)
    if column != "Evidence":
        assert finding.where.field.startswith("Answers!")


def test_an_unknown_mark_is_taken_as_confidential(work: Work) -> None:
    def fill(book: Book) -> None:
        cell(book, "words", "Confidential").value = "secret!"

    returned = back(work, fill)
    assert codes(returned) == ["offline.unknown_basis"]
    first = the(returned, "words").passages[0]
    assert (first.confidential, first.basis) == (True, None)


def test_rows_may_be_sorted_and_columns_moved(work: Work) -> None:
    def shuffle(book: Book) -> None:
        sheet = book["Answers"]
        rows = [[item.value for item in row] for row in sheet.iter_rows(min_row=4)]
        types = [[item.data_type for item in row] for row in sheet.iter_rows(min_row=4)]
        for row, values, kinds in zip(
            range(4, 4 + len(rows)), reversed(rows), reversed(types), strict=True
        ):
            for column, (value, kind) in enumerate(zip(values, kinds, strict=True), start=1):
                item = sheet.cell(row, column)
                item.value = value
                item.data_type = kind
        sheet.insert_cols(9)

    returned = back(work, shuffle)
    assert returned.findings == ()
    assert not any(answer.touched for answer in returned.answers)


def test_a_row_that_is_gone_leaves_the_answer_as_it_is(work: Work) -> None:
    def remove(book: Book) -> None:
        cell(book, "words", "Answer").value = "Changed all the same"
        sheet = book["Answers"]
        sheet.delete_rows(cell(book, "words", "ID", "2").row)
        sheet.delete_rows(cell(book, "share", "ID", "1").row, 2)
        del book["Table 1"]

    returned = back(work, remove)
    assert codes(returned) == ["offline.rows_gone"] * 3
    assert {item.question for item in returned.answers} == {
        "count", "day", "one", "many", "report",
    }  # fmt: skip
    assert any("Changed all the same" in text for text in returned.unread)


def test_a_row_that_stands_twice_is_told(work: Work) -> None:
    def double(book: Book) -> None:
        sheet = book["Answers"]
        for text in ("12500", "99"):
            sheet.append([item.value for item in sheet[cell(book, "count", "ID").row]])
            sheet.cell(sheet.max_row, 9).value = text

    returned = back(work, double)
    (finding,) = returned.findings
    assert "says something else" in finding.what
    answer = the(returned, "count")
    assert answer.passages[0].number == "12500"
    assert answer.unread[0].endswith(": 99")


def test_a_copied_table_is_told(work: Work) -> None:
    def copy(book: Book) -> None:
        again = book.copy_worksheet(book["Table 1"])
        again["B6"] = "Elsewhere"

    returned = back(work, copy)
    assert set(codes(returned)) == {"offline.not_read"}
    assert any("Elsewhere" in text for text in the(returned, "sites").unread)


def test_words_beside_no_question_are_kept(work: Work) -> None:
    def add(book: Book) -> None:
        sheet = book["Answers"]
        sheet.cell(sheet.max_row + 1, 9).value = "Orphan"
        sheet.cell(sheet.max_row + 1, 1).value = "nonsense"
        sheet.cell(sheet.max_row, 9).value = "=1+1"
        sheet.cell(cell(book, "words", "ID").row, 30).value = "In the margin"

    returned = back(work, add)
    assert codes(returned).count("offline.no_question") == 2
    assert any("Orphan" in text for text in returned.unread)
    assert the(returned, "words").unread[0].endswith("In the margin")


def test_a_row_that_somebody_put_in_is_a_further_part(work: Work) -> None:
    def add(book: Book) -> None:
        sheet = book["Answers"]
        row = sheet.max_row + 1
        sheet.cell(row, 1).value, sheet.cell(row, 9).value = "words", "One more."

    returned = back(work, add)
    assert returned.findings == ()
    assert [p.text for p in the(returned, "words").passages][-1] == "One more."


def test_what_a_file_cannot_carry_stays_at_the_desk(make_work: Callable[..., Work]) -> None:
    gone = {"id": "gone", "text": "No longer offered"}
    kept = (
        DraftAnswer("one", (of("choice", chosen=(gone,)),)),
        DraftAnswer("words", (of("text", text="\ufffe"),)),
        DraftAnswer("report", (of("file", file="d" * 64),)),
        DraftAnswer("count", (of("text", text=" "),)),
        DraftAnswer("day", (of("date", date=date(2027, 1, 1)),)),
    )
    work = make_work(drafts=kept)
    returned = back(work)
    assert returned.findings == ()
    asked = {item.question for item in returned.answers}
    assert not asked & {"one", "words", "report", "count"}
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(work)))
    assert "only shown" in cell(book, "one", "Answer").value
    assert cell(book, "one", "Answer").protection.locked


def test_only_some_questions_are_handed_out(make_work: Callable[..., Work]) -> None:
    work = make_work(only=("day", "words"))
    assert [item.question for item in back(work).answers] == ["words", "day"]
    whole = make_work()
    returned = read_workbook(write_workbook(work), NAME, whole)
    assert [item.question for item in returned.answers] == ["words", "day"]
    assert returned.findings == ()


def test_a_file_of_other_questions_is_refused(work: Work, make_work: Callable[..., Work]) -> None:
    other = make_work(questions=made_questions(date(2027, 2, 2)))
    with pytest.raises(BadInput, match="was made for other questions"):
        read_workbook(write_workbook(other), NAME, work)


def test_a_file_without_its_slip_is_refused(work: Work) -> None:
    def drop(book: Book) -> None:
        del book["declarant"]

    def spoil(book: Book) -> None:
        book["declarant"]["A1"] = "{}"

    def rename(book: Book) -> None:
        book["Answers"].title = "Antworten"

    for change in (drop, spoil, rename):
        with pytest.raises(BadInput, match="is not a file that was handed out"):
            back(work, change)


def test_a_forged_slip_gives_no_file_and_no_basis(work: Work) -> None:
    def forge(book: Book) -> None:
        held = book["declarant"]["A1"]
        held.value = held.value.replace("a" * 64, "e" * 64).replace("50 U.S.C. 4555(d)", "made up")

    returned = back(work, forge)
    words = the(returned, "words")
    assert "a" * 64 not in words.evidence
    assert "e" * 64 not in words.evidence
    assert words.passages[1].confidential
    assert words.passages[1].basis is None
    assert {"offline.not_read", "offline.unknown_basis"} == set(codes(returned))


def test_a_basis_keeps_its_meaning_when_the_desk_has_moved_on(
    work: Work, make_work: Callable[..., Work]
) -> None:
    data = write_workbook(work)
    later = make_work(drafts=(), grounds=(BASES[1], BASES[0]), files={"c" * 64: "plan.pdf"})
    returned = read_workbook(data, NAME, later)
    assert the(returned, "words").passages[1].basis == BASES[0]
    assert the(returned, "words").evidence == ("c" * 64,)


def test_instructions_stand_in_both_languages(work: Work) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(work)))
    sheet = book.worksheets[0]
    texts = [str(item.value) for row in sheet.iter_rows() for item in row if item.value]
    assert any("put an x into the box" in text for text in texts)
    assert any("公式一律不計算" in text for text in texts)
    assert OPTIONS[0]["text"] in cell(book, "one", "What").value
