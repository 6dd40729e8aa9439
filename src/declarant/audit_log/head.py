"""The tree's head, signed: what leaves the machine so that the log cannot be rewritten unseen.

A signed head is a small JSON document. The signature (Ed25519, RFC 8032) is over the canonical
bytes (RFC 8785) of all its other fields, so white space and the order of fields do not matter.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from declarant.audit_log.entry import moment_text, read_moment

FORMAT = "declarant-audit-head-1"
_FIELDS = {"log": 32, "root": 64, "key": 64, "signature": 128}  # digits of each, hexadecimal
_HEX = re.compile(r"[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head: that log `log`, with `size` entries, had the tree head `root` at `moment`.

    `key` is the public key that `signature` is to be checked with. Whose key it is, the head
    cannot say: compare it with one that was received earlier. All hashes, key and signature are
    in hexadecimal.
    """

    log: str
    size: int
    root: str
    moment: str
    key: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """Return the bytes that are signed."""
        said = {"format": FORMAT, **asdict(self)}
        del said["signature"]
        return bytes(rfc8785.dumps(said))

    def is_signed(self) -> bool:
        """Say whether the signature is one of `key` over this head."""
        if not (_is_hex("key", self.key) and _is_hex("signature", self.signature)):
            return False
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            public.verify(bytes.fromhex(self.signature), self.signed_bytes())
        except (InvalidSignature, ValueError, rfc8785.CanonicalizationError):
            return False
        return True

    def as_json(self) -> dict[str, Any]:
        """Return the head as a JSON document."""
        return {"format": FORMAT, **asdict(self)}

    def line(self) -> bytes:
        """Return the head as one line of canonical JSON."""
        return bytes(rfc8785.dumps(self.as_json())) + b"\n"


def sign_head(
    key: Ed25519PrivateKey, *, log: str, size: int, root: bytes, moment: datetime
) -> SignedHead:
    """Return the head of a tree, signed at `moment`."""
    unsigned = SignedHead(log, size, root.hex(), moment_text(moment), public_hex(key))
    signature = key.sign(unsigned.signed_bytes()).hex()
    return SignedHead(**{**asdict(unsigned), "signature": signature})


def public_hex(key: Ed25519PrivateKey) -> str:
    """Return a key's public half in hexadecimal."""
    return key.public_key().public_bytes_raw().hex()


def read_head(text: str) -> SignedHead:
    """Read a head from JSON, in whatever text stands around it (a mail, for instance).

    Its signature is not checked here.

    Raises:
        ValueError: when there is no head in it; the text says what is wrong.
    """
    try:
        said = json.loads(text[text.index("{") : text.rindex("}") + 1])
    except (ValueError, RecursionError):
        raise ValueError("holds no signed head: no JSON document is in it") from None
    if said.get("format") != FORMAT:
        raise ValueError(f'holds no signed head: its "format" is not "{FORMAT}"')
    if set(said) != {"format", "size", "moment", *_FIELDS}:
        raise ValueError("is not a whole signed head: a field is missing or unknown")
    for name, digits in _FIELDS.items():
        if not _is_hex(name, said[name]):
            raise ValueError(f'is damaged: "{name}" is not {digits} hexadecimal digits')
    if type(said["size"]) is not int or said["size"] < 0:
        raise ValueError('is damaged: "size" is no whole number')
    if not isinstance(said["moment"], str):
        raise ValueError('is damaged: "moment" is no moment')
    read_moment(said["moment"])
    del said["format"]
    return SignedHead(**said)


def _is_hex(name: str, value: object) -> bool:
    return isinstance(value, str) and len(value) == _FIELDS[name] and bool(_HEX.fullmatch(value))
