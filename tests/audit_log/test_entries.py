"""Entries: one form of bytes, and what may not stand in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audit_log.logs import log_of

from declarant.audit_log import Entry, moment_text, read_entry, read_moment
from declarant.audit_log.detail import is_secret_name, plain
from declarant.audit_log.entry import MOST_BYTES
from declarant.problems import BadInput

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(words, words, st.dictionaries(words, values, max_size=4), st.datetimes())
def test_an_entry_is_read_as_it_was_written(
    actor: str, subject: str, detail: dict[str, Any], moment: datetime
) -> None:
    when = moment_text(moment.replace(tzinfo=UTC))
    entry = Entry("ab" * 16, 3, when, actor, actor, "a.b", subject, detail)
    assert read_entry(entry.content()) == entry
    assert read_moment(when) == moment.replace(tzinfo=UTC)


def test_a_moment_is_written_in_utc_and_needs_a_zone() -> None:
    taipei = datetime(2027, 1, 1, 7, 30, tzinfo=timezone(timedelta(hours=8)))
    assert moment_text(taipei) == "2026-12-31T23:30:00.000000Z"
    with pytest.raises(ValueError, match="zone"):
        moment_text(datetime(2027, 1, 1))  # noqa: DTZ001 - that is what is refused


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{", b"[" * 100_000, b'{"index":0}',
        log_of(1).contents[0].replace(b'"index":0', b'"index":"0"'),
        log_of(1).contents[0].replace(b'"index":0', b'"index":true'),
        log_of(1).contents[0].replace(b'"subject":"run:a"', b'"subject":7'),
        log_of(1).contents[0].replace(b"Z", b""),
        log_of(1).contents[0].replace(b'"subject"', b'"object"'),
    ],
)  # fmt: skip
def test_what_is_no_entry_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"content|field|index|moment"):
        read_entry(content)


def test_an_entry_may_be_long_but_not_endless() -> None:
    room = MOST_BYTES - len(Entry("", 0, "", "", "", "", "", {"text": ""}).content())
    assert Entry("", 0, "", "", "", "", "", {"text": "x" * room}).content()
    with pytest.raises(BadInput, match=r"262,145 bytes"):
        Entry("", 0, "", "", "", "", "", {"text": "x" * (room + 1)}).content()


@pytest.mark.parametrize(
    "name",
    [
        "password", "new_password", "Password", "clientSecret", "api_token", "APIToken", "api-key",
        "privateKey",
        "recovery_codes", "otp", "password1", "session_key", "SECRET", "password_hash",
    ],
)  # fmt: skip
def test_names_of_secrets_are_refused_at_every_depth(name: str) -> None:
    for detail in ({name: "hunter2"}, {"before": {name: "hunter2"}}, {"rows": [{name: "hunter2"}]}):
        with pytest.raises(BadInput) as refused:
            plain(detail, "account.edited")
        assert refused.value.findings[0].code == "audit.secret"
        assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["tokens", "token_id", "password_changed", "key", "pinned", "secretary", "keys", "操作"]
)
def test_other_names_are_not(name: str) -> None:
    assert not is_secret_name(name)
    assert plain({name: 1}, "run.edited") == {name: 1}


def test_a_private_key_is_refused_under_any_name() -> None:
    with pytest.raises(BadInput, match="holds a private key") as refused:
        plain({"file": "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ"}, "key.added")
    assert "MHcCAQ" not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (2**53, r"past 2\^53"),
        (-(2**53), r"past 2\^53"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (Decimal("1.5"), "Decimal"),
        (datetime(2027, 1, 1, tzinfo=UTC), "datetime"),
        (b"bytes", "bytes"),
        ({1: "one"}, "no text"),
        ({"deep": {1, 2}}, "set"),
        ("\ud800", "no encoding"),
    ],
)
def test_what_is_no_json_is_refused_where_it_stands(value: object, why: str) -> None:
    with pytest.raises(BadInput, match=why) as refused:
        plain({"field": value}, "run.edited")
    assert "run.edited: field" in str(refused.value)


def test_a_loop_is_refused_not_followed_for_ever() -> None:
    loop: dict[str, Any] = {}
    loop["again"] = loop
    with pytest.raises(BadInput, match="levels deep"):
        plain(loop, "run.edited")


def test_the_detail_is_copied_in_plain_types() -> None:
    class Word(StrEnum):
        DRAFT = "draft"

    class Number(IntEnum):
        ONE = 1

    inner = [1]
    made = plain({"word": Word.DRAFT, "number": Number.ONE, "pair": (1, inner)}, "a.b")
    inner.append(2)
    assert made == {"word": "draft", "number": 1, "pair": [1, [1]]}
    assert type(made["word"]) is str
    assert type(made["number"]) is int
    assert plain({"largest": 2**53 - 1}, "a.b") == {"largest": 2**53 - 1}
