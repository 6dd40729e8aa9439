"""An append-only log whose tampering shows: format, tree, signed heads, proofs and verifier.

A Merkle tree after RFC 6962 over entries in canonical JSON (RFC 8785). Pure: no framework, no
clock, no network; the desk's database is read through queries that are handed in.
"""

from declarant.audit_log.entry import Entry, moment_text, read_entry, read_moment
from declarant.audit_log.head import SignedHead, public_hex, read_head, sign_head
from declarant.audit_log.proofs import (
    consistency_proof,
    inclusion_proof,
    proves_consistency,
    proves_inclusion,
)
from declarant.audit_log.tree import EMPTY, Frontier, leaf_hash, node_hash, root
from declarant.audit_log.verdict import LIMITS, Verification, WrongEntry
from declarant.audit_log.verification import verify, verify_files

__all__ = [
    "EMPTY",
    "LIMITS",
    "Entry",
    "Frontier",
    "SignedHead",
    "Verification",
    "WrongEntry",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "moment_text",
    "node_hash",
    "proves_consistency",
    "proves_inclusion",
    "public_hex",
    "read_entry",
    "read_head",
    "read_moment",
    "root",
    "sign_head",
    "verify",
    "verify_files",
]
