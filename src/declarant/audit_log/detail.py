"""What may stand in an entry's detail: plain JSON, and no secret.

The log is kept for ever, is read by auditors and leaves the machine: a password written there
could never be taken back.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from declarant.problems import BadInput, bad_input

DEEPEST = 12  # mappings and lists within each other
LARGEST = 2**53 - 1  # what every reader of JSON reads exactly (RFC 8785 section 3.2.2.3, RFC 7493)
_SECRETS = frozenset(
    {
        "password", "passwd", "passphrase", "secret", "secrets", "token", "cookie", "otp", "totp",
        "pin", "credential", "credentials", "authorization",
    }
)  # fmt: skip
_SECRET_ENDS = (
    "private key", "secret key", "session key", "api key", "signing key", "recovery code",
    "recovery codes", "password hash", "key pem",
)  # fmt: skip
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----")


def is_secret_name(name: str) -> bool:
    """Say whether a key names a secret: `new_password`, `apiToken`; not `token_id` or `tokens`."""
    words = [word.lower() for word in _WORDS.findall(name)]
    text = " ".join(words)
    return bool(words) and (words[-1] in _SECRETS or text.endswith(_SECRET_ENDS))


def plain(detail: Mapping[str, Any], action: str) -> dict[str, Any]:
    """Return a deep copy of the detail of `action`, in plain JSON types.

    Raises:
        BadInput: when a key or value is a secret, or a value is no JSON; the value of a secret is
            never repeated in the message.
    """
    return {
        _key(name, action): _value(value, f"{action}: {name}", 1) for name, value in detail.items()
    }


def _key(name: Any, where: str) -> str:
    if not isinstance(name, str):
        raise _unfit(where, f"has the key {name!r}, which is no text.", "Write keys as text.")
    if is_secret_name(name):
        raise bad_input(
            "audit.secret",
            f"{name!r} names a secret, and the audit log is kept for ever.",
            mend="Log that it changed (such as `changed=['password']`) or its id, never its value.",
            field=where,
        )
    return _text(name, where)


def _value(value: Any, where: str, depth: int) -> Any:
    if depth > DEEPEST:
        raise _unfit(where, f"is more than {DEEPEST} levels deep.", "Log a flatter detail.")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise _unfit(where, "is a number past 2^53, which JSON rounds.", "Write it as text.")
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _unfit(
                where, f"is {value}, which JSON has not.", "Write None, or say it in text."
            )
        return float(value)
    if isinstance(value, list | tuple):
        return [_value(item, f"{where}[{at}]", depth + 1) for at, item in enumerate(value)]
    if isinstance(value, Mapping):
        return {
            _key(name, where): _value(item, f"{where}.{name}", depth + 1)
            for name, item in value.items()
        }
    raise _unfit(
        where,
        f"is a {type(value).__name__}, which JSON has not.",
        "Write it as text, such as str(...) or .isoformat().",
    )


def _text(value: str, where: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _unfit(
            where, "is text that no encoding can write.", "Clean the text first."
        ) from None
    if _PRIVATE_KEY.search(value):
        raise bad_input(
            "audit.secret",
            "holds a private key, and the audit log is kept for ever.",
            mend="Log the key's fingerprint.",
            field=where,
        )
    return str.__str__(value)


def _unfit(where: str, what: str, mend: str) -> BadInput:
    return bad_input("audit.value", what, mend=mend, field=where)
