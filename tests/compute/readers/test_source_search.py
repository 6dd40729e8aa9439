"""A search for lines finds those that reading every line finds, with their numbers and digest."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from declarant.compute.readers import source as module
from declarant.compute.readers.source import CHUNK, LONGEST_LINE, Source

PIECES = [b"needle", b"pin", b"need", b"le", b"\n", b"\n\n", b"\r\n", b"straw ", b"\xff"]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.lists(st.sampled_from(PIECES), min_size=1, max_size=120).map(b"".join),
    chunk=st.sampled_from([5, 16, 64]),
    longest=st.sampled_from([12, 40]),
)
def test_a_search_finds_what_reading_finds(tmp_path: Path, monkeypatch, content, chunk, longest):
    monkeypatch.setattr(module, "CHUNK", chunk)
    monkeypatch.setattr(module, "LONGEST_LINE", longest)
    file = tmp_path / "log"
    file.write_bytes(content)
    read, searched = Source(file), Source(file)

    def held(line: bytes) -> bool:
        return b"needle" in line or b"pin" in line

    expected = [(number, line) for number, line in read.lines() if held(line)]
    found = [
        (number, line) for number, line in searched.lines_with(b"needle", b"pin") if held(line)
    ]
    assert found == expected
    assert searched.evidence == read.evidence


@pytest.mark.parametrize("often", [True, False])
def test_an_overlong_line_is_cut_and_named(tmp_path: Path, often: bool) -> None:
    straw = b"" if often else b"straw\n" * 1000
    file = tmp_path / "log"
    file.write_bytes(straw + b"pin\npin" + b"x" * (LONGEST_LINE + CHUNK) + b"\npin\n")
    source = Source(file)
    numbers = [number for number, _ in source.lines_with(b"pin")]
    before = 0 if often else 1000
    assert numbers == [before + 1, before + 2, before + 3]
    assert source.cut_lines == [before + 2]
