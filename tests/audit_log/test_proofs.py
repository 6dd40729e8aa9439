"""Proofs: each one made is accepted, and for nothing but what it was made for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declarant.audit_log import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
    root,
)

LEAVES = [leaf_hash(bytes([number])) for number in range(40)]
sizes = st.integers(1, len(LEAVES))


@settings(deadline=None)
@given(sizes, st.data())
def test_inclusion_is_proved_for_that_entry_at_that_place_only(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(LEAVES[:size], index)
    head = root(LEAVES[:size])

    def holds(**changed: object) -> bool:
        claim = {"leaf": LEAVES[index], "index": index, "size": size, "head": head, **changed}
        return proves_inclusion(proof, **claim)  # type: ignore[arg-type]

    assert holds()
    assert len(proof) <= size.bit_length()
    other = data.draw(st.integers(0, size).filter(lambda at: at != index))
    assert not holds(index=other)
    assert not holds(leaf=leaf_hash(b"another"))
    assert not holds(head=root(LEAVES[: size + 1]) if size < len(LEAVES) else leaf_hash(b""))
    assert not proves_inclusion(
        [*proof, head], leaf=LEAVES[index], index=index, size=size, head=head
    )


@settings(deadline=None)
@given(sizes, sizes)
def test_a_later_tree_is_proved_to_hold_an_earlier_one(one: int, other: int) -> None:
    earlier, later = sorted((one, other))
    proof = consistency_proof(LEAVES[:later], earlier)

    def holds(earlier_head: bytes, later_head: bytes) -> bool:
        return proves_consistency(
            proof,
            earlier=earlier,
            earlier_head=earlier_head,
            later=later,
            later_head=later_head,
        )

    was, now = root(LEAVES[:earlier]), root(LEAVES[:later])
    assert holds(was, now)
    forked = [leaf_hash(b"fork"), *LEAVES[1:later]]
    assert not holds(was, root(forked))
    assert not holds(root(forked[:earlier]), now)


@settings(deadline=None)
@given(sizes, st.data())
def test_a_damaged_proof_proves_nothing(size: int, data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, size))
    proof = consistency_proof(LEAVES[:size], earlier)
    if not proof:
        return
    at = data.draw(st.integers(0, len(proof) - 1))
    damaged = [*proof[:at], leaf_hash(b"damage"), *proof[at + 1 :]]
    shorter = proof[:-1]
    for wrong in (damaged, shorter, [*proof, proof[0]]):
        assert not proves_consistency(
            wrong,
            earlier=earlier,
            earlier_head=root(LEAVES[:earlier]),
            later=size,
            later_head=root(LEAVES[:size]),
        )


def test_what_is_not_there_has_no_proof() -> None:
    with pytest.raises(ValueError, match="no leaf 3"):
        inclusion_proof(LEAVES[:3], 3)
    with pytest.raises(ValueError, match="cannot follow"):
        consistency_proof(LEAVES[:3], 4)
    with pytest.raises(ValueError, match="cannot follow"):
        consistency_proof(LEAVES[:3], 0)
    assert not proves_consistency([], earlier=0, earlier_head=b"", later=3, later_head=b"")
