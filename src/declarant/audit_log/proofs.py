"""Proofs of a Merkle tree: that an entry is in it, and that a later tree holds an earlier one.

Made as RFC 6962 sections 2.1.1 and 2.1.2 say, checked as RFC 9162 sections 2.1.3.2 and 2.1.4.2
say (https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3): in O(log n), from hashes alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from declarant.audit_log.tree import node_hash, root, split


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that lead from leaf `index` to the head of the tree over `leaves`.

    Raises:
        ValueError: when there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise ValueError(f"a tree of {len(leaves)} leaves has no leaf {index}")
    if len(leaves) == 1:
        return []
    middle = split(len(leaves))
    left, right = leaves[:middle], leaves[middle:]
    if index < middle:
        return [*inclusion_proof(left, index), root(right)]
    return [*inclusion_proof(right, index - middle), root(left)]


def proves_inclusion(
    proof: Sequence[bytes], *, leaf: bytes, index: int, size: int, head: bytes
) -> bool:
    """Say whether `proof` shows that `leaf` stands at `index` in the tree of `size` with `head`."""
    if not 0 <= index < size:
        return False
    at, last, made = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            made = node_hash(step, made)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            made = node_hash(made, step)
        at, last = at >> 1, last >> 1
    return last == 0 and made == head


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """Return the hashes that show that the tree over `leaves` begins with its first `earlier`.

    Raises:
        ValueError: when `earlier` is 0 (which proves nothing) or more than there are leaves.
    """
    if not 0 < earlier <= len(leaves):
        raise ValueError(f"a tree of {len(leaves)} leaves cannot follow one of {earlier}")
    return _consistency(leaves, earlier, whole=True)


def _consistency(leaves: Sequence[bytes], earlier: int, *, whole: bool) -> list[bytes]:
    if earlier == len(leaves):
        return [] if whole else [root(leaves)]
    middle = split(len(leaves))
    if earlier <= middle:
        return [*_consistency(leaves[:middle], earlier, whole=whole), root(leaves[middle:])]
    return [*_consistency(leaves[middle:], earlier - middle, whole=False), root(leaves[:middle])]


def proves_consistency(
    proof: Sequence[bytes],
    *,
    earlier: int,
    earlier_head: bytes,
    later: int,
    later_head: bytes,
) -> bool:
    """Say whether `proof` shows that the later tree begins with the entries of the earlier one."""
    if not 0 < earlier <= later:
        return False
    if earlier == later:
        return not proof and earlier_head == later_head
    steps = [*proof]
    if earlier & (earlier - 1) == 0:  # a full tree: its head is part of the later one as it is
        steps.insert(0, earlier_head)
    if not steps:
        return False
    at, last = earlier - 1, later - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == earlier_head and new == later_head
