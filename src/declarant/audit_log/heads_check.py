"""Signed heads against the entries that are there: rollback, rewriting and another log's heads."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from declarant.audit_log.log import FoundHead
from declarant.audit_log.verdict import Verification, WrongEntry


def genuine(found: FoundHead, known: Collection[str], result: Verification) -> bool:
    """Say whether a head is whole and signed with a known key (any key where none is known)."""
    head = found.head
    if not head.is_signed():
        result.error(
            "audit.head_damaged",
            "the signature does not belong to this head: it was changed, or never signed.",
            found.where,
            "Compare it with the copy that was sent away.",
        )
        return False
    if known and head.key not in known:
        result.error(
            "audit.head_key",
            f"is signed with the key {head.key}, which is none of those that are known.",
            found.where,
            "If the desk's key was replaced, name both with --key.",
        )
        return False
    return True


def check_heads(
    heads: Collection[FoundHead], roots: Mapping[int, bytes], complete: bool, result: Verification
) -> None:
    """Compare heads with the tree's head at their sizes.

    `complete` is False when reading stopped at a wrong entry, and later heads cannot be judged.
    """
    belonging = {False: 0, True: 0}  # entries under good heads, by where these were kept
    for found in sorted(heads, key=lambda item: (item.head.size, not item.kept_elsewhere)):
        head, whose = found.head, "kept elsewhere" if found.kept_elsewhere else "of the log"
        if result.log is not None and head.log != result.log:
            what = f"is a head of another log ({head.log}); this one is {result.log}."
            result.error(
                "audit.head_of_another_log", what, found.where, "Compare heads of one log."
            )
        elif head.size > result.entries:
            if complete:
                what = (
                    f"the head {whose}, signed {head.moment}, counts {head.size} entries, and here "
                    f"are {result.entries}: the log was rolled back, or this copy of it is older"
                )
                _wrong(result, found, WrongEntry(result.entries, result.entries, "missing", what))
        elif roots[head.size].hex() != head.root:
            # a head in the log cannot vouch against one that was out of reach
            since = belonging[True] if found.kept_elsewhere else max(belonging.values())
            what = (
                f"the head {whose}, signed {head.moment}, was made over {head.size} other entries: "
                "what it covers was written anew"
            )
            _wrong(result, found, WrongEntry(since, max(since, head.size - 1), "content", what))
        else:
            belonging[found.kept_elsewhere] = head.size
    result.covered, result.covered_elsewhere = max(belonging.values()), belonging[True]


def _wrong(result: Verification, found: FoundHead, wrong: WrongEntry) -> None:
    result.error(
        "audit.head_does_not_belong",
        f"{wrong.what}.",
        found.where,
        "Keep a copy of the database as it is, and compare it with backups and earlier exports.",
    )
    result.wrong_entry(wrong)
