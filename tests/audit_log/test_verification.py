"""The verifier names the first wrong entry, whatever was done to the log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audit_log.logs import (
    KEY,
    LOG,
    OTHER_KEY,
    Log,
    found_in,
    log_of,
    row_of,
)

from declarant.audit_log import Frontier, Verification, leaf_hash, verify
from declarant.audit_log.log import FoundTree
from declarant.problems import Severity


def first_wrong(result: Verification) -> tuple[int, int, str]:
    assert result.first_wrong is not None
    assert not result.valid
    assert str(result.first_wrong) in str(result.findings[0])
    return result.first_wrong.index, result.first_wrong.last, result.first_wrong.kind


def codes(result: Verification) -> set[str]:
    return {finding.code for finding in result.findings if finding.severity is Severity.ERROR}


@pytest.mark.parametrize("size", [0, 1, 2, 7, 8, 9])
def test_a_whole_log_is_valid_under_all_its_heads(size: int) -> None:
    log = Log()
    heads = [log.head()]
    for number in range(size):
        log.append(number=number)
        heads.append(log.head())
    result = verify(log.found(*heads, kept=heads))
    assert result.valid
    assert result.findings == []
    assert (result.entries, result.covered, result.covered_elsewhere) == (size, size, size)
    assert result.root == log.frontier.root.hex()


def test_entries_after_the_last_head_are_counted_as_uncovered() -> None:
    log = log_of(5)
    head = log.head()
    log.append()
    result = verify(log.found(head))
    assert result.valid
    assert (result.entries, result.covered, result.covered_elsewhere) == (6, 5, 0)
    assert not result.key_known


def changes_of(value: Any) -> list[Any]:
    """Values that differ from `value` in one byte, or in kind."""
    if isinstance(value, int):
        return [value + 100, value - 100, str(value), None]
    flipped: list[Any] = [value[1:], value + value[:1], None]
    if isinstance(value, bytes):
        return [value.decode("latin-1"), *flipped, bytes([value[0] ^ 1]) + value[1:]]
    return [value.encode(), *flipped, chr(ord(value[0]) ^ 1) + value[1:]]


@pytest.mark.parametrize("column", list(row_of(log_of(1).contents[0])))
def test_every_column_of_every_entry_is_checked(column: str) -> None:
    log = log_of(6)
    for at in range(6):
        for value in changes_of(log.rows()[at][column]):
            rows = log.rows()
            rows[at][column] = value
            if column == "index" and not isinstance(value, int):
                continue  # no database holds such a primary key
            index, _, kind = first_wrong(verify(found_in(rows, log.frontier)))
            if column != "index":
                assert (index, kind) == (at, "content")
            else:
                assert index == (at if value > 0 else 0)
                assert kind in ("order", "added", "missing")


@settings(deadline=None)
@given(st.integers(0, 4), st.data())
def test_one_byte_of_the_content_or_its_hash_is_found_and_named(
    at: int, data: st.DataObject
) -> None:
    log = log_of(5, text="run atlas-2")
    rows = log.rows()
    column = data.draw(st.sampled_from(["content", "leaf"]))
    held = bytearray(rows[at][column])
    place = data.draw(st.integers(0, len(held) - 1))
    held[place] ^= data.draw(st.integers(1, 255))
    rows[at][column] = bytes(held)
    assert first_wrong(verify(found_in(rows, log.frontier, log.head()))) == (at, at, "content")


def test_a_missing_entry_is_named() -> None:
    log = log_of(5)
    for gone in range(4):
        rows = [row for row in log.rows() if row["index"] != gone]
        assert first_wrong(verify(found_in(rows, log.frontier))) == (gone, gone, "missing")
    rows = log.rows()[:4]
    result = verify(found_in(rows, log.frontier))
    assert first_wrong(result) == (4, 4, "missing")


def test_exchanged_entries_are_named_by_their_order() -> None:
    log = log_of(5)
    rows = log.rows()
    rows[1]["index"], rows[3]["index"] = 3, 1
    assert first_wrong(verify(found_in(rows, log.frontier))) == (1, 1, "order")
    found = log.found()
    found.tree = None
    found.entries = [found.entries[at] for at in (0, 3, 2, 1, 4)]  # type: ignore[index]
    found.entries = [replace(item, index=None) for item in found.entries]
    assert first_wrong(verify(found)) == (1, 1, "order")


def test_an_entry_added_behind_the_log_is_named() -> None:
    log = log_of(5)
    frontier = log.frontier
    log.append(forged=True)
    result = verify(found_in(log.rows(), frontier))
    assert first_wrong(result) == (5, 5, "added")


def test_an_entry_of_another_log_is_named() -> None:
    log = log_of(3)
    rows = log.rows()
    content = rows[1]["content"].replace(LOG.encode(), b"cd" * 16)
    rows[1] |= {"content": content, "leaf": leaf_hash(content)}
    result = verify(found_in(rows, log.frontier))
    assert first_wrong(result) == (1, 1, "content")
    assert "another" in str(result.first_wrong) or "belongs to the log" in str(result.first_wrong)


def forged(size: int, at: int) -> Log:
    """A log of `size` entries in which entry `at` and everything that follows was made anew."""
    made = Log()
    for number in range(size):
        made.append(number=number, **({"forged": True} if number == at else {}))
    return made


def test_an_entry_made_anew_with_its_hash_is_found_by_the_state_kept_for_appending() -> None:
    honest = log_of(7)  # full subtrees: 0-3, 4-5, 6
    for at, ranged in ((2, (0, 3)), (4, (4, 5)), (6, (6, 6))):
        result = verify(found_in(forged(7, at).rows(), honest.frontier))
        assert first_wrong(result) == (*ranged, "content")
        assert "audit.tree" in codes(result)


@pytest.mark.parametrize("at", range(9))
def test_a_log_written_anew_is_found_by_the_heads(at: int) -> None:
    heads = [log_of(size).head() for size in (3, 5, 9)]
    log = forged(9, at)
    result = verify(log.found(*heads))
    bounds = next((low, high - 1) for low, high in ((0, 3), (3, 5), (5, 9)) if at < high)
    assert first_wrong(result) == (*bounds, "content")
    assert "audit.head_does_not_belong" in codes(result)


def test_heads_of_a_rewritten_log_do_not_vouch_against_one_kept_elsewhere() -> None:
    kept = log_of(6).head()
    log = forged(8, 4)
    own = [forged(size, 4).head() for size in (2, 5, 8)]  # signed anew, with the desk's own key
    assert verify(log.found(*own)).valid  # this is what nobody can see from inside
    result = verify(log.found(*own, kept=[kept]))
    assert first_wrong(result) == (0, 5, "content")
    result = verify(log.found(*own, kept=[log_of(3).head(), kept]))
    assert first_wrong(result) == (3, 5, "content")


def test_a_rolled_back_log_is_found_by_a_head_kept_elsewhere() -> None:
    kept = log_of(9).head()
    shorter = log_of(6)
    assert verify(shorter.found(shorter.head())).valid
    result = verify(shorter.found(shorter.head(), kept=[kept]))
    assert first_wrong(result) == (6, 6, "missing")
    assert "rolled back" in str(result.findings[0])


def test_a_fork_after_a_restored_backup_is_found() -> None:
    before = log_of(4)
    forked = Log([*before.contents], before.frontier)
    forked.append(another="history")
    forked.append(another="history")
    result = verify(forked.found(before.head(), kept=[before.head(), log_of(6).head()]))
    assert first_wrong(result) == (4, 5, "content")
    assert result.covered_elsewhere == 4


@pytest.mark.parametrize("name", ["size", "root", "moment", "key", "log", "signature"])
def test_a_head_changed_in_any_field_is_found(name: str) -> None:
    log = log_of(4)
    head = log.head()
    held = getattr(head, name)
    for value in changes_of(held):
        result = verify(log.found(replace(head, **{name: value})))
        assert codes(result) == {"audit.head_damaged"}
        assert result.covered == 0


def test_heads_of_another_key_or_another_log_do_not_belong() -> None:
    log = log_of(4)
    result = verify(log.found(log.head(OTHER_KEY), kept=[log.head()]))
    assert codes(result) == {"audit.head_key"}
    key = KEY.public_key().public_bytes_raw().hex()
    assert codes(verify(log.found(log.head(OTHER_KEY)), keys=[key])) == {"audit.head_key"}
    result = verify(log.found(log.head(log="cd" * 16)))
    assert codes(result) == {"audit.head_of_another_log"}


@pytest.mark.parametrize(
    "tree",
    [
        FoundTree(LOG, 5, b""),
        FoundTree(LOG, "5", log_of(5).frontier.to_bytes()),
        FoundTree(LOG, None, log_of(5).frontier.to_bytes()),
        FoundTree(LOG, 5, None),
        FoundTree(LOG, 5, bytes(64)),
    ],
)
def test_a_damaged_state_is_found_and_entries_under_a_head_stand(tree: FoundTree) -> None:
    log = log_of(5)
    found = log.found(log.head())
    found.tree = tree
    result = verify(found)
    assert codes(result) == {"audit.tree"}
    assert result.first_wrong is None


def test_a_state_of_another_log_or_none_is_found() -> None:
    log = log_of(5)
    found = log.found()
    found.tree = FoundTree("cd" * 16, 5, log.frontier.to_bytes())
    assert first_wrong(verify(found)) == (0, 0, "content")
    found = log.found()
    found.tree = FoundTree(None, 0, Frontier().to_bytes())
    assert first_wrong(verify(found)) == (0, 0, "added")


def test_a_clock_set_back_is_remarked_on_and_no_error() -> None:
    log = log_of(2)
    late = log.contents[1].replace(b"T14:01", b"T13:59")
    log.contents[1] = late
    log.frontier = Frontier().append(leaf_hash(log.contents[0])).append(leaf_hash(late))
    result = verify(log.found())
    assert result.valid
    assert [finding.code for finding in result.findings] == ["audit.clock"]
