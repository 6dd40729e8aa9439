"""Where keys lie, and that they stay there: on the server, in a file, on a token, elsewhere."""

import logging
import shutil
import stat
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from django.utils import timezone
from tests.desk.filings.office import Office, agency_pem, trial_of
from tests.desk.servers.left_out import leave_out

from declarant.filing.keys import File, read_signer
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(office: Office) -> Any:
    """The officer's key and certificate, as files that the desk does not have."""
    pem, certificate = trial_of(office.officer)
    return read_signer(File("own", pem), None, lambda _: b""), certificate


def _as_pkcs12(signer: Any, passphrase: bytes) -> bytes:
    locked = serialization.BestAvailableEncryption(passphrase)
    return pkcs12.serialize_key_and_certificates(
        b"own", signer.key, signer.certificate, None, locked
    )


def _act(row: Any, key: Any) -> Any:
    from declarant.desk.filer.filings.signing.certifying import Act

    return Act(uuid4(), row.document.sha256, key)


def test_a_key_on_the_server_is_locked_and_its_owners_alone(office: Office, own: Any) -> None:
    from declarant.desk.filer.filings.signing.registering import keep_on_server, path_of

    signer, _ = own
    file = File("own.p12", _as_pkcs12(signer, b"of the file"))
    with pytest.raises(BadInput, match="12 characters or more"):
        keep_on_server(office.officer, "own", file, b"of the file", b"x" * 11)
    with pytest.raises(BadInput, match="cannot be opened with this passphrase"):
        keep_on_server(office.officer, "own", file, b"wrong", b"x" * 12)
    key = keep_on_server(office.officer, "own", file, b"of the file", b"x" * 12)
    place = path_of(key)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert b"ENCRYPTED PRIVATE KEY" in place.read_bytes()
    with pytest.raises(BadInput, match="is known here already"):
        keep_on_server(office.officer, "own", file, b"of the file", b"y" * 12)
    assert len(list(place.parent.glob("signing-*"))) == 1  # the second file did not stay


def test_a_key_that_is_brought_signs_once_and_is_kept_nowhere(
    office: Office, own: Any, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import connection

    from declarant.desk.filer.filings.signing.certifying import certify
    from declarant.desk.filer.filings.signing.opening import signer_of
    from declarant.desk.filer.filings.signing.registering import register_certificate

    caplog.set_level(logging.DEBUG)
    signer, certificate = own
    key = register_certificate(office.officer, "own", "pkcs12", File("own.pem", certificate))
    row = office.ticked(office.ready())
    brought = _as_pkcs12(signer, b"its passphrase")
    with pytest.raises(BadInput, match="the file with the key is missing"):
        certify(office.officer, row, _act(row, key), lambda: signer_of(key, b"its passphrase"))
    other = _as_pkcs12(
        read_signer(File("o", agency_pem()[0]), None, lambda _: b""), b"its passphrase"
    )
    with pytest.raises(BadInput, match="belongs to another certificate"):
        certify(
            office.officer, row, _act(row, key), lambda: signer_of(key, b"its passphrase", other)
        )
    certify(office.officer, row, _act(row, key), lambda: signer_of(key, b"its passphrase", brought))
    assert office.again(row).state == "certified"
    private = signer.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    secrets = (private[40:80], brought[200:240], b"its passphrase")
    for file in filter(Path.is_file, home.rglob("*")):
        assert not any(secret in file.read_bytes() for secret in secrets), file
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            held = repr(cursor.fetchall()).encode()
            assert b"its passphrase" not in held
            assert b"PRIVATE KEY" not in held
    assert "its passphrase" not in caplog.text


@pytest.mark.parametrize("whole", [False, True])
def test_openssl_signs_elsewhere(office: Office, own: Any, tmp_path: Path, whole: bool) -> None:
    from declarant.desk.filer.filings.signing.elsewhere import content_to_sign, take_in
    from declarant.desk.filer.filings.signing.registering import register_certificate
    from declarant.filing.verification import Expectations, verify

    if shutil.which("openssl") is None:
        leave_out("openssl is not installed: signing with another program is not shown")
    signer, certificate = own
    key = register_certificate(office.officer, "own", "elsewhere", File("own.pem", certificate))
    row = office.ticked(office.ready())
    with pytest.raises(BadInput, match="was not taken from here"):
        take_in(office.officer, row, _act(row, key), b"0")
    content = content_to_sign(office.officer, row, key)
    row = office.again(row)
    assert content_to_sign(office.officer, row, key) == content
    (tmp_path / "content").write_bytes(content)
    (tmp_path / "own.pem").write_bytes(certificate)
    (tmp_path / "key.pem").write_bytes(
        signer.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    form = ["-outform", "SMIME"] if whole else ["-outform", "DER"]
    files = ["-in", "content", "-out", "signed", "-signer", "own.pem", "-inkey", "key.pem"]
    subprocess.run(
        ["openssl", "cms", "-sign", "-binary", "-md", "sha256", *files, *form],
        cwd=tmp_path,
        check=True,
    )
    signed = (tmp_path / "signed").read_bytes()
    changed = content.replace(b"2026", b"2027", 1)
    other = signed.replace(content, changed) if whole else signed[:-40] + bytes(40)
    with pytest.raises(BadInput, match=r"does not fit|not the content"):
        take_in(office.officer, row, _act(row, key), other)
    take_in(office.officer, row, _act(row, key), signed)
    row = office.again(row)
    result = verify(File("m", row.message.read()), Expectations(certificates=(key.certificate,)))
    assert result.valid
    assert content in row.message.read()


def test_a_signature_of_another_certificate_is_refused(office: Office, own: Any) -> None:
    from declarant.desk.filer.filings.signing.certifying import content_of
    from declarant.desk.filer.filings.signing.elsewhere import content_to_sign, take_in
    from declarant.desk.filer.filings.signing.registering import register_certificate
    from declarant.filing.message import signed_message
    from declarant.filing.signing import sign

    signer, _ = own
    row = office.ticked(office.ready())
    other = File("agency.pem", agency_pem()[1])
    key = register_certificate(office.officer, "other", "elsewhere", other)
    register_certificate(office.officer, "own", "elsewhere", File("own.pem", own[1]))
    content = content_to_sign(office.officer, row, key)
    row = office.again(row)
    with pytest.raises(BadInput, match="another certificate signed"):
        take_in(office.officer, row, _act(row, key), sign(content, signer, timezone.now()))
    made_today = signed_message(content_of(row), signer, timezone.now())
    with pytest.raises(BadInput, match=r"not the content|another certificate"):
        take_in(office.officer, row, _act(row, key), made_today.replace(b"2026", b"2025", 1))
    for hostile in (
        b"",
        b"\x30",
        b"From: a@b\r\n\r\nhello",
        b"-----BEGIN CMS-----\nx\n-----END CMS-----",
    ):
        with pytest.raises(BadInput):
            take_in(office.officer, row, _act(row, key), hostile)
    assert office.again(row).state == "ready"


def test_a_token_signs_with_its_pin(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from declarant.desk.filer.filings.signing.certifying import certify
    from declarant.desk.filer.filings.signing.opening import signer_of
    from declarant.desk.filer.filings.signing.registering import register_certificate

    module = next(
        (path for path in map(Path, _MODULES) if path.exists() and shutil.which("softhsm2-util")),
        None,
    )
    if module is None:
        leave_out("SoftHSM is not installed: signing with a token at the desk is not shown")
    pem, certificate = trial_of(office.officer)
    _fill_token(tmp_path, pem, monkeypatch)
    uri = f"pkcs11:token=Officer;object=signing?module-path={module}"
    file = File("own.pem", certificate)
    with pytest.raises(BadInput, match="the operator of this desk does not allow"):
        register_certificate(office.officer, "card", "pkcs11", file, uri)
    allowed = ("/nowhere.so", str(module))
    monkeypatch.setattr(settings, "DESK", replace(settings.DESK, token_modules=allowed))
    pinned = uri.replace("?", "?pin-value=4321&")
    with pytest.raises(BadInput, match="does not belong in its URI"):
        register_certificate(office.officer, "card", "pkcs11", file, pinned)
    key = register_certificate(office.officer, "card", "pkcs11", file, uri)
    row = office.ticked(office.ready())
    with pytest.raises(BadInput, match="PIN is wrong"):
        certify(office.officer, row, _act(row, key), lambda: signer_of(key, b"0000"))
    assert office.again(row).state == "ready"
    certify(office.officer, row, _act(row, key), lambda: signer_of(key, b"4321"))
    assert office.again(row).state == "certified"


_MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
)


def _fill_token(folder: Path, pem: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a token in software that holds the key, and nothing but the desk's own environment."""
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    (folder / "key.pem").write_bytes(pem[: pem.index(b"-----BEGIN CERTIFICATE")])
    for arguments in (
        ["--init-token", "--free", "--label", "Officer", "--so-pin", "8765", "--pin", "4321"],
        [
            "--import",
            "key.pem",
            "--token",
            "Officer",
            "--label",
            "signing",
            "--id",
            "01",
            "--pin",
            "4321",
        ],
    ):
        subprocess.run(
            ["softhsm2-util", *arguments], cwd=folder, check=True, capture_output=True, text=True
        )
