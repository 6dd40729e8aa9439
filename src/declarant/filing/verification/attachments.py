"""The attachments: all that the manifest names are there, unchanged, and none besides."""

from __future__ import annotations

from dataclasses import dataclass

from declarant.filing.canonical import sha256
from declarant.filing.manifest import MANIFEST_NAME, Attachment, Role
from declarant.filing.verification.content import read_manifest
from declarant.filing.verification.report import AttachmentReport, error
from declarant.problems import Finding, Place

_SEND_AGAIN = "Ask the sender for the whole message again."


@dataclass(frozen=True, slots=True)
class Attached:
    """The files of a message by what they are for, and what is wrong with them."""

    by_role: dict[str, tuple[str, bytes]]
    document_id: str | None
    reports: tuple[AttachmentReport, ...]
    findings: tuple[Finding, ...]
    evidence: tuple[tuple[str, bytes], ...] = ()

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files as the text of the message lists them."""
        roles: tuple[Role, ...] = ("document", "form", "calendar")
        ours = (_attachment(role, *self.by_role[role]) for role in roles if role in self.by_role)
        return (*ours, *(_attachment("evidence", name, data) for name, data in self.evidence))


def _attachment(role: Role, name: str, data: bytes) -> Attachment:
    return Attachment(name, "", role, data)


def check_attachments(files: list[tuple[str, bytes]]) -> Attached:
    """Return the attachments, compared with the manifest among them."""
    held = dict(reversed(files))  # of two with one name, the first
    findings = [
        error("attachment.twice", "is attached more than once.", Place(file=name), _SEND_AGAIN)
        for name in held
        if sum(name == other for other, _ in files) > 1
    ]
    if MANIFEST_NAME not in held:
        what = "the manifest, which names the attachments, is missing."
        findings.append(
            error("attachment.no_manifest", what, Place(file=MANIFEST_NAME), _SEND_AGAIN)
        )
        return Attached(_guessed(held), None, (), tuple(findings))
    manifest, found = read_manifest(held.pop(MANIFEST_NAME), MANIFEST_NAME)
    findings.extend(found)
    if manifest is None:
        return Attached(_guessed(held), None, (), tuple(findings))
    reports: list[AttachmentReport] = []
    by_role: dict[str, tuple[str, bytes]] = {}
    evidence: list[tuple[str, bytes]] = []
    for named in manifest.files:
        data = held.pop(named.name, None)
        where = Place(file=named.name)
        if data is None:
            state, digest = "missing", None
            what = f"is missing: the manifest names it, with {named.size:,} bytes."
            findings.append(error("attachment.missing", what, where, _SEND_AGAIN))
        else:
            digest = sha256(data)
            if named.role == "evidence":
                evidence.append((named.name, data))
            elif named.role in by_role:
                first = by_role[named.role][0]
                what = (
                    f"is a second {named.role}, beside {first}: which of them counts is not said."
                )
                findings.append(error("attachment.second", what, where, _SEND_AGAIN))
            if named.role != "evidence":
                by_role.setdefault(named.role, (named.name, data))
            state = "intact" if digest == named.sha256 else "changed"
        if state == "changed":
            what = (
                f"was changed: the manifest names {named.size:,} bytes with SHA-256 "
                f"{named.sha256}, here are {len(data or b''):,} with {digest}."
            )
            findings.append(error("attachment.changed", what, where, _SEND_AGAIN))
        reports.append(AttachmentReport(named.name, state, digest))
    for name, data in held.items():
        what = "is attached, but the manifest does not name it."
        findings.append(
            Finding("attachment.not_named", what, Place(file=name), "Do not rely on this file.")
        )
        reports.append(AttachmentReport(name, "not_named", sha256(data)))
    return Attached(by_role, manifest.document, tuple(reports), tuple(findings), tuple(evidence))


def _guessed(held: dict[str, bytes]) -> dict[str, tuple[str, bytes]]:
    """Return files by role as their names suggest, when no manifest tells."""
    endings = {".json": "document", ".pdf": "form", ".ics": "calendar"}
    return {
        role: (name, data)
        for name, data in reversed(held.items())  # our own come first, evidence after them
        for ending, role in endings.items()
        if name.endswith(ending) and name != MANIFEST_NAME
    }
