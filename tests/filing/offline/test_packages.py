"""Files from anywhere: what is dangerous is refused before any reader sees it, and says why."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.filing.offline.conftest import made_work

from declarant.filing.offline import packages
from declarant.filing.offline.document_reading import read_document
from declarant.filing.offline.document_writing import write_document
from declarant.filing.offline.work import Returned, Work
from declarant.filing.offline.workbook_reading import read_workbook
from declarant.filing.offline.workbook_writing import write_workbook
from declarant.problems import BadInput

Read = Callable[[bytes, str, Work], Returned]
KINDS: dict[str, tuple[Callable[[Work], bytes], Read, str]] = {
    "answers.xlsx": (write_workbook, read_workbook, "xl/workbook.xml"),
    "answers.docx": (write_document, read_document, "word/document.xml"),
}
WORK = made_work()
WRITTEN = {name: write(WORK) for name, (write, _, _) in KINDS.items()}


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes] | bytes) -> bytes:
    """Return a package with a part changed, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == name and callable(change):
                content = change(content)
            new.writestr(part.filename, content)
        if not callable(change):
            new.writestr(name, change)
    return out.getvalue()


def refused(data: bytes, name: str) -> str:
    with pytest.raises(BadInput) as problem:
        KINDS[name][1](data, name, WORK)
    (finding,) = problem.value.findings
    assert finding.where.file == name
    assert finding.mend
    return finding.code


def doctype(content: bytes) -> bytes:
    declared = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    head, sep, rest = content.partition(b"?>")
    return head + sep + declared + rest if sep else declared + content


@pytest.mark.parametrize("name", KINDS)
def test_entities_are_refused(name: str) -> None:
    for part in (KINDS[name][2], "[Content_Types].xml", "docProps/core.xml"):
        assert refused(with_part(WRITTEN[name], part, doctype), name) == "offline.entities"


@pytest.mark.parametrize("name", KINDS)
def test_entities_in_another_encoding_are_refused(name: str) -> None:
    def recoded(content: bytes) -> bytes:
        _, declaration, rest = content.decode().partition("?>")
        rest = doctype(rest.encode() if declaration else content).decode()
        return ('<?xml version="1.0" encoding="UTF-16"?>' + rest).encode("utf-16")

    assert refused(with_part(WRITTEN[name], KINDS[name][2], recoded), name) == "offline.entities"


@pytest.mark.parametrize("name", KINDS)
def test_an_encoding_that_nobody_knows_is_refused(name: str) -> None:
    def recoded(content: bytes) -> bytes:
        return b'<?xml version="1.0" encoding="ATF-8"?>' + content.partition(b"?>")[2]

    assert refused(with_part(WRITTEN[name], KINDS[name][2], recoded), name) == "offline.damaged"


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "word/vbaProject.bin", "xl/vbaProject.BIN"])
def test_macros_are_refused(name: str, part: str) -> None:
    assert refused(with_part(WRITTEN[name], part, b"\xd0\xcf"), name) == "offline.macros"


@pytest.mark.parametrize("name", KINDS)
def test_bombs_are_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = with_part(WRITTEN[name], "bomb.bin", b"\0" * (packages.MOST_UNPACKED + 1))
    assert len(zeros) < 1_000_000
    assert refused(zeros, name) == "offline.bomb"
    deep = b"<a>" * 400 + b"</a>" * 400
    assert refused(with_part(WRITTEN[name], "deep.xml", deep), name) == "offline.bomb"
    monkeypatch.setattr(packages, "MOST_ELEMENTS", 5_000)
    many = b"<a>" + b"<b/>" * 5_001 + b"</a>"
    assert refused(with_part(WRITTEN[name], "many.xml", many), name) == "offline.bomb"


@pytest.mark.parametrize("name", KINDS)
def test_many_parts_are_refused(name: str) -> None:
    out = io.BytesIO(WRITTEN[name])
    with zipfile.ZipFile(out, "a") as package:
        for number in range(packages.MOST_PARTS):
            package.writestr(f"x/{number}", b"")
    assert refused(out.getvalue(), name) == "offline.bomb"


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "offline.damaged"),
        (b"PK\x03\x04", "offline.damaged"),
        (b"id,answer\n1,=1+1\n", "offline.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "offline.encrypted"),
    ],
)
def test_what_is_no_such_file_is_named(name: str, data: bytes, code: str) -> None:
    assert refused(data, name) == code


def test_one_kind_is_not_read_as_the_other() -> None:
    assert refused(WRITTEN["answers.docx"], "answers.xlsx") == "offline.damaged"
    assert refused(WRITTEN["answers.xlsx"], "answers.docx") == "offline.damaged"


@pytest.mark.parametrize("name", KINDS)
def test_a_file_that_is_too_large_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MOST_BYTES", len(WRITTEN[name]))
    KINDS[name][1](WRITTEN[name], name, WORK)
    monkeypatch.setattr(packages, "MOST_BYTES", len(WRITTEN[name]) - 1)
    assert refused(WRITTEN[name], name) == "offline.too_large"


@pytest.mark.parametrize("name", KINDS)
def test_two_parts_of_one_name_are_refused(name: str) -> None:
    out = io.BytesIO(WRITTEN[name])
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(out, "a") as package:
        package.writestr(KINDS[name][2], b"<a/>")
    assert refused(out.getvalue(), name) == "offline.twice"


def test_a_password_is_told() -> None:
    data = bytearray(WRITTEN["answers.xlsx"])
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(signature, at + 4)
    assert refused(bytes(data), "answers.xlsx") == "offline.encrypted"


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("answers.xlsx", "xl/externalLinks/externalLink1.xml"),
        ("answers.xlsx", "xl/embeddings/oleObject1.bin"),
        ("answers.docx", "word/embeddings/oleObject1.bin"),
        ("answers.docx", "word/activeX/activeX1.xml"),
        ("answers.docx", "word/comments.xml"),
    ],
)
def test_links_and_embedded_things_are_told_and_left_aside(name: str, part: str) -> None:
    returned = KINDS[name][1](with_part(WRITTEN[name], part, b"<a/>"), name, WORK)
    assert [finding.code for finding in returned.findings] == ["offline.left_aside"]
    assert not any(answer.touched for answer in returned.answers)


@pytest.mark.parametrize(("row", "told"), [(20_000, True), (20_001, False), (1_048_576, False)])
def test_writing_far_below_is_not_passed_over(row: int, told: bool) -> None:
    book = openpyxl.load_workbook(io.BytesIO(WRITTEN["answers.xlsx"]))
    book["Answers"].cell(row, 9).value = "far below"
    out = io.BytesIO()
    book.save(out)
    if told:
        returned = read_workbook(out.getvalue(), "answers.xlsx", WORK)
        assert any("far below" in text for text in returned.unread)
    else:
        assert refused(out.getvalue(), "answers.xlsx") == "offline.bomb"


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_never_more(name: str, data: st.DataObject) -> None:
    """Change the bytes inside a part: whatever comes of it is a finding or an answer."""
    written = WRITTEN[name]
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        part = data.draw(st.sampled_from([item.filename for item in package.infolist()]))
        size = package.getinfo(part).file_size
    at = data.draw(st.integers(0, max(0, size - 1)))
    new = data.draw(st.binary(max_size=8))
    changed = with_part(written, part, lambda held: held[:at] + new + held[at + len(new) :])
    try:
        returned = KINDS[name][1](changed, name, WORK)
    except BadInput:
        return
    assert len(returned.answers) <= len(WORK.drafts)
