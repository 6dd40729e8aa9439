"""Any edit, deletion or reordering of a ledger's records is found; what is cut off, by its head."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.compute.tracker.ledgers import files, train, unclosed, writer

from declarant.compute.tracker.reading.verification import verify
from declarant.compute.tracker.record import Record, line_of, parse
from declarant.problems import BadInput, Severity


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("ledger")
    train(folder, range(9))
    return train(folder, range(9, 20)).read_bytes().splitlines(keepends=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("changed") / "rank-00000.ledger.jsonl"


def holds(place: Path, content: bytes, *heads: str) -> bool:
    place.write_bytes(content)
    try:
        return verify([(place, "ledger")], heads).holds
    except BadInput:  # nothing of it can be read as a ledger
        return False


def head_of(lines: list[bytes]) -> str:
    record = parse(lines[-1].rstrip(b"\n"))
    assert isinstance(record, Record)
    return record.sha256


def test_a_ledger_as_written_holds(lines: list[bytes], place: Path) -> None:
    assert holds(place, b"".join(lines), head_of(lines))


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_an_edited_byte_is_found(lines: list[bytes], place: Path, data: st.DataObject) -> None:
    content = b"".join(lines)
    at = data.draw(st.integers(0, len(content) - len(lines[-1]) - 1))
    byte = data.draw(st.integers(0, 255))
    assume(content[at] != byte)
    assert not holds(place, content[:at] + bytes([byte]) + content[at + 1 :])


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_an_edit_of_the_last_record_is_found_by_the_head(
    lines: list[bytes], place: Path, data: st.DataObject
) -> None:
    content = b"".join(lines)
    at = data.draw(st.integers(len(content) - len(lines[-1]), len(content) - 2))
    byte = data.draw(st.integers(0, 255))
    assume(content[at] != byte)
    assert not holds(place, content[:at] + bytes([byte]) + content[at + 1 :], head_of(lines))


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_removed_stretch_is_found(lines: list[bytes], place: Path, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(lines) - 2))
    end = data.draw(st.integers(begin + 1, len(lines) - 1))
    assert not holds(place, b"".join(lines[:begin] + lines[end:]))


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_swapped_records_are_found(lines: list[bytes], place: Path, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(lines) - 2))
    second = data.draw(st.integers(first + 1, len(lines) - 1))
    changed = list(lines)
    changed[first], changed[second] = changed[second], changed[first]
    assert not holds(place, b"".join(changed))


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_repeated_record_is_found(lines: list[bytes], place: Path, data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(lines) - 1))
    where = data.draw(st.integers(0, len(lines)))
    assert not holds(place, b"".join([*lines[:where], lines[which], *lines[where:]]))


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_what_is_cut_off_is_found_by_the_head(
    lines: list[bytes], place: Path, data: st.DataObject
) -> None:
    content = b"".join(lines)
    kept = data.draw(st.integers(0, len(content) - 2))
    assert not holds(place, content[:kept], head_of(lines))


def test_a_record_made_anew_breaks_the_chain_after_it(lines: list[bytes], place: Path) -> None:
    """Somebody who works out a digest again cannot put the record back."""
    record = parse(lines[4].rstrip(b"\n"))
    assert isinstance(record, Record)
    body = {k: v for k, v in record.fields.items() if k not in ("n", "previous", "sha256")}
    made, _ = line_of({**body, "at": "2020-01-01T00:00:00Z"}, record.n, record.previous)
    place.write_bytes(b"".join([*lines[:4], made, *lines[5:]]))
    result = verify([(place, "ledger")])
    assert not result.holds
    finding = result.findings[0]
    assert (finding.where.line, finding.severity) == (6, Severity.ERROR)
    assert "lines 1 to 5 hold" in finding.effect


def test_a_head_before_a_break_still_holds(lines: list[bytes], place: Path) -> None:
    early = head_of(lines[:4])
    place.write_bytes(b"".join([*lines[:6], *lines[7:]]))
    result = verify([(place, "ledger")], [early, head_of(lines)])
    assert [item.holds for item in result.heads] == [True, False]
    assert not result.holds


def test_an_anchor_tells_a_head_that_is_in_the_file(tmp_path: Path) -> None:
    ledger = writer(tmp_path)
    head = ledger.anchor("the laboratory's notebook, page 7")
    ledger.close()
    result = verify(files(tmp_path), [head])
    assert result.holds
    assert [(item.head, item.noted) for _, item in result.files[0].anchors] == [
        (head, "the laboratory's notebook, page 7")
    ]


@pytest.mark.parametrize("head", ["", "abc", "g" * 64, "a" * 65])
def test_a_head_that_is_none_is_refused(tmp_path: Path, head: str) -> None:
    train(tmp_path, range(3))
    with pytest.raises(BadInput, match="no head"):
        verify(files(tmp_path), [head])


@pytest.mark.parametrize("cut", [1, 20, 300])
def test_a_torn_line_is_kept_as_evidence_and_the_chain_goes_on(tmp_path: Path, cut: int) -> None:
    file = train(tmp_path, range(6))
    unclosed(file)
    torn = file.read_bytes()[:-cut]
    file.write_bytes(torn)
    train(tmp_path, range(6, 9))
    assert file.read_bytes().startswith(torn)
    assert verify(files(tmp_path)).holds
    # what stands in the torn line is under the chain from then on
    last = torn.rfind(b"\n") + 5
    content = file.read_bytes()
    file.write_bytes(content[:last] + b"#" + content[last + 1 :])
    assert not verify(files(tmp_path)).holds


def test_a_head_cut_off_by_a_power_failure_leaves_zeros_that_are_kept(tmp_path: Path) -> None:
    file = train(tmp_path, range(6))
    unclosed(file)
    file.write_bytes(file.read_bytes() + b"\0" * 700 + b"\n\0\0")
    train(tmp_path, range(6, 9))
    assert verify(files(tmp_path)).holds
    assert b"\0" * 700 in file.read_bytes()
