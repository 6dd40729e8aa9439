"""Messages that were changed, cut, stripped, or signed by somebody else: what is said of each."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from declarant.filing.covering_text import covering_text
from declarant.filing.keys import File, SignerInMemory
from declarant.filing.message import Filing, draft_message, sealed_message, signed_message
from declarant.filing.verification import Expectations, Identity, Verification, verify
from declarant.problems import BadInput, Finding, Severity

Fields = dict[str, Callable[[], dict[str, Any]]]


def checked(message: bytes, signer: SignerInMemory | None = None, **expected: Any) -> Verification:
    if signer is not None:
        expected["certificates"] = (signer.certificate,)
    return verify(File("m.eml", message), Expectations(**expected))


def errors(result: Verification) -> dict[str, Finding]:
    return {f.code: f for f in result.findings if f.severity is Severity.ERROR}


def codes(result: Verification) -> list[str]:
    return [finding.code for finding in result.findings]


def flipped(message: bytes, position: int, by: int = 1) -> bytes:
    changed = bytes([message[position] ^ by])
    position %= len(message)
    return message[:position] + changed + message[position + 1 :]


def attachment_at(message: bytes, name: str) -> tuple[int, int]:
    """Where the base64 text of an attachment begins and ends."""
    header = message.index(f'filename="{name}"'.encode())
    begins = message.index(b"\r\n\r\n", header) + 4
    return begins, message.index(b"\r\n--", begins)


def test_a_message_as_sent_is_valid(signed: bytes, trial: SignerInMemory, filing: Filing) -> None:
    result = checked(signed, trial)
    assert result.valid
    assert result.signed
    assert result.document == filing.document
    assert [item.state for item in result.attachments] == ["intact"] * 3
    assert set(codes(result)) == {"certificate.trial", "statement.not_ticked"}


def test_the_published_result(signed: bytes, trial: SignerInMemory) -> None:
    published = checked(signed, trial).as_json()
    assert published["valid"] is True
    assert published["signer"]["identity"] == "expected"
    assert published["signer"]["signed_at"] == "2027-01-08T17:30:00+00:00"
    assert published["document"]["quarter"] == "2026Q4"
    for finding in published["findings"]:
        assert {"code", "where", "what", "mend"} <= finding.keys()


def test_stored_with_unix_line_ends_it_stays_valid(signed: bytes, trial: SignerInMemory) -> None:
    result = checked(signed.replace(b"\r\n", b"\n"), trial)
    assert result.valid
    assert "envelope.outside" not in codes(result)


def test_one_changed_byte_in_the_text(signed: bytes, trial: SignerInMemory) -> None:
    found = errors(checked(signed.replace(b"Reportable", b"Repartable", 1), trial))
    assert list(found) == ["signature.content_changed"]
    assert found["signature.content_changed"].where.field == "signed part"
    assert "at least one byte" in found["signature.content_changed"].what


@pytest.mark.parametrize("name", ["json", "pdf", "ics"])
def test_one_changed_byte_in_an_attachment(signed: bytes, trial: SignerInMemory, name: str) -> None:
    begins, ends = attachment_at(signed, f"notification-2026Q4.{name}")
    found = errors(checked(flipped(signed, (begins + ends) // 2), trial))
    assert "signature.content_changed" in found
    assert found["attachment.changed"].where.file == f"notification-2026Q4.{name}"
    assert "SHA-256" in found["attachment.changed"].what


def test_one_changed_byte_in_the_manifest(signed: bytes, trial: SignerInMemory) -> None:
    begins, _ = attachment_at(signed, "manifest.json")
    assert "signature.content_changed" in errors(checked(flipped(signed, begins + 40), trial))


def test_one_changed_byte_in_the_signature(signed: bytes, trial: SignerInMemory) -> None:
    begins, ends = attachment_at(signed, "smime.p7s")
    der = flipped(base64.b64decode(signed[begins:ends]), -20)
    text = base64.b64encode(der)
    lines = [text[start : start + 76] for start in range(0, len(text), 76)]
    result = checked(signed[:begins] + b"\r\n".join(lines) + signed[ends:], trial)
    assert list(errors(result)) == ["signature.invalid"]
    assert "envelope.outside" not in codes(result)


def test_a_signature_that_is_no_signature(signed: bytes, trial: SignerInMemory) -> None:
    begins, ends = attachment_at(signed, "smime.p7s")
    for text in (b"", b"AAAA", b"!!!!", b"MIIB"):
        result = checked(signed[:begins] + text + signed[ends:], trial)
        assert list(errors(result)) == ["signature.unreadable"]


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("Subject", b"2026Q4: Meridian", b"2026Q3: Meridian"),
        ("From", b"Dana R.", b"Dino R."),
        ("To", b"filings@agency", b"filings@agenda"),
        ("Date", b"08 Jan 2027", b"09 Jan 2027"),
        ("Subject", b"=?utf-8?b", b"=?\xf5tf-8?b"),
    ],
)
def test_one_changed_byte_in_a_header_field(
    signed: bytes, trial: SignerInMemory, field: str, before: bytes, after: bytes
) -> None:
    found = errors(checked(signed.replace(before, after, 1), trial))
    assert list(found) == ["header.changed"]
    assert found["header.changed"].where.field == f"header field {field}"


def test_what_mail_servers_add_is_named_and_harmless(signed: bytes, trial: SignerInMemory) -> None:
    delivered = b"Received: from a by b; Fri, 08 Jan 2027 17:31:00 +0000\r\n" + signed
    result = checked(delivered, trial)
    assert result.valid
    outside = next(f for f in result.findings if f.code == "envelope.outside")
    assert outside.where.line == 1
    assert outside.severity is Severity.NOTE


def test_a_missing_attachment(filing: Filing, trial: SignerInMemory, signed_at: datetime) -> None:
    """Somebody leaves out the form and signs the rest."""
    kept = tuple(item for item in filing.attachments if item.role != "form")
    message = signed_message(Filing(filing.document, kept, filing.manifest), trial, signed_at)
    result = checked(message, trial)
    found = errors(result)
    assert list(found) == ["attachment.missing"]
    assert found["attachment.missing"].where.file == "notification-2026Q4.pdf"
    assert [item.state for item in result.attachments] == ["intact", "missing", "intact"]


def test_a_missing_attachment_in_a_message_on_its_way(signed: bytes, trial: SignerInMemory) -> None:
    boundary = re.search(rb'boundary="(filing-[0-9a-f]+)"', signed)
    assert boundary
    parts = signed.split(b"--" + boundary[1])
    without = (b"--" + boundary[1]).join(p for p in parts if b'2026Q4.json"' not in p)
    found = errors(checked(without, trial))
    assert {"signature.content_changed", "attachment.missing"} <= set(found)
    assert found["attachment.missing"].where.file == "notification-2026Q4.json"


def test_a_message_without_its_manifest(signed: bytes, trial: SignerInMemory) -> None:
    found = errors(checked(signed.replace(b"manifest.json", b"manifold.json"), trial))
    assert found["attachment.no_manifest"].where.file == "manifest.json"


def test_an_attachment_that_the_manifest_does_not_name(
    filing: Filing, trial: SignerInMemory, signed_at: datetime
) -> None:
    form = filing.attachments[1]
    extra = type(form)("invoice.exe", "application/octet-stream", "form", b"MZ")
    attached = (*filing.attachments, extra)
    result = checked(
        signed_message(Filing(filing.document, attached, filing.manifest), trial, signed_at), trial
    )
    named = [f for f in result.findings if f.code == "attachment.not_named"]
    assert [f.where.file for f in named] == ["invoice.exe"]


def test_two_attachments_of_one_name(
    filing: Filing, trial: SignerInMemory, signed_at: datetime
) -> None:
    first = filing.attachments[0]
    attached = (*filing.attachments, type(first)(first.name, first.media_type, first.role, b"{}"))
    message = signed_message(Filing(filing.document, attached, filing.manifest), trial, signed_at)
    assert errors(checked(message, trial))["attachment.twice"].where.file == first.name


def test_a_form_of_another_document(
    make_notification: Callable[..., Any],
    filing: Filing,
    trial: SignerInMemory,
    signed_at: datetime,
) -> None:
    from declarant.filing.calendar import calendar

    other = make_notification(notices=("Another.",))
    mixed = Filing.of(other, filing.attachments[1].data, calendar(other))
    found = errors(checked(signed_message(mixed, trial, signed_at), trial))
    assert found["form.other_document"].where.file == "notification-2026Q4.pdf"
    assert other.sha256 in found["form.other_document"].what


def test_a_form_that_was_edited(filing: Filing, trial: SignerInMemory, signed_at: datetime) -> None:
    document, (_, form, ics) = filing.document, filing.attachments
    edited = form.data.replace(b"/Marked true", b"/Marked  true")
    assert edited != form.data
    found = errors(
        checked(signed_message(Filing.of(document, edited, ics.data), trial, signed_at), trial)
    )
    assert list(found) == ["form.changed"]


def test_a_calendar_that_was_edited(
    filing: Filing, trial: SignerInMemory, signed_at: datetime
) -> None:
    document, (_, form, ics) = filing.document, filing.attachments
    edited = ics.data.replace(b"20270415", b"20280415")
    found = errors(
        checked(signed_message(Filing.of(document, form.data, edited), trial, signed_at), trial)
    )
    assert list(found) == ["calendar.changed"]


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9, 0.985, 0.995])
def test_a_truncated_message(signed: bytes, trial: SignerInMemory, share: float) -> None:
    found = errors(checked(signed[: int(len(signed) * share)], trial))
    assert "envelope.truncated" in found
    assert "cut off" in found["envelope.truncated"].what


def test_cut_inside_the_header(signed: bytes, trial: SignerInMemory) -> None:
    result = checked(signed[:60], trial)
    assert not result.valid
    assert "signature.absent" in errors(result)


@pytest.mark.parametrize("data", [b"", b"   \r\n\r\n", b"\n"])
def test_a_file_of_0_bytes(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"m\.eml: the file is empty"):
        checked(data)


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02", b"PK\x03\x04", b"[1, 2]", b"hello", "你好".encode(), b"\xff" * 99]
)
def test_a_file_that_is_nothing_of_this(data: bytes) -> None:
    with pytest.raises(BadInput, match="neither a mail message, nor a JSON document, nor a PDF"):
        checked(data)


@pytest.mark.parametrize("kind", ["multipart/mixed", "multipart/signed"])
def test_parts_within_parts_without_end(kind: str) -> None:
    parts = "".join(f"Content-Type: {kind}; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(2000))
    with pytest.raises(BadInput, match="parts within parts without end"):
        checked(f"From: a@b.example\r\n{parts}\r\n".encode())


def test_an_unsigned_message_is_a_draft(filing: Filing, signed_at: datetime) -> None:
    draft = draft_message(filing, signed_at)
    assert list(errors(checked(draft))) == ["signature.absent"]
    allowed = checked(draft, allow_draft=True)
    assert allowed.valid
    assert not allowed.signed
    assert allowed.document == filing.document


def test_a_stripped_signature_is_no_draft_to_whoever_did_not_ask_for_one(signed: bytes) -> None:
    content = signed[signed.index(b"\r\n--signed-") + 2 :]
    content = content[content.index(b"\r\n") + 2 :]
    content = content[: content.index(b"\r\n--signed-")]
    assert "signature.absent" in errors(checked(content))


def test_a_draft_is_no_answer_to_who_signed(
    filing: Filing, signed: bytes, trial: SignerInMemory, signed_at: datetime
) -> None:
    """A signature stripped on the way leaves a draft; whoever names a signer asks for more."""
    content = signed[signed.index(b"\r\n--signed-") + 2 :]
    content = content[content.index(b"\r\n") + 2 :]
    stripped = content[: content.index(b"\r\n--signed-")]
    for message in (stripped, draft_message(filing, signed_at)):
        assert checked(message, allow_draft=True).valid
        for asked in ("certificates", "authorities"):
            result = checked(message, allow_draft=True, **{asked: (trial.certificate,)})
            assert list(errors(result)) == ["signature.absent"]


def test_a_second_form_hides_behind_none(
    make_notification: Callable[..., Any],
    filing: Filing,
    trial: SignerInMemory,
    fields: Fields,
    signed_at: datetime,
) -> None:
    """Two files named as forms, one of them of somebody else: which counts is not said."""
    from declarant.filing.manifest import Manifest
    from declarant.filing.pdf import render

    person = fields["common"]()["person"] | {"name": "Somebody Else"}
    form = filing.attachments[1]
    other = type(form)(
        "form.pdf", form.media_type, "form", render(make_notification(person=person)).pdf
    )
    for attached in ((other, *filing.attachments), (*filing.attachments, other)):
        manifest = Manifest.of(filing.document.id, attached).as_bytes()
        message = signed_message(Filing(filing.document, attached, manifest), trial, signed_at)
        assert "attachment.second" in errors(checked(message, trial))


@pytest.mark.parametrize("part", ["form", "calendar"])
def test_another_version_is_no_excuse_for_another_form(
    make_notification: Callable[..., Any],
    trial: SignerInMemory,
    fields: Fields,
    signed_at: datetime,
    part: str,
) -> None:
    """The sender names the version: a form of another person must not pass for it."""
    from declarant.filing.calendar import calendar
    from declarant.filing.pdf import render

    common = fields["common"]()
    product = common["product"] | {"version": "0.0.9"}
    document = make_notification(product=product)
    other = make_notification(
        product=product, person=common["person"] | {"name": "Somebody Else"}, clocks=()
    )
    forged = render(other).pdf.replace(other.sha256.encode(), document.sha256.encode())
    made = (
        (forged, calendar(document)) if part == "form" else (render(document).pdf, calendar(other))
    )
    message = signed_message(Filing.of(document, *made), trial, signed_at)
    assert list(errors(checked(message, trial))) == [f"{part}.not_compared"]
    relied_on_json = checked(message, trial, ignore_form=True)
    assert relied_on_json.valid
    (told,) = [f for f in relied_on_json.findings if f.code == f"{part}.not_compared"]
    assert told.severity is Severity.NOTE


def test_ignoring_the_form_does_not_excuse_one_that_was_changed(
    filing: Filing, trial: SignerInMemory, signed_at: datetime
) -> None:
    document, (_, form, ics) = filing.document, filing.attachments
    edited = form.data.replace(b"/Marked true", b"/Marked  true")
    message = signed_message(Filing.of(document, edited, ics.data), trial, signed_at)
    assert list(errors(checked(message, trial, ignore_form=True))) == ["form.changed"]


def test_a_wrong_certificate(signed: bytes, filing: Filing, signed_at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    other = SignerInMemory(key, issued(key, "Somebody Else"))
    found = errors(checked(signed, other))
    assert list(found) == ["certificate.unexpected"]
    assert "TRIAL ONLY: Dana R. Whitfield" in found["certificate.unexpected"].what
    assert found["certificate.unexpected"].where.field == "certificate"
    result = checked(signed_message(filing, other, signed_at), other)
    assert result.valid
    assert "certificate.trial" not in codes(result)


def test_without_an_expectation_nobody_is_vouched_for(signed: bytes) -> None:
    result = checked(signed)
    assert result.valid
    assert result.signer is not None
    assert result.signer.identity is Identity.NOT_CHECKED
    assert "certificate.not_checked" in codes(result)


def issued(
    key: Any,
    name: str,
    by: tuple[Any, x509.Certificate] | None = None,
    *,
    authority: bool = False,
    days: int = 3650,
    addresses: tuple[str, ...] = (),
    signing: bool = True,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    issuer_key, issuer = by or (key, None)
    usage = x509.KeyUsage(signing, signing, False, False, False, authority, authority, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if addresses:
        names = x509.SubjectAlternativeName([x509.RFC822Name(item) for item in addresses])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


@pytest.fixture(scope="module")
def authority() -> dict[str, Any]:
    """A root, an authority under it, an officer's certificate, and a root nobody issued under."""
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("root", "sub", "own", "x")}
    root = issued(keys["root"], "Root", authority=True)
    sub = issued(keys["sub"], "Sub", (keys["root"], root), authority=True)
    own = issued(keys["own"], "Officer", (keys["sub"], sub), addresses=("d@m.example",))
    return {
        "root": root,
        "sub": sub,
        "other": issued(keys["x"], "Other Root", authority=True),
        "keys": keys,
        "signer": SignerInMemory(keys["own"], own, (sub,)),
    }


def test_a_certificate_under_a_trusted_authority(
    filing: Filing, authority: dict[str, Any], signed_at: datetime
) -> None:
    message = signed_message(filing, authority["signer"], signed_at)
    result = checked(message, authorities=(authority["root"],))
    assert result.valid
    assert result.signer is not None
    assert result.signer.identity is Identity.TRUSTED
    assert "signature.unusual_form" not in codes(result)
    found = errors(checked(message, authorities=(authority["other"],)))
    assert list(found) == ["certificate.untrusted"]


def test_an_authority_is_asked_for_besides_the_very_certificate(
    filing: Filing, trial: SignerInMemory, authority: dict[str, Any], signed_at: datetime
) -> None:
    """Whoever else the authority issued to is still somebody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    sub = authority["signer"].chain[0]
    colleague = SignerInMemory(
        key, issued(key, "Colleague", (authority["keys"]["sub"], sub)), (sub,)
    )
    expected = {"authorities": (authority["root"],)}
    message = signed_message(filing, colleague, signed_at)
    assert checked(message, colleague, **expected).valid
    result = checked(message, authority["signer"], **expected)
    assert list(errors(result)) == ["certificate.unexpected"]
    assert result.signer is not None
    assert result.signer.identity is Identity.REFUSED
    alone = checked(signed_message(filing, trial, signed_at), trial, **expected)
    assert list(errors(alone)) == ["certificate.untrusted"]
    neither = checked(signed_message(filing, trial, signed_at), colleague, **expected)
    assert list(errors(neither)) == ["certificate.unexpected", "certificate.untrusted"]


@pytest.mark.parametrize(
    ("curve", "trusted"),
    [
        (ec.SECP192R1(), False),
        (ec.SECP224R1(), False),
        (ec.SECP256R1(), True),
        (ec.SECP384R1(), True),
    ],
)
def test_a_curve_below_p_256_is_not_trusted(
    filing: Filing, signed_at: datetime, curve: ec.EllipticCurve, trusted: bool
) -> None:
    key = ec.generate_private_key(curve)
    signer = SignerInMemory(key, issued(key, "Officer"))
    found = errors(checked(signed_message(filing, signer, signed_at), signer))
    assert list(found) == ([] if trusted else ["certificate.weak_key"])
    if not trusted:
        assert f"{curve.key_size} bits" in found["certificate.weak_key"].what


def test_without_the_certificate_between_trust_cannot_be_shown(
    filing: Filing, authority: dict[str, Any], signed_at: datetime
) -> None:
    alone = SignerInMemory(authority["signer"].key, authority["signer"].certificate)
    message = signed_message(filing, alone, signed_at)
    assert "certificate.untrusted" in errors(checked(message, authorities=(authority["root"],)))
    assert checked(message, authorities=(authority["sub"],)).valid


def test_somebody_without_authority_cannot_issue(
    filing: Filing, authority: dict[str, Any], signed_at: datetime
) -> None:
    """An officer's own certificate issues another: the chain fits, but he may not."""
    officer = authority["signer"]
    key = ec.generate_private_key(ec.SECP256R1())
    forged = issued(key, "Forged", (officer.key, officer.certificate))
    signer = SignerInMemory(key, forged, (officer.certificate, authority["sub"]))
    message = signed_message(filing, signer, signed_at)
    assert "certificate.untrusted" in errors(checked(message, authorities=(authority["root"],)))


def test_the_certificate_must_be_valid_on_the_day(
    filing: Filing, authority: dict[str, Any], signed_at: datetime
) -> None:
    message = signed_message(filing, authority["signer"], signed_at)
    expected = {"certificates": (authority["signer"].certificate,)}
    assert checked(message, at=datetime(2030, 1, 1, tzinfo=UTC), **expected).valid
    found = errors(checked(message, at=datetime(2040, 1, 1, tzinfo=UTC), **expected))
    assert "on the day asked for, 2040-01-01" in found["certificate.not_valid"].what


def test_a_certificate_of_somebody_elses_address(
    filing: Filing, authority: dict[str, Any], signed_at: datetime
) -> None:
    result = checked(signed_message(filing, authority["signer"], signed_at))
    found = next(f for f in result.findings if f.code == "certificate.address")
    assert "dana.whitfield@meridian.example" in found.what
    assert "d@m.example" in found.what


def test_a_certificate_that_is_not_for_signing(filing: Filing, signed_at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    signer = SignerInMemory(key, issued(key, "Server", signing=False))
    assert "certificate.usage" in errors(checked(signed_message(filing, signer, signed_at)))


def test_a_signature_put_under_another_certificate(
    signed: bytes, filing: Filing, trial: SignerInMemory, signed_at: datetime
) -> None:
    """The same key, another certificate: the signature names the one it was made with."""
    from asn1crypto import cms
    from cryptography.hazmat.primitives.serialization import Encoding

    begins, ends = attachment_at(signed, "smime.p7s")
    info = cms.ContentInfo.load(base64.b64decode(signed[begins:ends]))
    other = issued(trial.key, "Another Name")
    forged = x509.load_der_x509_certificate(other.public_bytes(Encoding.DER))
    data = info["content"]
    loaded = cms.Certificate.load(forged.public_bytes(Encoding.DER))
    data["certificates"] = [cms.CertificateChoices("certificate", loaded)]
    data["signer_infos"][0]["sid"] = cms.SignerIdentifier(
        "issuer_and_serial_number",
        {"issuer": loaded.issuer, "serial_number": loaded.serial_number},
    )
    text = base64.encodebytes(info.dump(force=True)).replace(b"\n", b"\r\n")
    found = errors(checked(signed[:begins] + text + signed[ends + 2 :]))
    assert "signature.other_certificate" in found


def test_a_message_dated_otherwise_than_it_was_signed(
    filing: Filing, trial: SignerInMemory, signed_at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from declarant.filing import message as room
    from declarant.filing.signing import sign

    monkeypatch.setattr(room, "sign", lambda c, s, at: sign(c, s, at + timedelta(days=3)))
    result = checked(signed_message(filing, trial, signed_at), trial)
    found = next(f for f in result.findings if f.code == "signature.time")
    assert found.what == "the message is dated 2027-01-08, but was signed on 2027-01-11."


@pytest.fixture(scope="module")
def sealed(signed: bytes, trial: SignerInMemory) -> bytes:
    return sealed_message(signed, (trial.certificate,))


@pytest.fixture(scope="module")
def told_of_the_whole(signed: bytes, trial: SignerInMemory) -> set[tuple[str, str]]:
    """What is said of the message when nothing was changed."""
    return {(f.code, f.what) for f in checked(signed, trial).findings}


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_single_byte_changes_unseen(
    signed: bytes,
    trial: SignerInMemory,
    filing: Filing,
    told_of_the_whole: set[tuple[str, str]],
    data: st.DataObject,
) -> None:
    """Every changed byte makes the message invalid, or is named as outside what was signed."""
    head = signed.index(b"\r\n--signed-") + 1000
    signature, _ = attachment_at(signed, "smime.p7s")
    ends = len(signed) - 1
    position = data.draw(
        st.integers(0, head) | st.integers(signature - 400, ends) | st.integers(0, ends)
    )
    try:
        result = checked(flipped(signed, position, data.draw(st.integers(1, 255))), trial)
    except BadInput:  # no longer recognisable as a message
        return
    new = {(f.code, f.what) for f in result.findings} - told_of_the_whole
    assert new
    if result.valid:
        assert {code for code, _ in new} <= {"envelope.outside", "signature.unusual_form"}
        assert result.document == filing.document


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_damage_ends_in_a_traceback(
    signed: bytes, sealed: bytes, trial: SignerInMemory, data: st.DataObject
) -> None:
    """Cut, doubled, inserted, encrypted or not: always a result or a report."""
    message = data.draw(st.sampled_from([signed, sealed]))
    places = st.integers(0, len(message))
    begins, ends = sorted((data.draw(places), data.draw(places)))
    inserted = data.draw(st.binary(max_size=60) | st.just(message[begins : begins + 900]))
    damaged = message[:begins] + inserted + message[data.draw(st.sampled_from([begins, ends])) :]
    try:
        result = checked(damaged, trial, recipient=trial)
    except BadInput:
        return
    assert result.valid or errors(result)


def test_another_text_around_the_same_document_is_found(
    filing: Filing, trial: SignerInMemory, signed_at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = covering_text(filing.document, filing.attachments).replace("Person: ", "Persona:")
    monkeypatch.setattr("declarant.filing.message.covering_text", lambda *_: said)
    found = errors(checked(signed_message(filing, trial, signed_at), trial))
    assert list(found) == ["text.changed"]


def test_a_document_prepared_after_its_signature_is_told(
    filing: Filing, trial: SignerInMemory
) -> None:
    early = datetime.combine(filing.document.prepared_on, time(12), UTC) - timedelta(days=3)
    verification = checked(signed_message(filing, trial, early), trial)
    assert "signature.before_prepared" in {item.code for item in verification.findings}
