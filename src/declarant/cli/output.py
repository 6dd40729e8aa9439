"""Printing for people and for machines, the same way in every command."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from declarant.problems import Finding, Severity

LEAST_PROSE = 20  # columns of the screen that a column of prose wants, to be read at ease
WORTH_A_BAR = 1.0  # seconds of work before a progress bar appears
_MARK = {
    Severity.ERROR: "[bold red]error[/]",
    Severity.WARNING: "[yellow]warning[/]",
    Severity.NOTE: "[cyan]note[/]",
}


def console(*, to_error: bool = False) -> Console:
    """Return a console on standard output, or on standard error."""
    return Console(stderr=to_error, highlight=False, soft_wrap=not sys.stdout.isatty())


def print_json(document: Any) -> None:
    """Print one JSON document, keys as given, text as it is."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> Table:
    """Return a table; columns named in `right` hold numbers and are set flush right.

    Columns named in `whole` are never broken, however narrow the screen.

    Cells may hold Rich markup; put text that came from a file through `plain` first.
    """
    made = Table(title=title or None, title_justify="left", title_style="bold", pad_edge=False)
    for column in columns:
        made.add_column(
            column,
            justify="right" if column in right else "left",
            overflow="fold",
            no_wrap=column in whole,
        )
    for row in rows:
        made.add_row(*row)
    return made


def show_table(
    page: Console,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Sequence[str] = (),
    prose: Sequence[str] = (),
    sections: Sequence[int] = (),
) -> None:
    """Print a table where the screen is wide enough, else every row as lines of `name: value`.

    No number, date or id is ever broken: only columns named in `prose`, and headings, wrap between
    words. In lines, the first column heads its row, and empty cells are left out. A rule is
    drawn above the rows numbered in `sections`, from 0.

    Cells may hold Rich markup; put text that came from a file through `plain` first.
    """
    held = [tuple(row) for row in rows]
    made = table(title, columns, held, right=right)
    widths = _widths(columns, held, prose, page.width - 3 * len(columns) - 1)  # frame and padding
    if widths is None:
        _show_lines(page, title, columns, held, prose)
        return
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for number in sections:
        if number:
            made.rows[number - 1].end_section = True
    page.print(made)


def _widths(
    columns: Sequence[str], rows: Sequence[Sequence[str]], prose: Sequence[str], room: int
) -> list[int] | None:
    """Return how wide each column is set, None when not every cell fits whole."""
    least, wished = [], []
    for index, name in enumerate(columns):
        cells = [Text.from_markup(row[index]) for row in rows]
        longest = max((cell.cell_len for cell in cells), default=0)
        texts = [Text(name), *(cells if name in prose else ())]
        word = max(
            (Text(word).cell_len for text in texts for word in text.plain.split()), default=0
        )
        needed = max(word, min(longest, LEAST_PROSE) if name in prose else longest, 1)
        least.append(needed)
        wished.append(max(longest, Text(name).cell_len, needed))
    spare = room - sum(least)
    if spare < 0:
        return None
    # headings first, for they want little; then prose takes what is left
    for index in sorted(range(len(columns)), key=lambda index: wished[index] - least[index]):
        more = min(wished[index] - least[index], spare)
        least[index] += more
        spare -= more
    return least


def _show_lines(
    page: Console,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    prose: Sequence[str],
) -> None:
    if title:
        page.print(f"[bold]{title}[/]")
    for row in rows:
        for index, (name, cell) in enumerate(zip(columns, row, strict=True)):
            if not cell:
                continue
            line = f"{name}: {cell}" if name else cell
            indent = 0 if index == 0 else 2
            written = Text.from_markup(line)
            for part in written.wrap(page, page.width - indent) if name in prose else [written]:
                part.rstrip()
                page.print(Text(" " * indent).append_text(part), soft_wrap=True)
        page.print()


def plain(text: object) -> str:
    """Return text from elsewhere so that nothing in it is taken for markup."""
    return escape(str(text))


def show_findings(findings: Iterable[Finding], *, to_error: bool = False) -> None:
    """Print findings: severity and code, what, where, what it does to the result, the mend."""
    page = console(to_error=to_error)
    for finding in findings:
        place = f"{plain(finding.where)}: " if str(finding.where) else ""
        page.print(f"{_MARK[finding.severity]} {place}{plain(finding.what)} [dim]{finding.code}[/]")
        if finding.effect:
            page.print(f"    effect: {plain(finding.effect)}")
        if finding.mend:
            page.print(f"    mend: {plain(finding.mend)}")


Advance = Callable[[int, int], None]
"""Called as advance(done, total), in any unit; total 0 when it is not known."""


@contextmanager
def progress(title: str) -> Iterator[Advance]:
    """Give a function to report progress to; a bar appears on a terminal after a second of work."""
    began = time.monotonic()
    bar: Progress | None = None
    task: Any = None

    def advance(done: int, total: int) -> None:
        nonlocal bar, task
        if not sys.stderr.isatty() or time.monotonic() - began < WORTH_A_BAR:
            return
        if bar is None:
            bar = Progress(
                TextColumn(title), BarColumn(), TimeRemainingColumn(), console=Console(stderr=True)
            )
            bar.start()
            task = bar.add_task(title, total=total or None)
        bar.update(task, completed=done, total=total or None)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.stop()
