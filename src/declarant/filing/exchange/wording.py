"""How questions and answers are put into words for people: on forms, on pages, in comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from declarant.filing.exchange.answers import (
    ChoicePassage,
    DatePassage,
    FilePassage,
    NumberPassage,
    Passage,
    TablePassage,
    TextPassage,
)
from declarant.filing.exchange.questions import (
    Asked,
    AsksChoice,
    AsksDate,
    AsksFile,
    AsksNumber,
    AsksTable,
    AsksText,
    Cell,
    Condition,
    Question,
)
from declarant.filing.wording import day

KINDS = {
    "notification": "notification",
    "affirmation": "affirmation",
    "question_set": "questions",
    "answer_set": "answers",
    "correction_notice": "notice of correction",
    "extension_request": "request for an extension",
    "extension_decision": "decision on an extension",
    "receipt": "receipt",
}


def described(asks: Asked | Cell) -> str:
    """Return what an answer must look like, as a sentence."""
    match asks:
        case AsksText():
            return f"Text{_most(asks.longest, 'characters')}."
        case AsksNumber():
            return _number(asks)
        case AsksDate():
            return f"A day{_days(asks)}."
        case AsksChoice():
            options = "; ".join(option.text for option in asks.options)
            return f"{'One or more' if asks.several else 'One'} of: {options}."
        case AsksTable():
            columns = "; ".join(column.title for column in asks.columns)
            fewest = f", at least {_rows(asks.fewest)}" if asks.fewest else ""
            most = "" if asks.most is None else f", at most {_rows(asks.most)}"
            return f"A table{fewest}{most}, with the columns: {columns}."
        case AsksFile():
            kinds = f" ({', '.join(asks.suffixes)})" if asks.suffixes else ""
            return f"One or more files{kinds}{_most(asks.most, 'in all')}."


def condition_said(condition: Condition, questions: Mapping[str, Question]) -> str:
    """Return when a question is put, with the words of the options it depends on."""
    if not condition.any_of:
        return f"Only if {condition.question} is answered."
    asked = questions.get(condition.question)
    options = (
        {item.id: item.text for item in asks.options}
        if asked is not None and isinstance(asks := asked.asks, AsksChoice)
        else {}
    )
    chosen = " or ".join(options.get(name, name) for name in condition.any_of)
    return f"Only if the answer to {condition.question} is: {chosen}."


def number_said(number: str, unit: str | None) -> str:
    """Return a decimal number in groups of three digits, with its unit."""
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
    whole, point, rest = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{rest}{f' {unit}' if unit else ''}"


def passage_said(passage: Passage, files: Mapping[str, str]) -> str:
    """Return a passage as text; `files` gives the name of a file by its SHA-256."""
    match passage:
        case TextPassage():
            return passage.text
        case NumberPassage():
            return number_said(passage.number, passage.unit)
        case DatePassage():
            return day(passage.date)
        case ChoicePassage():
            return "; ".join(option.text for option in passage.chosen)
        case FilePassage():
            return files.get(passage.file, passage.file)
        case TablePassage():
            rows = [[column_head(column.title, column.unit) for column in passage.columns]]
            rows += table_rows(passage)
            return "\n".join(" | ".join(row) for row in rows)


def table_rows(passage: TablePassage) -> list[list[str]]:
    """Return the rows of a table as people read them."""
    return [
        [column.said(cell) for column, cell in zip(passage.columns, row, strict=True)]
        for row in passage.rows
    ]


def moment_said(moment: str) -> str:
    """Return a moment as forms write it: February 26, 2027, 21:04:11 UTC."""
    when = datetime.fromisoformat(moment)
    return f"{day(when.date())}, {when:%H:%M:%S} UTC"


def column_head(title: str, unit: str | None) -> str:
    """Return what stands over a column."""
    return f"{title} ({unit})" if unit else title


def _number(asks: AsksNumber) -> str:
    kind = "A whole number" if asks.whole else "A number"
    units = f" in {' or '.join(asks.units)}" if asks.units else ""
    first = asks.units[0] if len(asks.units) > 1 else None  # one unit is said already
    least = number_said(asks.least, first) if asks.least is not None else None
    most = number_said(asks.most, first) if asks.most is not None else None
    return f"{kind}{units}{_between(least, most)}."


def _between(least: str | None, most: str | None) -> str:
    if least and most:
        return f" from {least} to {most}"
    if least:
        return f", {least} or more"
    return f", {most} or less" if most else ""


def _days(asks: AsksDate) -> str:
    if asks.earliest and asks.latest:
        return f" from {day(asks.earliest)} to {day(asks.latest)}"
    if asks.earliest:
        return f", {day(asks.earliest)} or later"
    return f", {day(asks.latest)} or earlier" if asks.latest else ""


def _rows(number: int) -> str:
    return f"{number:,} {'row' if number == 1 else 'rows'}"


def _most(number: int | None, what: str) -> str:
    return "" if number is None else f", at most {number:,} {what}"
