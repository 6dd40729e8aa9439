"""The Merkle tree of the log: hashes of leaves and nodes, the tree's head, and appending.

RFC 6962 section 2.1 (https://www.rfc-editor.org/rfc/rfc6962#section-2.1): SHA-256, one leading byte
that keeps leaves (0) and nodes (1) apart, and a tree that splits at the largest power of two
smaller than its size. All hashes are 32 bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

HASH_BYTES = 32
EMPTY = hashlib.sha256(b"").digest()
"""The head of a tree without leaves."""


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of one entry's canonical bytes."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees joined."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two smaller than `size`, where a tree of that size splits.

    `size` is at least 2.
    """
    return 1 << ((size - 1).bit_length() - 1)


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the tree's head over leaf hashes, as RFC 6962 defines it: the slow, plain way."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    middle = split(len(leaves))
    return node_hash(root(leaves[:middle]), root(leaves[middle:]))


@dataclass(frozen=True, slots=True)
class Frontier:
    """What must be kept of a tree to append to it: the heads of its full subtrees, largest first.

    A tree of `size` leaves has one full subtree for each 1 in the binary form of `size`; so this
    holds at most log2(size) + 1 hashes, and appending costs as many.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(
                f"a tree of {self.size} leaves has not {len(self.peaks)} full subtrees"
            )
        if any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise ValueError("a hash of the frontier has not 32 bytes")

    def append(self, leaf: bytes) -> Frontier:
        """Return the frontier with one more leaf hash."""
        peaks = [*self.peaks, leaf]
        joined = self.size
        while joined & 1:  # a full subtree of this height stands there already
            right = peaks.pop()
            peaks[-1] = node_hash(peaks[-1], right)
            joined >>= 1
        return Frontier(self.size + 1, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The tree's head."""
        if not self.peaks:
            return EMPTY
        head = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            head = node_hash(peak, head)
        return head

    def to_bytes(self) -> bytes:
        """Return the hashes end to end, as a database keeps them."""
        return b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Frontier:
        """Read what `to_bytes` wrote.

        Raises:
            ValueError: when the bytes are not those of a tree of `size` leaves.
        """
        if len(data) % HASH_BYTES:
            raise ValueError("the frontier is not made of whole hashes")
        pieces = range(0, len(data), HASH_BYTES)
        return cls(size, tuple(data[at : at + HASH_BYTES] for at in pieces))
