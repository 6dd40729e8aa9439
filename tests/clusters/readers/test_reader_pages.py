"""Every format has a page of its own in the how-to, with a small file that is read as shown."""

from pathlib import Path

import pytest

from declarant.clusters.readers import read_file, readers

HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to"
FILES = sorted(
    file for file in (HOW_TO / "files").iterdir() if file.is_file() and file.suffix != ".map"
)
TEXTS = {page.name: page.read_text(encoding="utf-8") for page in HOW_TO.glob("read-*.md")}
PAGES = {
    name: text
    for name, text in TEXTS.items()
    if "$ declarant log" not in text and name != "read-the-agreement-table.md"
}
"""Of cluster formats; pages of what runs left have a test of their own beside their readers."""


def test_every_format_has_a_small_file() -> None:
    assert {read_file(file).format for file in FILES} == set(readers())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_small_file_stands_on_a_page(file: Path) -> None:
    assert any(f"docs/how-to/files/{file.name}" in page for page in PAGES.values())
    assert file.stat().st_size < 10_000


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_answers_the_same_questions(name: str) -> None:
    wanted = ["Get the file", "Assess it", "What is taken from it", "What is not", "Traps"]
    headings = [line[3:] for line in PAGES[name].splitlines() if line.startswith("## ")]
    assert headings == wanted
    assert "```console\n$ declarant cluster " in PAGES[name]
