"""A source streams: lines with numbers, bounded, gzip opened, the digest of the file on disk."""

import gzip
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.compute.readers.source import CHUNK, LONGEST_LINE, Source
from declarant.problems import BadInput


@given(
    content=st.lists(st.sampled_from([b"a", b"\n", b"\r\n", b"line", b"\xff"]), max_size=40),
    packed=st.booleans(),
)
def test_lines_are_those_of_the_file(tmp_path_factory, content, packed) -> None:
    file = tmp_path_factory.mktemp("source") / "log"
    text = b"".join(content)
    file.write_bytes(gzip.compress(text) if packed else text)
    source = Source(file)
    expected = text.split(b"\n")
    if expected[-1] == b"":
        expected.pop()
    expected = [line[:-1] if line.endswith(b"\r") else line for line in expected]
    assert list(source.lines()) == list(enumerate(expected, 1))
    assert source.evidence[0].sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("length", [LONGEST_LINE, LONGEST_LINE + 1, 3 * CHUNK + 7])
def test_a_line_without_end_is_cut_and_named(tmp_path: Path, length: int) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"first\n" + b"x" * length + b"\nlast")
    source = Source(file)
    numbers, lines = zip(*source.lines(), strict=True)
    assert numbers == (1, 2, 3)
    assert (lines[0], lines[2]) == (b"first", b"last")
    assert len(lines[1]) == min(length, LONGEST_LINE)
    assert source.cut_lines == ([2] if length > LONGEST_LINE else [])


def test_a_damaged_archive_is_bad_input(tmp_path: Path) -> None:
    file = tmp_path / "log.gz"
    file.write_bytes(gzip.compress(b"a\nb\n" * 1000)[:-20])
    with pytest.raises(BadInput, match="breaks off or is damaged"):
        list(Source(file).lines())


def test_the_digest_covers_what_follows_the_archive(tmp_path: Path) -> None:
    file = tmp_path / "log.gz"
    file.write_bytes(gzip.compress(b"a\n") + b"\0" * 100)
    source = Source(file)
    assert list(source.lines()) == [(1, b"a")]
    assert source.evidence[0].sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("made", ["missing", "folder"])
def test_what_is_no_file_is_bad_input(tmp_path: Path, made: str) -> None:
    path = tmp_path / made
    if made == "folder":
        path.mkdir()
    with pytest.raises(BadInput) as refused:
        list(Source(path).lines())
    assert all(item.what and item.mend for item in refused.value.findings)
