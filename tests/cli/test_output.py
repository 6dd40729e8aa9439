"""Tables on narrow and wide screens: a table where it fits whole, else lines; never half a cell."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from declarant.cli import output

CELL = st.text(alphabet="0123456789abcdef.-", max_size=30)
PROSE = st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=8), max_size=12).map(" ".join)
COLUMNS = ["part", "model operations", "", "includes"]


def shown(width: int, rows: list[tuple[str, ...]], **more: list[str]) -> str:
    page = Console(file=StringIO(), width=width, highlight=False)
    output.show_table(page, "Title", COLUMNS, rows, **more)
    written = page.file
    assert isinstance(written, StringIO)
    return written.getvalue()


@given(st.lists(st.tuples(CELL, CELL, CELL, PROSE), min_size=1, max_size=5), st.integers(40, 200))
def test_every_cell_is_whole_at_any_width(rows: list[tuple[str, ...]], width: int) -> None:
    text = shown(width, rows, prose=["includes"])
    words = text.replace("│", " ").split()
    for cell in (cell for row in rows for cell in row[:3] if cell):
        assert cell in words
    for word in (word for row in rows for word in row[3].split()):
        assert word in words
    assert max(map(len, text.splitlines())) <= max(width, 60)


def test_a_table_where_there_is_room_and_lines_where_there_is_not() -> None:
    row = ("run/part", "8.09e22 (7.55e22 to 8.68e22)", "yes", "attention halved; no optimizer")
    wide, narrow = shown(120, [row], prose=["includes"]), shown(50, [row], prose=["includes"])
    assert "┃" in wide
    assert narrow.splitlines() == [
        "Title",
        "part: run/part",
        "  model operations: 8.09e22 (7.55e22 to 8.68e22)",
        "  yes",
        "  includes: attention halved; no optimizer",
        "",
    ]


@pytest.mark.parametrize("spare", [-1, 0, 1])
def test_the_table_begins_where_it_just_fits(spare: int) -> None:
    rows = [("a" * 20, "1" * 20, "b" * 20, "")]
    least = 20 * 3 + len("includes") + 3 * 4 + 1
    text = shown(least + spare, rows)
    assert ("┃" in text) is (spare >= 0)
    assert all(cell in text for cell in rows[0])


def test_empty_cells_are_left_out_of_lines() -> None:
    text = shown(40, [("", "1" * 50, "", "")])
    assert text.splitlines() == ["Title", f"  model operations: {'1' * 50}", ""]


def test_what_comes_from_files_is_no_markup() -> None:
    for width in (40, 200):
        text = shown(width, [("x" * 30, output.plain("[bold]8[/]"), "y" * 9, "z")])
        assert "[bold]8[/]" in text
