"""Exports and stored files, read back from a disk on which somebody changed a byte."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.audit_log.logs import LOG, Log, log_of

from declarant.audit_log import leaf_hash, read_head, verify, verify_files
from declarant.audit_log.export import (
    ENTRIES,
    EXPORTED,
    FILES,
    HEADS,
    entry_line,
    file_list,
    read_export,
    write_export,
)
from declarant.audit_log.files import place_of
from declarant.problems import BadInput

EVIDENCE = [b"ledger of a run", b"links of a cluster"]
HASHES = [hashlib.sha256(data).hexdigest() for data in EVIDENCE]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    for digest, data in zip(HASHES, EVIDENCE, strict=True):
        place_of(folder, digest).parent.mkdir(parents=True)
        place_of(folder, digest).write_bytes(data)
    return folder


def exported(folder: Path, hashes: list[str] = HASHES) -> Path:
    log = log_of(3, evidence={"sha256": HASHES[0]})
    listed = file_list(hashes)
    from tests.audit_log.logs import BEGINNING

    from declarant.audit_log import Entry, moment_text

    digest = hashlib.sha256(listed).hexdigest()
    moment = moment_text(BEGINNING.replace(hour=20))
    entry = Entry(LOG, 3, moment, "a", "a", EXPORTED, "audit:log", {"files_sha256": digest})
    log.contents.append(entry.content())
    log.frontier = log.frontier.append(leaf_hash(entry.content()))
    write_log(folder, log, listed)
    return folder


def write_log(folder: Path, log: Log, listed: bytes) -> None:
    lines = (entry_line(content, leaf_hash(content)) for content in log.contents)
    write_export(folder, lines, [log.head()], listed)


def check(folder: Path, files: Path | None = None) -> Any:
    found = read_export(folder)
    result = verify(found)
    if files:
        verify_files(found, files, result)
    return result


def test_an_export_is_valid_with_its_files(tmp_path: Path, files: Path) -> None:
    result = check(exported(tmp_path / "export"), files)
    assert result.valid, result.findings
    assert (result.entries, result.covered, result.files) == (4, 4, 2)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150
)
@given(data=st.data())
def test_one_byte_anywhere_in_an_export_is_found(tmp_path: Path, data: st.DataObject) -> None:
    folder = tmp_path / "export"
    if not folder.exists():
        exported(folder)
    file = folder / data.draw(st.sampled_from([ENTRIES, HEADS, FILES]))
    whole = file.read_bytes()
    held = bytearray(whole)
    at = data.draw(st.integers(0, len(held) - 1))
    held[at] ^= data.draw(st.integers(1, 255))
    file.write_bytes(held)
    try:
        result = check(folder)
    finally:
        file.write_bytes(whole)
    assert not result.valid
    if file.name == ENTRIES:
        assert result.first_wrong.index == whole[:at].count(b"\n")
        assert f"{file}:{result.first_wrong.index + 1}" in str(result.findings[0])
    else:
        assert file.name in "".join(str(item) for item in result.findings) or (
            "list of files" in str(result.findings[0])
        )


@pytest.mark.parametrize("name", [HEADS, FILES])
def test_a_missing_part_of_an_export_is_named(tmp_path: Path, name: str) -> None:
    folder = exported(tmp_path / "export")
    (folder / name).unlink()
    result = check(folder)
    assert not result.valid
    assert name in str(result.findings[0])


def test_a_line_taken_out_of_the_entries_is_named(tmp_path: Path) -> None:
    folder = exported(tmp_path / "export")
    lines = (folder / ENTRIES).read_bytes().splitlines(keepends=True)
    (folder / ENTRIES).write_bytes(b"".join(lines[:1] + lines[2:]))
    wrong = check(folder).first_wrong
    assert (wrong.index, wrong.kind) == (1, "missing")
    (folder / ENTRIES).write_bytes(b"".join(lines[:-1]))
    wrong = check(folder).first_wrong
    assert (wrong.index, wrong.kind) == (3, "missing")


def test_a_file_changed_shortened_or_gone_is_named(tmp_path: Path, files: Path) -> None:
    folder = exported(tmp_path / "export")
    place = place_of(files, HASHES[1])
    for at in range(len(EVIDENCE[1])):
        held = bytearray(EVIDENCE[1])
        held[at] ^= 1
        place.write_bytes(held)
        (finding,) = check(folder, files).findings
        assert finding.code == "audit.file_changed"
        assert HASHES[1] in finding.what
    place.unlink()
    (finding,) = check(folder, files).findings
    assert (finding.code, finding.where.file) == ("audit.file_missing", str(place))


def test_a_file_that_the_log_names_must_be_listed(tmp_path: Path) -> None:
    result = check(exported(tmp_path / "export", HASHES[1:]))
    (finding,) = result.findings
    assert finding.code == "audit.file_unlisted"
    assert HASHES[0] in finding.what


def test_a_list_of_files_that_was_not_exported_is_found(tmp_path: Path) -> None:
    folder = exported(tmp_path / "export")
    (folder / FILES).write_bytes(file_list([HASHES[0]]))
    assert [item.code for item in check(folder).findings] == ["audit.file_list"]


def test_an_export_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(BadInput, match="has files in it already"):
        exported(tmp_path)


def test_heads_are_read_from_whatever_stands_around_them() -> None:
    head = log_of(3).head()
    text = f"Dear auditor,\n\nkeep this.\n\n{head.line().decode()}\n-- \nthe desk"
    assert read_head(text) == head
    assert head.is_signed()
    for wrong in ("", "no head", "{}", "{" * 100_000, "{[}", '{"format":"other"}', "[{}]"):
        with pytest.raises(ValueError, match="holds no signed head"):
            read_head(wrong)
    for name in ("log", "root", "key", "signature"):
        with pytest.raises(ValueError, match=f'damaged: "{name}"'):
            read_head(head.line().decode().replace(f'"{name}":"', f'"{name}":"x'))
