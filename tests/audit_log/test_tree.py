"""The tree against RFC 6962, and its frontier against the plain definition."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declarant.audit_log import EMPTY, Frontier, leaf_hash, root

# the tree that implementations of Certificate Transparency are tested with: eight inputs, and the
# head after each of them
INPUTS = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
HEADS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_heads_are_those_that_others_compute() -> None:
    frontier = Frontier()
    for text, head in zip(INPUTS, HEADS, strict=True):
        frontier = frontier.append(leaf_hash(bytes.fromhex(text)))
        assert frontier.root.hex() == head


def test_the_head_of_no_entries_is_the_hash_of_nothing() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Frontier().root == root([]) == EMPTY
    assert EMPTY.hex() == empty


@settings(deadline=None)
@given(st.lists(st.binary(max_size=8), max_size=70))
def test_appending_gives_the_tree_of_all_leaves(contents: list[bytes]) -> None:
    leaves = [leaf_hash(content) for content in contents]
    frontier = Frontier()
    for size, leaf in enumerate(leaves, 1):
        frontier = frontier.append(leaf)
        assert frontier.root == root(leaves[:size])
        assert Frontier.from_bytes(size, frontier.to_bytes()) == frontier


@settings(deadline=None)
@given(st.integers(0, 300), st.binary(max_size=200))
def test_a_frontier_of_the_wrong_length_is_refused(size: int, data: bytes) -> None:
    if len(data) == 32 * size.bit_count():
        assert Frontier.from_bytes(size, data).to_bytes() == data
    else:
        with pytest.raises(ValueError, match=r"frontier|subtrees"):
            Frontier.from_bytes(size, data)
