"""Stored files: each once, bounded, complete or not there at all."""

import hashlib

import pytest

from declarant.desk.vault import path_of, store, store_bytes
from declarant.desk.vault.models import StoredFile
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db


def test_bytes_come_back_by_their_hash(home):
    row = store([b"ab", b"c"], name="x.txt")
    assert row.sha256 == hashlib.sha256(b"abc").hexdigest()
    assert (row.size, row.read(), row.media_type) == (3, b"abc", "text/plain")
    assert row.path.stat().st_mode & 0o777 == 0o400


def test_the_same_bytes_are_one_file(home):
    assert store_bytes(b"abc", name="a").pk == store_bytes(b"abc", name="b").pk
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(("size", "fits"), [(9, True), (10, True), (11, False)])
def test_the_limit(home, size, fits):
    chunks = [b"x"] * size
    if fits:
        assert store(chunks, name="x", limit=10).size == size
        return
    with pytest.raises(BadInput, match="larger than the 10 bytes"):
        store(chunks, name="x", limit=10)
    assert not StoredFile.objects.exists()
    assert not [path for path in (home / "files").rglob("*") if path.is_file()]


def test_an_empty_file_is_told(home):
    with pytest.raises(BadInput, match="empty"):
        store([], name="x")


def test_what_breaks_off_leaves_nothing(home):
    def broken():
        yield b"begin"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store(broken(), name="x")
    assert not [path for path in (home / "files").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (b"PK\x03\x04" + b"\0" * 30, "application/zip"),
        ("運算".encode(), "text/plain"),
        (b"\x7fELF\x02\x01\x01\0\0", None),
        (b"<script>alert(1)</script>", "text/plain"),
    ],
)
def test_the_content_says_what_it_is(home, data, media_type):
    found = store_bytes(data, name="claims-to-be.png").media_type
    assert found != "image/png"
    if media_type:
        assert found == media_type


def test_a_name_leads_nowhere(home):
    row = store_bytes(b"x", name="../../etc/passwd")
    assert row.path == path_of(row.sha256)
    assert home in row.path.parents
