"""A proof as a document: that one entry stands in the log of which somebody keeps a signed head.

It shows one entry and nothing of the others: what is said of them are hashes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785

from declarant.audit_log.entry import Entry, read_entry
from declarant.audit_log.head import SignedHead, read_head
from declarant.audit_log.proofs import inclusion_proof, proves_inclusion
from declarant.audit_log.tree import HASH_BYTES, leaf_hash

FORMAT = "declarant-audit-proof-1"
_LONGEST = 64  # hashes of a path: a tree of 2^64 entries


@dataclass(frozen=True, slots=True)
class EntryProof:
    """An entry, the hashes that lead from it to the root of the tree, and the tree's head."""

    entry: Entry
    path: tuple[bytes, ...]
    head: SignedHead

    def as_json(self) -> dict[str, Any]:
        """Return the proof as a JSON document."""
        return {
            "format": FORMAT,
            "entry": self.entry.as_json(),
            "path": [step.hex() for step in self.path],
            "head": self.head.as_json(),
        }

    def problem(self) -> str | None:
        """Return why the proof proves nothing; None when it holds.

        Whose key signed the head, and whether it is the head that the reader keeps, is not judged.
        """
        if not self.head.is_signed():
            return "the head's signature does not belong to it"
        if self.entry.log != self.head.log:
            return "the entry and the head belong to two logs"
        included = proves_inclusion(
            self.path,
            leaf=leaf_hash(self.entry.content()),
            index=self.entry.index,
            size=self.head.size,
            head=bytes.fromhex(self.head.root),
        )
        return None if included else "the entry is not in the tree that the head was made over"


def prove(entry: Entry, leaves: Sequence[bytes], head: SignedHead) -> EntryProof:
    """Return the proof of an entry under a head; `leaves` are those of the tree of that size.

    Raises:
        ValueError: when the head does not reach the entry.
    """
    return EntryProof(entry, tuple(inclusion_proof(leaves[: head.size], entry.index)), head)


def read_proof(data: bytes) -> EntryProof:
    """Read a proof from its JSON document.

    Raises:
        ValueError: when it is none; the text says what is wrong.
    """
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        raise ValueError("is no JSON document") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ValueError(f'is no proof: its "format" is not "{FORMAT}"')
    path = said.get("path")
    if not isinstance(path, list) or len(path) > _LONGEST:
        raise ValueError('is damaged: "path" is no list of hashes')
    try:
        steps = tuple(bytes.fromhex(step) for step in path)
        entry = read_entry(rfc8785.dumps(said.get("entry")))
    except (TypeError, rfc8785.CanonicalizationError):
        raise ValueError('is damaged: "path" or "entry" cannot be read') from None
    if any(len(step) != HASH_BYTES for step in steps):
        raise ValueError('is damaged: a hash of "path" has not 32 bytes')
    return EntryProof(entry, steps, read_head(json.dumps(said.get("head") or {})))
