"""The message: any mail program opens it, openssl agrees with it, nothing is lost on the way."""

from __future__ import annotations

import email
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from declarant.filing.encryption import seal
from declarant.filing.keys import File, SignerInMemory, read_certificates, read_signer
from declarant.filing.message import Filing, draft_message, sealed_message, signed_message
from declarant.filing.trial_key import make_trial
from declarant.filing.verification import Expectations, Identity, verify
from declarant.problems import BadInput

Fields = dict[str, Callable[[], dict[str, Any]]]
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")


def opened(message: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(message, policy=policy.default)  # type: ignore[return-value]


def codes(message: bytes, **expected: Any) -> list[str]:
    return [f.code for f in verify(File("m.eml", message), Expectations(**expected)).findings]


def self_signed(key: Any, name: str = "Pat Doe", **days: int) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(77)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days.get("days", 3650)))
        .sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())
    )


def pem(key: Any, passphrase: bytes | None = None) -> bytes:
    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        lock = serialization.BestAvailableEncryption(passphrase)
    form = serialization.PrivateFormat.PKCS8
    return bytes(key.private_bytes(serialization.Encoding.PEM, form, lock))


def never(_: str) -> bytes:
    raise AssertionError("no passphrase should be asked for")


def test_a_draft_says_so_and_opens_for_editing(filing: Filing, signed_at: datetime) -> None:
    message = opened(draft_message(filing, signed_at))
    assert str(message["Subject"]).startswith("[DRAFT, NOT SIGNED] Notification")
    assert message["X-Unsent"] == "1"
    assert message.get_content_type() == "multipart/mixed"


def test_drafts_are_reproducible(filing: Filing, signed_at: datetime) -> None:
    assert draft_message(filing, signed_at) == draft_message(filing, signed_at)


def test_header_fields_come_from_the_document(signed: bytes, filing: Filing) -> None:
    message = opened(signed)
    assert message["From"].addresses[0].addr_spec == "dana.whitfield@meridian.example"
    assert message["To"].addresses[0].addr_spec == "filings@agency.example"
    assert message["Date"].datetime == datetime(2027, 1, 8, 17, 30, tzinfo=UTC)
    assert "子午前沿實驗室" in message["Subject"]
    assert filing.document.sha256[:32] in message["Message-ID"]


def test_it_carries_text_document_form_calendar_and_manifest(signed: bytes, filing: Filing) -> None:
    content = next(opened(signed).iter_parts())
    files = {part.get_filename(): part for part in content.iter_attachments()}
    assert list(files) == [
        "notification-2026Q4.json",
        "notification-2026Q4.pdf",
        "notification-2026Q4.ics",
        "manifest.json",
    ]
    for item in filing.attachments:
        assert files[item.name].get_payload(decode=True) == item.data
        assert files[item.name].get_content_type() == item.media_type
    manifest = json.loads(files["manifest.json"].get_payload(decode=True))
    assert [file["sha256"] for file in manifest["files"]] == [
        hashlib.sha256(item.data).hexdigest() for item in filing.attachments
    ]
    text = content.get_body(("plain",)).get_content()
    assert "Status of the law on January 8, 2027: never made final" in text
    assert filing.document.sha256 in text
    assert "陳" not in text or "Dana R. Whitfield" in text


def test_lines_are_as_mail_wants_them(signed: bytes) -> None:
    lines = signed.split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert max(map(len, lines)) <= 78
    signed.decode("ascii")


@needs_openssl
@pytest.mark.parametrize("command", ["cms", "smime"])
def test_openssl_verifies_the_signature(
    signed: bytes, trial_pem: tuple[bytes, bytes], tmp_path: Path, command: str
) -> None:
    (tmp_path / "m.eml").write_bytes(signed)
    (tmp_path / "c.pem").write_bytes(trial_pem[1])
    line = f"openssl {command} -verify -in m.eml -CAfile c.pem -purpose any -out content"
    # a trial certificate may be of a time to come: the check is of the signature
    done = subprocess.run(
        [*line.split(), "-attime", "1799400000"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"notification-2026Q4.json" in (tmp_path / "content").read_bytes()
    (tmp_path / "m.eml").write_bytes(signed.replace(b"eyJhY3", b"eyJhY4", 1))
    done = subprocess.run(
        [*line.split(), "-noverify"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode != 0


@needs_openssl
def test_openssl_opens_the_encrypted_message(
    signed: bytes, trial: SignerInMemory, trial_pem: tuple[bytes, bytes], tmp_path: Path
) -> None:
    sealed = sealed_message(signed, (trial.certificate,))
    assert b"Meridian Frontier" not in sealed.replace(b"meridian.example", b"")
    (tmp_path / "m.eml").write_bytes(sealed)
    (tmp_path / "k.pem").write_bytes(trial_pem[0])
    line = "openssl cms -decrypt -in m.eml -inkey k.pem -recip k.pem -out opened"
    subprocess.run(line.split(), cwd=tmp_path, check=True)
    assert (tmp_path / "opened").read_bytes() == signed
    shown = subprocess.run(
        ["openssl", "cms", "-cmsout", "-print", "-noout", "-in", "m.eml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "aes-256-cbc" in shown.stdout


@needs_openssl
def test_signatures_of_another_program_are_read(
    filing: Filing,
    trial: SignerInMemory,
    trial_pem: tuple[bytes, bytes],
    signed_at: datetime,
    tmp_path: Path,
) -> None:
    """A mail program signs the same content: same attachments, its own envelope."""
    draft = draft_message(filing, signed_at)
    content = draft[draft.index(b"Content-Type: multipart/mixed") :]
    (tmp_path / "content").write_bytes(content)
    (tmp_path / "k.pem").write_bytes(trial_pem[0])
    line = "openssl cms -sign -in content -signer k.pem -inkey k.pem -out m.eml -binary"
    subprocess.run([*line.split(), "-from", "dana@x.example"], cwd=tmp_path, check=True)
    result = verify(
        File("m.eml", (tmp_path / "m.eml").read_bytes()),
        Expectations(certificates=(trial.certificate,)),
    )
    errors = [f.code for f in result.findings if f.severity == "error"]
    # the day this test runs need not be a day on which the trial certificate is valid
    assert set(errors) <= {"certificate.not_valid"}
    assert result.document == filing.document
    assert "envelope.outside" in [f.code for f in result.findings]


def test_encrypted_messages_are_opened_and_checked(
    signed: bytes, trial: SignerInMemory, filing: Filing
) -> None:
    sealed = sealed_message(signed, (trial.certificate,))
    expected = Expectations(certificates=(trial.certificate,), recipient=trial)
    result = verify(File("m.eml", sealed), expected)
    assert (result.valid, result.encrypted, result.signed) == (True, True, True)
    assert result.document == filing.document
    with pytest.raises(BadInput, match="is encrypted"):
        verify(File("m.eml", sealed), Expectations())


def test_another_key_does_not_open_it(signed: bytes, trial: SignerInMemory) -> None:
    other_pem, _ = make_trial("Other", None, datetime(2026, 12, 1, tzinfo=UTC))
    other = read_signer(File("other.pem", other_pem), None, never)
    sealed = sealed_message(signed, (trial.certificate,))
    with pytest.raises(BadInput, match="cannot be decrypted with this key"):
        verify(File("m.eml", sealed), Expectations(recipient=other))


def test_a_changed_address_outside_the_seal_is_found(signed: bytes, trial: SignerInMemory) -> None:
    sealed = sealed_message(signed, (trial.certificate,))
    changed = sealed.replace(b'From: "Dana', b'From: "Dino', 1)
    result = verify(File("m.eml", changed), Expectations(recipient=trial))
    found = [f for f in result.findings if f.code == "header.changed"]
    assert [f.where.field for f in found] == ["header field From"]


def test_only_rsa_certificates_are_encrypted_to() -> None:
    with pytest.raises(BadInput, match="no RSA key"):
        seal(b"content", [self_signed(ec.generate_private_key(ec.SECP256R1()))])
    with pytest.raises(BadInput, match="nobody to encrypt to"):
        seal(b"content", [])


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_elliptic_curve_keys_sign(filing: Filing, signed_at: datetime, curve: Any) -> None:
    key = ec.generate_private_key(curve)
    signer = SignerInMemory(key, self_signed(key))
    message = signed_message(filing, signer, signed_at)
    result = verify(File("m.eml", message), Expectations(certificates=(signer.certificate,)))
    assert result.valid
    assert result.signer is not None
    assert result.signer.identity is Identity.EXPECTED
    assert "signature.unusual_form" not in [f.code for f in result.findings]


def test_pkcs12_and_locked_keys_ask_for_their_passphrase() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = self_signed(key)
    lock = serialization.BestAvailableEncryption(b"secret")
    bundle = pkcs12.serialize_key_and_certificates(b"name", key, certificate, None, lock)
    asked: list[str] = []

    def ask(name: str) -> bytes:
        asked.append(name)
        return b"secret"

    for file in (
        File("k.p12", bundle),
        File("k.pem", pem(key, b"secret") + certificate.public_bytes(serialization.Encoding.PEM)),
    ):
        assert read_signer(file, None, ask).certificate == certificate
        with pytest.raises(BadInput, match="cannot be opened with this passphrase"):
            read_signer(file, None, lambda _: b"wrong")
    assert asked == ["k.p12", "k.pem"]


def test_a_key_needs_its_own_certificate() -> None:
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    wrong = self_signed(other).public_bytes(serialization.Encoding.DER)
    right = self_signed(key).public_bytes(serialization.Encoding.DER)
    with pytest.raises(BadInput, match="no certificate here belongs to the key"):
        read_signer(File("k.pem", pem(key)), File("c.der", wrong), never)
    assert read_signer(File("k.pem", pem(key)), File("c.der", right), never).key


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        b"\x30\x82",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    ],
)
def test_what_is_no_key_is_named(data: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        read_signer(File("k.pem", data), None, lambda _: b"x")
    assert refused.value.findings[0].where.file == "k.pem"
    with pytest.raises(BadInput, match="no certificate that can be read"):
        read_certificates(File("c.pem", data))


@pytest.mark.parametrize(
    "key",
    [
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 1024),
        ec.generate_private_key(ec.SECP192R1()),
        ec.generate_private_key(ec.SECP224R1()),
    ],
)
def test_keys_that_mail_programs_do_not_check_are_refused(key: Any) -> None:
    held = pem(key) + self_signed(key).public_bytes(serialization.Encoding.PEM)
    with pytest.raises(BadInput, match="no key that mail programs check"):
        read_signer(File("k.pem", held), None, never)


def test_signing_outside_the_certificates_days_is_refused(filing: Filing) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    signer = SignerInMemory(key, self_signed(key, days=10))
    signed_message(filing, signer, datetime(2026, 1, 11, tzinfo=UTC))
    with pytest.raises(BadInput, match="valid from 2026-01-01 to 2026-01-11, not on 2026-01-12"):
        signed_message(filing, signer, datetime(2026, 1, 12, tzinfo=UTC))


def test_somebody_must_be_able_to_send_it(
    make_notification: Callable[..., Any], fields: Fields, signed_at: datetime
) -> None:
    contacts = {"preparer": None, "certifying_officer": None, "others": ()}
    document = make_notification(contacts=contacts)
    with pytest.raises(BadInput, match="has an e-mail address to send from"):
        draft_message(Filing.of(document, b"%PDF-", b""), signed_at)


@pytest.mark.parametrize("address", ["a..b@x.example", ".a@x.example", "a@b@c"])
def test_an_address_no_mail_can_carry_is_refused(
    make_notification: Callable[..., Any], fields: Fields, signed_at: datetime, address: str
) -> None:
    agency = {"name": "Agency", "email": address}
    try:
        document = make_notification(agency=agency)
    except ValueError:  # the schema saw it already
        return
    with pytest.raises(BadInput, match="no e-mail address that a message can carry"):
        draft_message(Filing.of(document, b"%PDF-", b""), signed_at)


def test_a_name_cannot_add_a_header_field(
    make_notification: Callable[..., Any], fields: Fields, signed_at: datetime
) -> None:
    person = fields["common"]()["person"]
    with pytest.raises(ValueError, match="pattern"):
        make_notification(person=person | {"name": "X\r\nBcc: y@z.example"})


def test_trial_certificates_say_so(trial: SignerInMemory) -> None:
    assert "TRIAL ONLY" in trial.certificate.subject.rfc4514_string()
    with pytest.raises(BadInput, match="cannot stand in a certificate"):
        make_trial("N", "名@例", datetime(2026, 12, 1, tzinfo=UTC))
