"""What goes wrong with tokens of PKCS #11, said so that a person can mend it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from declarant.filing.token_uri import TokenUri
from declarant.problems import BadInput, bad_input

_GONE = ("TokenNotPresent", "TokenNotRecognised", "DeviceRemoved", "NoSuchToken", "SlotIDInvalid")
_PIN_WRONG = ("PinIncorrect", "PinInvalid", "PinLenRange")
_PIN_LOCKED = ("PinLocked",)
_PIN_UNUSABLE = ("PinExpired", "UserPinNotInitialized")
_CANNOT = (
    "FunctionNotSupported",
    "FunctionRejected",
    "KeyFunctionNotPermitted",
    "KeyTypeInconsistent",
    "KeySizeRange",
    "MechanismInvalid",
    "DataLenRange",
    "UserNotLoggedIn",
)


@contextmanager
def explained(uri: TokenUri) -> Iterator[None]:
    """Turn whatever the module or the library says into a finding.

    Raises:
        BadInput: in the place of the library's own errors.
    """
    try:
        from pkcs11 import PKCS11Error
    except ImportError:
        raise bad_input(
            "token.not_installed",
            "signing with a token needs python-pkcs11, which is not installed.",
            mend="Install it: pip install 'declarant[pkcs11]'.",
        ) from None
    try:
        yield
    except PKCS11Error as error:
        raise token_problem(uri, error) from None


def token_problem(uri: TokenUri, error: Exception) -> BadInput:
    """Return what an error of the library means to the person who signs."""
    name = type(error).__name__
    if name in _PIN_LOCKED:
        return pin_unusable(uri, locked=True)
    if name in _PIN_UNUSABLE:
        return pin_unusable(uri, locked=False)
    if name in _PIN_WRONG:
        return bad_input(
            "token.pin_wrong",
            "the PIN is wrong; it was tried once.",
            mend="Give the right one. Most tokens lock after a few wrong ones.",
            file=uri.text,
        )
    if name in _GONE:
        return bad_input(
            "token.absent",
            "the token is not there.",
            mend="Put it in, and begin again.",
            file=uri.text,
        )
    if name in _CANNOT:
        return bad_input(
            "token.key_not_for_signing",
            f"the token refuses to sign with this key ({name}).",
            mend="Name an RSA or elliptic-curve key that is made for signing.",
            file=uri.text,
        )
    if str(error).startswith("OS exception while loading"):
        return bad_input(
            "token.module",
            f"{uri.module} is not there, or is no module of PKCS #11.",
            mend="Name the module that came with the token, such as .../opensc-pkcs11.so.",
            file=uri.text,
        )
    said = f"{name}: {error}" if str(error) else name
    return bad_input(
        "token.failed",
        f"the token or its module failed ({said}).",
        mend="Take the token out and put it in again; if it stays so, ask whoever keeps it.",
        file=uri.text,
    )


def pin_unusable(uri: TokenUri, *, locked: bool) -> BadInput:
    """Return the finding for a PIN that is locked, or was never set or has expired."""
    return bad_input(
        "token.pin_locked" if locked else "token.pin_not_set",
        "the token is locked after too many wrong PINs."
        if locked
        else "the token's PIN was never set, or has expired.",
        mend="Whoever keeps the token unlocks it or sets a new PIN, with its maker's program.",
        file=uri.text,
    )
