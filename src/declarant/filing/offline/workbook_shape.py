"""How the workbook looks: its sheets, its columns, and what a cell may hold."""

from __future__ import annotations

import re

from declarant.filing.offline.values import showable_in_file

ANSWERS, LISTS, SLIP, INSTRUCTIONS = "Answers", "Lists", "declarant", "Instructions 說明"
HEADER_WITHIN = 20  # rows in which the header of the answers is looked for
MOST_COLUMNS = 200
LONGEST_CELL = 20_000  # UTF-16 units; the format holds 32,767, and codes take room
CONTINUED = "+"

COLUMNS = {
    "id": ("ID 題號", 16),
    "part": ("Part 部分", 7),
    "topic": ("Topic 主題", 20),
    "question": ("Question 題目", 50),
    "asks": ("What is asked 應答方式", 30),
    "due": ("Due 期限", 12),
    "former": ("Former answer 前次答覆", 40),
    "standing": ("Standing 狀態", 11),
    "answer": ("Answer 答覆", 60),
    "unit": ("Unit 單位", 14),
    "not_known": ("Not known 不知", 10),
    "mark": ("Confidential 機密", 28),
    "evidence": ("Evidence 佐證檔案", 28),
    "notes": ("Notes so far 既有備註", 28),
    "added": ("New note 新增備註", 28),
    "kind": ("Kind 類別", 10),
}
EDITED = ("answer", "unit", "not_known", "mark", "evidence", "added")
YES = "Yes"

# row 1: id of the question (hidden column) and its title; 2: text; 3: what is asked; 4: headings;
# 5: keys, hidden; rows of answers from 6 on
TABLE_TITLE, TABLE_TEXT, TABLE_HINTS, TABLE_HEAD, TABLE_KEYS, TABLE_FIRST = range(1, 7)
PART_KEY, MARK_KEY = "part", "mark"
SPARE_ROWS = 40

# `_x0041_` in a cell is read by spreadsheet programs as the character of that code; a word joiner,
# which nobody sees, keeps the text what it is
_JOINER = "\u2060"
_CODED = re.compile(rf"_({_JOINER}*)(?=x)|(?<=x)({_JOINER}*)(?=005F_)")
_UNCODED = re.compile(rf"_{_JOINER}({_JOINER}*)(?=x)|(?<=x){_JOINER}({_JOINER}*)(?=005F_)")
_RETURN = "_x000D_"  # how these programs write a carriage return


def cell_text(text: str) -> str:
    """Return text as a cell holds it, so that no program reads a code into it."""
    return _CODED.sub(
        lambda m: f"{'_' if m[1] is not None else ''}{_JOINER}{m[1] or m[2] or ''}", text
    )


def text_of_cell(text: str) -> str:
    """Return the text that a cell holds."""
    plain = text.replace(f"{_RETURN}\n", "\n").replace(_RETURN, "\n")
    return _UNCODED.sub(lambda m: f"{'_' if m[1] is not None else ''}{m[1] or m[2] or ''}", plain)


def pieces(text: str) -> list[str]:
    """Return text in pieces that a cell holds, at least one."""
    parts: list[str] = []
    rest = text
    while len(rest.encode("utf-16-le")) // 2 > LONGEST_CELL:
        end = LONGEST_CELL // 2  # no character takes more than two units
        parts.append(rest[:end])
        rest = rest[end:]
    return [*parts, rest]


def shortened(text: str) -> str:
    """Return text that is only shown, cut to what a cell holds."""
    first, *rest = pieces(showable_in_file(text))
    return f"{first[: LONGEST_CELL // 2]} [...] (whole at the desk)" if rest else first
