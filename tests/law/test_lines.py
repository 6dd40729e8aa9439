"""Breaking text into lines of a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from declarant.cli.lines import broken

WORDS = "應於收受提問後 30 個日曆日內，依「規則」回覆；reporting rule（15 C.F.R. 702.7）至遲。"


def test_english_breaks_at_spaces() -> None:
    assert broken("one two three four", 9) == ["one two", "three", "four"]


def test_chinese_breaks_anywhere_but_before_a_closing_mark() -> None:
    assert broken("應於三十日內，回覆提問。", 12) == ["應於三十日", "內，回覆提", "問。"]
    assert broken("依照「規則」辦理", 6) == ["依照", "「規", "則」辦", "理"]


def test_a_long_word_keeps_its_line() -> None:
    assert broken("see https://example.org/long now", 10) == [
        "see",
        "https://example.org/long",
        "now",
    ]


def test_nothing() -> None:
    assert broken("", 10) == [""]


@given(st.text(alphabet=st.sampled_from(WORDS + " "), min_size=1), st.integers(4, 60))
def test_nothing_is_lost_and_lines_fit(text: str, width: int) -> None:
    lines = broken(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert cell_len(line) <= width or " " not in line.strip()
