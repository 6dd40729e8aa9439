"""Where a key lies that never leaves its token: a PKCS #11 URI (RFC 7512).

`pkcs11:token=Officer;object=signing?module-path=/usr/lib/opensc-pkcs11.so` names the token, the key
on it, and the library that speaks to it. A PIN never stands in it: command lines and settings are
read by more people than may sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from declarant.problems import BadInput, bad_input

SCHEME = "pkcs11:"
_PATH = {"token", "serial", "manufacturer", "model", "slot-id", "object", "id", "type"}
_QUERY = {"module-path"}
_PINS = {"pin-value", "pin-source"}
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_EXAMPLE = "Write pkcs11:token=LABEL;object=KEY?module-path=/path/to/module.so, in quotes."


@dataclass(frozen=True, slots=True)
class TokenUri:
    """What a URI asks for; None where it asks for nothing.

    Attributes:
        text: the URI as written, for messages; it holds nothing secret.
        module: absolute path of the library that speaks to the token.
        token: label of the token.
        serial: its serial number.
        manufacturer: its maker.
        model: its model.
        slot: number of the slot it sits in.
        key: label of the private key (`object`).
        key_id: id of the private key (CKA_ID).
    """

    text: str
    module: str
    token: str | None = None
    serial: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    slot: int | None = None
    key: str | None = None
    key_id: bytes | None = None


def is_token_uri(text: str) -> bool:
    """Whether a text is meant as a PKCS #11 URI."""
    return text.lower().startswith(SCHEME)


def read_token_uri(text: str) -> TokenUri:
    """Return what a PKCS #11 URI asks for.

    Raises:
        BadInput: when it is none, asks for something that cannot be looked for, holds a PIN, or
            names no module.
    """
    if not is_token_uri(text):
        raise _wrong(text, f"does not begin with {SCHEME}")
    path, _, query = text[len(SCHEME) :].partition("?")
    asked = _attributes(text, path, ";", _PATH) | _attributes(text, query, "&", _QUERY)
    if asked.pop("type", b"private") != b"private":
        raise _wrong(text, "asks for something else than a private key (type=private)")
    key_id = asked.pop("id", None)
    words = {name: _text(text, name, value) for name, value in asked.items()}
    module = words.get("module-path")
    if module is None or not module.startswith("/"):
        raise bad_input(
            "token.module_not_named",
            f"{text} does not name the module that speaks to the token by its full path.",
            mend="Add ?module-path=/usr/lib/.../module.so, as the maker of the token says.",
        )
    slot = words.get("slot-id")
    if slot is not None and not (slot.isascii() and slot.isdecimal()):
        raise _wrong(text, f"has a slot-id that is no whole number: {slot!r}")
    return TokenUri(
        text,
        module,
        token=words.get("token"),
        serial=words.get("serial"),
        manufacturer=words.get("manufacturer"),
        model=words.get("model"),
        slot=None if slot is None else int(slot),
        key=words.get("object"),
        key_id=key_id,
    )


def _attributes(text: str, part: str, separator: str, known: set[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for item in filter(None, part.split(separator)):
        name, equals, value = item.partition("=")
        if name in _PINS:
            raise bad_input(
                "token.pin_in_uri",
                "the PIN of a token does not belong in its URI, where others can read it.",
                mend="Leave it out: it is asked for, or taken from where passphrases are.",
            )
        if name not in known:
            # RFC 7512, 2.3: what cannot be looked for must not be passed over
            raise _wrong(text, f"asks for {name!r}, which this program cannot look for")
        if name in found:
            raise _wrong(text, f"names {name!r} twice")
        if not equals or not value or _BARE_PERCENT.search(value):
            raise _wrong(text, f"has no value for {name!r}, or one with a stray %")
        found[name] = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), value.encode())
    return found


def _text(text: str, name: str, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise _wrong(text, f"has a value for {name!r} that is not UTF-8") from None


def _wrong(text: str, what: str) -> BadInput:
    return bad_input("token.uri", f"the PKCS #11 URI {text} {what}.", mend=_EXAMPLE)
