"""Signing with keys on a real token (SoftHSM 2): they never leave it; every failure is named."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509.oid import NameOID
from tests.desk.servers.left_out import leave_out
from typer.testing import CliRunner

from declarant.cli.app import app
from declarant.filing.documents import Notification
from declarant.filing.keys import File, Signer
from declarant.filing.message import Filing, signed_message
from declarant.filing.pkcs11 import read_token_signer
from declarant.filing.token_problems import token_problem
from declarant.filing.token_uri import read_token_uri
from declarant.filing.verification import Expectations, verify
from declarant.problems import BadInput

pkcs11 = pytest.importorskip("pkcs11")

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
MODULE = next((name for name in MODULES if Path(name).exists()), None)
PIN = "246810"
NOW = datetime(2027, 1, 8, 17, 30, tzinfo=UTC)
CONTENT = b"what is signed"


@dataclass(frozen=True)
class Tokens:
    """Tokens `Officer` (keys rsa, p256, p384, deaf, weak) and `Empty`; the keys' certificates."""

    certificates: dict[str, x509.Certificate]
    authority: x509.Certificate
    configuration: str


def needs_softhsm() -> None:
    if MODULE is None:
        leave_out("SoftHSM 2 is not installed (package softhsm2): signing with a token")


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tokens]:
    needs_softhsm()
    folder = tmp_path_factory.mktemp("tokens")
    configuration = folder / "softhsm2.conf"
    (folder / "store").mkdir()
    configuration.write_text(
        f"directories.tokendir = {folder}/store\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(configuration))
        for label in ("Officer", "Empty"):
            subprocess.run(
                ["softhsm2-util", "--init-token", "--free", "--label", label,
                 "--pin", PIN, "--so-pin", "13579111"],
                check=True, capture_output=True,
            )  # fmt: skip
        library = pkcs11.lib(MODULE)
        library.reinitialize()
        yield _filled(library, str(configuration))
        library.finalize()  # the next user of the module reads its own configuration


def _filled(library: Any, configuration: str) -> Tokens:
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _issued(authority_key.public_key(), "Authority", authority_key, "Authority")
    certificates = {}
    with library.get_token(token_label="Officer").open(rw=True, user_pin=PIN) as session:
        for number, name in enumerate(("rsa", "p256", "p384", "deaf", "weak"), start=1):
            options: dict[str, Any] = {"id": bytes([number]), "label": name, "store": True}
            if name == "deaf":
                options["private_template"] = {pkcs11.Attribute.SIGN: False}
            if name.startswith("p"):
                oid = {"p256": "secp256r1", "p384": "secp384r1"}[name]
                curve = session.create_domain_parameters(
                    pkcs11.KeyType.EC,
                    {pkcs11.Attribute.EC_PARAMS: pkcs11.util.ec.encode_named_curve_parameters(oid)},
                    local=True,
                )
                public, private = curve.generate_keypair(**options)
                der = pkcs11.util.ec.encode_ec_public_key(public)
            else:
                bits = 1024 if name == "weak" else 2048
                public, private = session.generate_keypair(pkcs11.KeyType.RSA, bits, **options)
                der = pkcs11.util.rsa.encode_rsa_public_key(public)
                der = _rsa_info(der)
            assert private[pkcs11.Attribute.SENSITIVE]
            assert not private[pkcs11.Attribute.EXTRACTABLE]
            certificates[name] = _issued(
                load_der_public_key(der), f"Officer {name}", authority_key, "Authority"
            )
        for number, item in ((1, certificates["rsa"]), (2, certificates["p256"]), (9, authority)):
            session.create_object(
                {
                    pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                    pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                    pkcs11.Attribute.TOKEN: True,
                    pkcs11.Attribute.ID: bytes([number]),
                    pkcs11.Attribute.LABEL: f"certificate {number}",
                    pkcs11.Attribute.SUBJECT: item.subject.public_bytes(),
                    pkcs11.Attribute.VALUE: item.public_bytes(Encoding.DER),
                }
            )
    return Tokens(certificates, authority, configuration)


def _rsa_info(der: bytes) -> bytes:
    from asn1crypto.keys import PublicKeyInfo, RSAPublicKey

    return bytes(PublicKeyInfo.wrap(RSAPublicKey.load(der), "rsa").dump())


def _issued(public: Any, name: str, issuer_key: Any, issuer: str) -> x509.Certificate:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=900))
        .not_valid_after(NOW + dt.timedelta(days=900))
        .add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def uri(path: str = "token=Officer;object=rsa") -> str:
    return f"pkcs11:{path}?module-path={MODULE or '/nowhere.so'}"


def pem(certificate: x509.Certificate) -> File:
    return File("given.pem", certificate.public_bytes(Encoding.PEM))


def reading(path: str, given: File | None = None, pin: str = PIN) -> Signer:
    return read_token_signer(read_token_uri(uri(path)), given, lambda _: pin.encode())


def refused(path: str, given: File | None = None, pin: str = PIN) -> str:
    with pytest.raises(BadInput) as problem:
        reading(path, given, pin).sign(CONTENT)
    (finding,) = problem.value.findings
    assert finding.mend
    assert pin not in str(finding)
    return finding.code


@pytest.mark.parametrize("name", ["rsa", "p256"])
def test_the_token_signs_and_its_certificate_proves_it(tokens: Tokens, name: str) -> None:
    signer = reading(f"token=Officer;object={name}")
    assert signer.certificate == tokens.certificates[name]
    assert signer.chain == (tokens.authority,)
    key = signer.certificate.public_key()
    signature = signer.sign(CONTENT)
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, CONTENT, padding.PKCS1v15(), hashes.SHA256())
    else:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(signature, CONTENT, ec.ECDSA(hashes.SHA256()))
    assert PIN not in repr(signer)


@pytest.mark.parametrize("name", ["rsa", "p256", "p384"])
def test_a_message_signed_by_a_token_is_valid(
    tokens: Tokens, filing: Filing, notification: Notification, name: str
) -> None:
    signer = reading(f"token=Officer;object={name}", pem(tokens.certificates[name]))
    message = signed_message(filing, signer, NOW)
    result = verify(File("m.eml", message), Expectations(certificates=(tokens.certificates[name],)))
    assert [f.code for f in result.findings if f.severity == "error"] == []
    assert result.document == notification


def test_a_key_is_named_by_its_id_and_a_token_by_its_serial_number(tokens: Tokens) -> None:
    (serial,) = {
        token.serial.decode().strip()
        for token in pkcs11.lib(MODULE).get_tokens(token_label="Officer")
    }
    signer = reading(f"serial={serial};id=%02")
    assert signer.certificate == tokens.certificates["p256"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("token=Offizier;object=rsa", "token.absent"),
        ("token=Officer;serial=0000;object=rsa", "token.absent"),
        ("object=rsa", "token.several"),
        ("token=Officer;object=none", "token.no_key"),
        ("token=Officer;object=rsa;id=%02", "token.no_key"),
        ("token=Empty", "token.no_key"),
        ("token=Officer", "token.several_keys"),
        ("token=Officer;object=deaf", "token.key_not_for_signing"),
        ("token=Officer;object=p384", "key.no_certificate"),
    ],
)
def test_what_is_not_there_is_named(tokens: Tokens, path: str, code: str) -> None:
    assert refused(path) == code


def test_a_wrong_pin_is_tried_once(tokens: Tokens) -> None:
    asked = []

    def ask(label: str) -> bytes:
        asked.append(label)
        return b"000000"

    with pytest.raises(BadInput, match="the PIN is wrong"):
        read_token_signer(read_token_uri(uri()), None, ask)
    assert asked == ["Officer"]
    assert refused("token=Officer;object=rsa", pin="~") == "token.pin_wrong"
    assert reading("token=Officer;object=rsa").sign(CONTENT)  # and the right one still opens it


def test_the_certificate_must_be_that_of_the_key(tokens: Tokens) -> None:
    other = pem(tokens.certificates["p384"])
    assert refused("token=Officer;object=rsa", other) == "key.no_certificate"


def test_a_weak_key_is_refused(tokens: Tokens) -> None:
    given = pem(tokens.certificates["weak"])
    assert refused("token=Officer;object=weak", given) == "key.unusable"


def test_a_token_taken_out_before_signing_is_named(tokens: Tokens, tmp_path: Path) -> None:
    signer = reading("token=Officer;object=rsa")
    empty = tmp_path / "empty.conf"
    (tmp_path / "store").mkdir()
    empty.write_text(f"directories.tokendir = {tmp_path}/store\n")
    library = pkcs11.lib(MODULE)
    try:
        os.environ["SOFTHSM2_CONF"] = str(empty)
        library.reinitialize()
        with pytest.raises(BadInput, match="no token there fits"):
            signer.sign(CONTENT)
    finally:
        os.environ["SOFTHSM2_CONF"] = tokens.configuration
        library.reinitialize()
    assert signer.sign(CONTENT)


@pytest.mark.parametrize(
    ("error", "code"),
    [  # SoftHSM never locks, breaks or goes away in the middle
        ("PinLocked", "token.pin_locked"),
        ("UserPinNotInitialized", "token.pin_not_set"),
        ("DeviceRemoved", "token.absent"),
        ("MechanismInvalid", "token.key_not_for_signing"),
        ("DeviceError", "token.failed"),
    ],
)
def test_what_other_tokens_say_is_explained(error: str, code: str) -> None:
    problem = token_problem(read_token_uri(uri()), getattr(pkcs11, error)())
    (finding,) = problem.findings
    assert finding.code == code
    assert finding.mend


@pytest.mark.parametrize("module", ["/nowhere.so", "/etc/hostname"])
def test_what_is_no_module_is_named(module: str) -> None:
    asked = read_token_uri(f"pkcs11:token=Officer?module-path={module}")
    with pytest.raises(BadInput, match="is no module of PKCS #11"):
        read_token_signer(asked, None, lambda _: b"")


REGISTER = Path(__file__).resolve().parents[2] / "examples" / "cedar-ridge"


def filed(out: Path, *more: str, pin: str | None = PIN) -> Any:
    command = ["file", str(REGISTER), "--quarter", "2026Q4", "--out", str(out), "--json", *more]
    return CliRunner(env={"DECLARANT_KEY_PASSPHRASE": pin}).invoke(app, command)


def test_the_command_signs_with_a_token(tokens: Tokens, tmp_path: Path) -> None:
    done = filed(tmp_path / "out", "--sign-with", uri("token=Officer;object=p256"))
    told = json.loads(done.stdout)
    assert (done.exit_code, told["signed"]) == (0, True)
    certificate = tmp_path / "officer.pem"
    certificate.write_bytes(pem(tokens.certificates["p256"]).data)
    message = told["files"]["message"]
    checked = CliRunner().invoke(app, ["verify", message, "--certificate", str(certificate)])
    assert (checked.exit_code, "VALID (no errors)" in checked.stdout) == (0, True)


def test_the_command_says_what_is_wrong_and_writes_nothing(tokens: Tokens, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for pin, words in (("000000", "the PIN is wrong"), (None, "is protected by a PIN")):
        done = filed(out, "--sign-with", uri(), pin=pin)
        assert done.exit_code == 2
        assert words in done.output
        assert not out.exists()


PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "sign-with-a-token.md"


@pytest.mark.slow
def test_the_page_runs_as_it_is_written(tmp_path: Path) -> None:
    needs_softhsm()
    (script,) = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    script = script.replace("/usr/lib/softhsm/libsofthsm2.so", str(MODULE))
    shutil.copytree(REGISTER, tmp_path / "examples" / REGISTER.name)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "VALID (no errors)" in done.stdout
