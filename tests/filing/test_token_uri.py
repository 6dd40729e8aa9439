"""PKCS #11 URIs (RFC 7512): read as written, refused when something could not be looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.filing.token_uri import is_token_uri, read_token_uri
from declarant.problems import BadInput

MODULE = "?module-path=/usr/lib/m.so"


def test_every_part_is_read() -> None:
    uri = read_token_uri(
        "pkcs11:token=My%20token;serial=00%3b1;manufacturer=Acme;model=v2;slot-id=3;"
        "object=%E7%B0%BD%E7%AB%A0;id=%01%ff;type=private?module-path=/usr/lib/a%20b.so"
    )
    assert (uri.token, uri.serial, uri.manufacturer, uri.model, uri.slot) == (
        "My token", "00;1", "Acme", "v2", 3,
    )  # fmt: skip
    assert (uri.key, uri.key_id, uri.module) == ("簽章", b"\x01\xff", "/usr/lib/a b.so")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pkcs11:token=a", "token.module_not_named"),
        ("pkcs11:token=a?module-path=m.so", "token.module_not_named"),
        (f"pkcs11:token=a{MODULE}&pin-value=1234", "token.pin_in_uri"),
        (f"pkcs11:token=a{MODULE}&pin-source=file:/etc/pin", "token.pin_in_uri"),
        (f"pkcs11:tokens=a{MODULE}", "token.uri"),
        (f"pkcs11:token=a;x-vendor=1{MODULE}", "token.uri"),
        (f"pkcs11:token=a;token=b{MODULE}", "token.uri"),
        (f"pkcs11:token={MODULE}", "token.uri"),
        (f"pkcs11:token{MODULE}", "token.uri"),
        (f"pkcs11:token=%zz{MODULE}", "token.uri"),
        (f"pkcs11:token=%ff{MODULE}", "token.uri"),
        (f"pkcs11:token=a;type=cert{MODULE}", "token.uri"),
        (f"pkcs11:token=a;slot-id=-1{MODULE}", "token.uri"),
        (f"pkcs11:token=a;slot-id=²{MODULE}", "token.uri"),
        ("file:key.pem", "token.uri"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as problem:
        read_token_uri(text)
    assert [finding.code for finding in problem.value.findings] == [code]
    assert "1234" not in str(problem.value)


@given(st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_any_label_can_be_asked_for(label: str) -> None:
    escaped = "".join(f"%{byte:02x}" for byte in label.encode())
    assert read_token_uri(f"pkcs11:token={escaped}{MODULE}").token == label


def test_a_file_name_is_no_uri() -> None:
    assert not is_token_uri("keys/pkcs11.pem")
    assert is_token_uri("PKCS11:token=a")
