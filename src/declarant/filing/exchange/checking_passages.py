"""Whether what an answer says is what its question asks: type, unit, range, options, columns.

One function a type of question. A finding stands at `answers.ID`, with the passage and cell in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from declarant.filing.exchange.answering import table_columns
from declarant.filing.exchange.answers import (
    Answer,
    ChoicePassage,
    DatePassage,
    FilePassage,
    NumberPassage,
    TablePassage,
    TextPassage,
)
from declarant.filing.exchange.parts import AttachedEvidence
from declarant.filing.exchange.questions import (
    AskedColumn,
    AsksChoice,
    AsksDate,
    AsksFile,
    AsksNumber,
    AsksTable,
    AsksText,
    Cell,
    Question,
)
from declarant.filing.exchange.wording import described, number_said
from declarant.problems import Finding, Place, Severity

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS = {
    "text": "words",
    "number": "a number",
    "date": "a day",
    "choice": "a choice among its options",
    "table": "a table",
    "file": "a file",
}


@dataclass(frozen=True, slots=True)
class At:
    """A place in the answer to one question."""

    question: str
    inside: str = ""

    def wrong(self, code: str, what: str, mend: str) -> Finding:
        """Return a finding here that blocks the answer."""
        return Finding(f"answer.{code}", what, self.place, mend, Severity.ERROR)

    @property
    def place(self) -> Place:
        """Where it is, as findings say it."""
        return Place(field=f"answers.{self.question}{self.inside}")

    def at(self, inside: str) -> At:
        """Return a place further inside."""
        return At(self.question, f"{self.inside}{inside}")


def check_passages(
    question: Question, answer: Answer, files: Mapping[str, AttachedEvidence]
) -> Iterator[Finding]:
    """Yield what does not fit the question; `files` is the evidence by SHA-256."""
    here = At(question.id)
    kind = question.asks.type
    if answer.not_known:
        yield from _not_known(answer, here)
        return
    fitting = [
        (here.at(f".passages[{number}]"), passage)
        for number, passage in enumerate(answer.passages)
        if passage.type == kind
    ]
    for number, passage in enumerate(answer.passages):
        if passage.type not in (kind, "text"):
            what = f"the question asks for {_WORDS[kind]}, and here is {_WORDS[passage.type]}."
            mend = f"Answer with {_WORDS[kind]}: {described(question.asks)}"
            yield here.at(f".passages[{number}]").wrong("type", what, mend)
    if not fitting:
        what = f"the answer holds no {kind}."
        mend = f"{described(question.asks)} Or say that it is not known, and why."
        yield here.wrong("no_value", what, mend)
        return
    if kind in ("number", "date", "choice") and len(fitting) > 1:
        what = f"the answer holds {len(fitting)} of what is asked once: {_WORDS[kind]}."
        yield here.wrong("many_values", what, "Keep one; say the rest in words beside it.")
    yield from _CHECKS[kind](question.asks, fitting, files)


def check_marks(answer: Answer) -> Iterator[Finding]:
    """Yield passages marked confidential without a basis, or with a basis and no mark."""
    for number, passage in enumerate(answer.passages):
        here = At(answer.question, f".passages[{number}]")
        if passage.confidential and passage.basis is None:
            what = "is marked confidential, but names no basis for it."
            yield here.wrong("no_basis", what, "Name the basis, or take the mark away.")
        if not passage.confidential and passage.basis is not None:
            what = "names a basis for confidentiality, but is not marked confidential."
            yield here.wrong("no_mark", what, "Mark it, or take the basis away.")


def _not_known(answer: Answer, here: At) -> Iterator[Finding]:
    if all(passage.type == "text" for passage in answer.passages):
        return
    what = "says that it is not known, and answers all the same."
    mend = "Keep the one or the other; words beside it say why it is not known."
    yield here.wrong("not_known_answered", what, mend)


def _text(asks: AsksText, found: list[tuple[At, TextPassage]], _: Any) -> Iterator[Finding]:
    length = sum(len(passage.text) for _, passage in found)
    if asks.longest is not None and length > asks.longest:
        here, _passage = found[-1]
        what = f"the answer has {length:,} characters; at most {asks.longest:,} are asked for."
        mend = "Shorten it, or attach the rest as evidence."
        yield At(here.question).wrong("too_long", what, mend)


def _number(asks: AsksNumber, found: list[tuple[At, NumberPassage]], _: Any) -> Iterator[Finding]:
    for here, passage in found:
        yield from _number_fits(asks, passage.number, passage.unit, here)


def _number_fits(asks: AsksNumber, number: str, unit: str | None, here: At) -> Iterator[Finding]:
    known = " or ".join(asks.units)
    if asks.units and unit not in asks.units:
        given = f"the unit {unit!r} is not one that is asked for" if unit else "the unit is missing"
        yield here.wrong("unit", f"{given}.", f"Give the number in {known}.")
        return
    if not asks.units and unit is not None:
        yield here.wrong("unit", f"the number has no unit, and here is {unit!r}.", "Leave it out.")
    value = Decimal(number)
    if asks.whole and value != value.to_integral_value():
        what = f"{number_said(number, unit)} is not a whole number."
        yield here.wrong("not_whole", what, "Give a whole number; say in words how it was rounded.")
    if asks.units and unit != asks.units[0]:
        return  # the bounds are in the first unit, and nothing here converts units
    low, high = asks.least, asks.most
    if (low is not None and value < Decimal(low)) or (high is not None and value > Decimal(high)):
        what = f"{number_said(number, unit)} is out of range. Asked for: {described(asks)}"
        yield here.wrong("range", what, "Check the number and its unit.")


def _date(asks: AsksDate, found: list[tuple[At, DatePassage]], _: Any) -> Iterator[Finding]:
    for here, passage in found:
        yield from _date_fits(asks, passage.date, here)


def _date_fits(asks: AsksDate, when: date, here: At) -> Iterator[Finding]:
    if (asks.earliest and when < asks.earliest) or (asks.latest and when > asks.latest):
        what = f"{when} is out of range. Asked for: {described(asks)}"
        yield here.wrong("date_range", what, "Check the day, month and year.")


def _choice(asks: AsksChoice, found: list[tuple[At, ChoicePassage]], _: Any) -> Iterator[Finding]:
    words = {option.id: option.text for option in asks.options}
    for here, passage in found:
        chosen = [option.id for option in passage.chosen]
        for option in passage.chosen:
            if option.id not in words:
                what = f"{option.text!r} ({option.id}) is not one of the options."
                yield here.wrong("option", what, described(asks))
            elif option.text != words[option.id]:
                what = f"{option.id} reads {words[option.id]!r} in the question, not "
                yield here.wrong("option_words", f"{what}{option.text!r}.", "Choose it anew.")
        if len(set(chosen)) < len(chosen):
            yield here.wrong("option_twice", "an option is chosen twice.", "Choose it once.")
        if len(set(chosen)) > 1 and not asks.several:
            what = f"{len(chosen)} options are chosen, and one is asked for."
            yield here.wrong("one_option", what, "Choose one; say the rest in words beside it.")


def _file(
    asks: AsksFile, found: list[tuple[At, FilePassage]], files: Mapping[str, AttachedEvidence]
) -> Iterator[Finding]:
    if asks.most is not None and len(found) > asks.most:
        what = f"{len(found)} files are given; at most {asks.most} are asked for."
        yield At(found[0][0].question).wrong("files", what, "Put them together, or leave some out.")
    endings = tuple(suffix.lower() for suffix in asks.suffixes)
    for here, passage in found:
        file = files.get(passage.file)  # one that is missing is said with the evidence
        if file and endings and not file.name.lower().endswith(endings):
            what = f"{file.name} is not of a kind that is asked for ({', '.join(asks.suffixes)})."
            yield here.wrong("file_kind", what, "Give the file in one of these forms.")


def _table(asks: AsksTable, found: list[tuple[At, TablePassage]], _: Any) -> Iterator[Finding]:
    expected = table_columns(asks)
    rows = 0
    for here, passage in found:
        rows += len(passage.rows)
        if passage.columns != expected:
            shown = "; ".join(str(item.title) for item in passage.columns)
            what = f"the columns are not those of the question: {shown}."
            yield here.wrong("columns", what, described(asks))
            continue
        for number, row in enumerate(passage.rows):
            yield from _row(asks.columns, row, here.at(f".rows[{number}]"))
    if rows < asks.fewest or (asks.most is not None and rows > asks.most):
        what = f"the table has {rows:,} rows. Asked for: {described(asks)}"
        yield At(found[0][0].question).wrong("rows", what, "Add or take away rows.")


def _row(
    columns: tuple[AskedColumn, ...], row: tuple[str | None, ...], here: At
) -> Iterator[Finding]:
    for column, cell in zip(columns, row, strict=True):
        there = here.at(f".{column.id}")
        if cell is not None:
            yield from _cell_fits(column, cell, there)
        elif column.required:
            what = f"the cell {column.title!r} is empty."
            yield there.wrong("cell_missing", what, "Fill it in.")


def _cell_fits(column: AskedColumn, cell: str, here: At) -> Iterator[Finding]:
    asks: Cell = column.cell
    match asks:
        case AsksText():
            if asks.longest is not None and len(cell) > asks.longest:
                what = f"the cell has {len(cell):,} characters; at most {asks.longest:,} fit."
                yield here.wrong("too_long", what, "Shorten it.")
        case AsksNumber():
            if NUMBER.fullmatch(cell):
                unit = asks.units[0] if asks.units else None
                yield from _number_fits(asks, cell, unit, here)
            else:
                mend = "Write digits alone, without unit, groups or exponent: 1234.5."
                yield here.wrong("cell", f"{cell!r:.80} is no number.", mend)
        case AsksDate():
            when = _read_day(cell)
            if when:
                yield from _date_fits(asks, when, here)
            else:
                yield here.wrong("cell", f"{cell!r:.80} is no day.", "Write 2027-02-01.")
        case AsksChoice():
            if cell not in {option.id for option in asks.options}:
                known = ", ".join(option.id for option in asks.options)
                what = f"{cell!r:.80} is not one of the options."
                yield here.wrong("cell", what, f"Write one of: {known}.")


def _read_day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell) if _DAY.fullmatch(cell) else None
    except ValueError:
        return None


_CHECKS: dict[str, Callable[[Any, Any, Any], Iterable[Finding]]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "table": _table,
    "file": _file,
}
