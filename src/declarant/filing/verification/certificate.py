"""Whose certificate it is: valid on the day, the one expected, issued under a trusted authority.

Revocation is not looked up: verification works off line, and says so where trust is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from declarant.filing.keys import least_bits
from declarant.filing.trial_key import is_trial
from declarant.filing.verification.report import Expectations, Identity, error
from declarant.problems import Finding, Place, Severity

Extension = TypeVar("Extension", bound=x509.ExtensionType)
CERTIFICATE = Place(field="certificate")


def check_certificate(
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    signed_at: datetime | None,
    sender: str | None,
    expectations: Expectations,
) -> tuple[Identity, tuple[Finding, ...]]:
    """Return what is known of the signer, and what speaks against it.

    `sender` is the e-mail address the message claims to come from.
    """
    identity, found = _identity(certificate, chain, signed_at, expectations)
    return identity, (
        *found,
        *_validity(certificate, signed_at, expectations.at),
        *_suitability(certificate),
        *_address(certificate, sender),
    )


def _identity(
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    signed_at: datetime | None,
    expectations: Expectations,
) -> tuple[Identity, tuple[Finding, ...]]:
    """Require each thing that was asked for: the very certificate, and an authority behind it."""
    name = certificate.subject.rfc4514_string()
    print_of = certificate.fingerprint(hashes.SHA256()).hex()
    refused: list[Finding] = []
    if expectations.certificates and certificate not in expectations.certificates:
        what = f"another certificate signed: {name} (SHA-256 {print_of}), not the expected one."
        mend = "Ask the person it should come from whether they signed, by another way than mail."
        refused.append(error("certificate.unexpected", what, CERTIFICATE, mend))
    if expectations.authorities:
        problem = _chain_problem(certificate, chain, signed_at, expectations.authorities)
        if problem is not None:
            what = f"the certificate of {name} was not issued under a trusted authority: {problem}."
            mend = "Ask the sender for a certificate of a trusted authority, or trust its issuer."
            refused.append(error("certificate.untrusted", what, CERTIFICATE, mend))
    if refused:
        return Identity.REFUSED, tuple(refused)
    if expectations.certificates:
        return Identity.EXPECTED, ()
    if expectations.authorities:
        return Identity.TRUSTED, ()
    what = f"nothing was given that tells whether the certificate of {name} belongs to the sender."
    mend = f"Compare its SHA-256, {print_of}, with the sender's, or give --certificate or --trust."
    return Identity.NOT_CHECKED, (Finding("certificate.not_checked", what, CERTIFICATE, mend),)


def _chain_problem(
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    signed_at: datetime | None,
    authorities: tuple[x509.Certificate, ...],
) -> str | None:
    """Return why no chain leads to an authority; None when one does."""
    if certificate in authorities:
        return None
    verifier = (
        PolicyBuilder()
        .store(Store(list(authorities)))
        .time(signed_at or certificate.not_valid_before_utc)
        .extension_policies(
            ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all()
        )
        .build_client_verifier()
    )
    try:
        verifier.verify(certificate, list(chain))
    except VerificationError as problem:
        return str(problem)
    return None


def _validity(
    certificate: x509.Certificate, signed_at: datetime | None, at: datetime | None
) -> Iterator[Finding]:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if signed_at is None:
        what = "the signature does not say when it was made."
        yield error("signature.no_time", what, Place(field="signature"), "Ask for a dated one.")
    for moment, event in ((signed_at, "when the message was signed"), (at, "on the day asked for")):
        if moment is not None and not begins <= moment <= ends:
            what = (
                f"the certificate was not valid {event}, {moment:%Y-%m-%d}: it is valid from "
                f"{begins:%Y-%m-%d} to {ends:%Y-%m-%d}."
            )
            yield error("certificate.not_valid", what, CERTIFICATE, "Ask for a new signature.")


def _suitability(certificate: x509.Certificate) -> Iterator[Finding]:
    if is_trial(certificate):
        what = "the certificate says that it is for trial only."
        mend = "File with a certificate that an authority issued to the certifying officer."
        yield Finding("certificate.trial", what, CERTIFICATE, mend)
    key = certificate.public_key()
    least = least_bits(key)
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) and key.key_size < least:
        what = f"the key has {key.key_size} bits, too few to trust a signature: {least} are needed."
        yield error("certificate.weak_key", what, CERTIFICATE, "Ask for a stronger key.")
    usage = _extension(certificate, x509.KeyUsage)
    if usage and not (usage.digital_signature or usage.content_commitment):
        what = "the certificate was not issued for signing."
        yield error("certificate.usage", what, CERTIFICATE, "Ask for one that was.")


def _address(certificate: x509.Certificate, sender: str | None) -> Iterator[Finding]:
    names = _extension(certificate, x509.SubjectAlternativeName)
    addresses = names.get_values_for_type(x509.RFC822Name) if names else []
    if sender and addresses and sender.lower() not in (item.lower() for item in addresses):
        yield Finding(
            "certificate.address",
            f"the message comes from {sender}, but the certificate is for {', '.join(addresses)}.",
            CERTIFICATE,
            "Find out whether both are the same person.",
            Severity.WARNING,
        )


def _extension(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
