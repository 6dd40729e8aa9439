"""The agency as an administrator entered it: its mailbox and its certificates."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext as _

from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.filings.models import AgencyRecord
from declarant.desk.filer.filings.models.keys import fingerprint_of
from declarant.filing.keys import File, read_certificates
from declarant.law.quarters import REPORTING_RULE
from declarant.problems import bad_input


def agency_of(regime: str = REPORTING_RULE) -> AgencyRecord | None:
    """Return the agency of a law as it was entered last; None when nobody entered it."""
    return AgencyRecord.objects.filter(regime=regime).first()


def agency_certificates(regime: str = REPORTING_RULE) -> tuple[x509.Certificate, ...]:
    """Return the certificates of which one must have signed what comes from the agency."""
    agency = agency_of(regime)
    return agency.signing_certificates if agency else ()


def enter(
    person: User,
    regime: str,
    name: str,
    email: str,
    signing: File | None,
    sealing: File | None,
) -> AgencyRecord:
    """Record the agency; a file that is not given leaves those certificates as they are.

    Raises:
        BadInput: when a certificate cannot be read, or cannot be encrypted to.
    """
    former = agency_of(regime)
    signing_pem = pem_of(read_certificates(signing)) if signing else ""
    sealing_pem = pem_of(_for_sealing(sealing)) if sealing else ""
    row = AgencyRecord(
        regime=regime,
        name=name.strip(),
        email=email.strip(),
        signing=signing_pem or (former.signing if former else ""),
        sealing=sealing_pem or (former.sealing if former else ""),
        by=person,
    )
    with change(
        person,
        "agency.entered",
        subject=f"agency:{regime}",
        name=row.name,
        email=row.email,
        signed_by=[fingerprint_of(item) for item in row.signing_certificates],
        encrypted_to=[fingerprint_of(item) for item in row.sealing_certificates],
    ):
        row.save(force_insert=True)
    return row


def _for_sealing(file: File) -> tuple[x509.Certificate, ...]:
    certificates = read_certificates(file)
    for certificate in certificates:
        if not isinstance(certificate.public_key(), rsa.RSAPublicKey):
            raise bad_input(
                "agency.sealing",
                _("holds a certificate without an RSA key, and nothing can be encrypted to that."),
                mend=_("Ask the agency for its certificate for encryption."),
                file=file.name,
            )
    return certificates


def pem_of(certificates: tuple[x509.Certificate, ...]) -> str:
    """Return certificates as PEM, one after the other."""
    return "".join(item.public_bytes(Encoding.PEM).decode() for item in certificates)
