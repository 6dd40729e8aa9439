"""Findings of a draft in four classes: two block it, two need a written reason of the preparer.

A reason holds for the draft it was written for. A draft that says something else asks again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from declarant.desk.accounts.models import User
from declarant.desk.audit import change
from declarant.desk.filer.filings.finishing import remarks_in
from declarant.desk.filer.filings.models import Confirmation, Filing
from declarant.desk.filer.filings.people import require_preparer
from declarant.desk.filer.filings.stored import document_in
from declarant.desk.today import day_of
from declarant.filing.canonical import canonical, sha256
from declarant.filing.check_classes import CheckClass, blocks, class_of, needs_reason
from declarant.filing.documents import Document
from declarant.filing.parts import Confirmation as WrittenReason
from declarant.filing.verification.plausibility import check_plausibility
from declarant.law import Regime
from declarant.problems import Finding, Place, Severity, bad_input

SHORTEST_REASON = 20
# said by this room itself: the remark stands in the list, and the officer ticks at the end
_TOLD_OTHERWISE = ("remark.not_confirmed", "statement.not_ticked")


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of a draft, and the reason given for it.

    Attributes:
        finding: what was found.
        check_class: which of the four it is.
        key: names it within the draft.
        paths: where it stands in the document as a remark; empty when only this check says it.
        confirmation: the reason, when there is one.
    """

    finding: Finding
    check_class: CheckClass
    key: str
    paths: tuple[str, ...]
    confirmation: Confirmation | None = None

    @property
    def is_note(self) -> bool:
        """Whether it asks for nothing."""
        return self.finding.severity is Severity.NOTE

    @property
    def blocks(self) -> bool:
        """Whether the draft cannot be certified while it stands."""
        return blocks(self.finding)

    @property
    def waits(self) -> bool:
        """Whether a written reason is still to be given."""
        return needs_reason(self.finding) and self.confirmation is None


def checks_of(filing: Filing, document: Document | None = None) -> tuple[Check, ...]:
    """Return what was found in the draft of a filing, blocking ones first; none without a draft."""
    if filing.draft is None:
        return ()
    draft = document or document_in(filing.draft)
    given = {
        item.finding: item
        for item in Confirmation.objects.filter(
            filing=filing, basis=filing.draft.sha256
        ).select_related("by")
    }
    held: dict[str, Check] = {}
    for finding, path in _found(draft):
        key = _key(finding)
        paths = (*(held[key].paths if key in held else ()), *([path] if path else ()))
        held[key] = Check(finding, class_of(finding), key, paths, given.get(key))
    order = list(CheckClass)
    return tuple(
        sorted(held.values(), key=lambda check: (check.is_note, order.index(check.check_class)))
    )


def confirm(person: User, filing: Filing, key: str, reason: str) -> Confirmation:
    """Record why a questioned figure stands.

    Raises:
        BadInput: when the person is not the preparer, nothing is to be confirmed, or the reason
            says too little.
    """
    require_preparer(person, filing)
    check = next((item for item in checks_of(filing) if item.key == key), None)
    if check is None or filing.state != Filing.State.DRAFT or filing.draft is None:
        raise bad_input(
            "filing.check_gone",
            _("this finding is not one of the draft as it is now."),
            mend=_("Look at the checks again: the draft was built anew."),
        )
    if not needs_reason(check.finding):
        raise bad_input(
            "filing.check_not_confirmed",
            _("no reason helps here: what blocks is to be corrected, and a note asks for nothing."),
            mend=_("Correct the register and build the draft again."),
        )
    if len(reason.strip()) < SHORTEST_REASON:
        raise bad_input(
            "filing.reason",
            _("the reason must have %(shortest_reason)s characters or more.")
            % {"shortest_reason": SHORTEST_REASON},
            mend=_("Say why the figure is right, in words that the agency can follow."),
            field="reason",
        )
    with change(
        person,
        "filing.confirmed",
        subject=filing.subject,
        code=check.finding.code,
        where=str(check.finding.where),
        what=check.finding.what,
        reason=reason.strip(),
        draft=filing.draft.sha256,
    ):
        row, _made = Confirmation.objects.update_or_create(
            filing=filing,
            basis=filing.draft.sha256,
            finding=key,
            defaults={
                "code": check.finding.code,
                "where": str(check.finding.where)[:1000],
                "what": check.finding.what,
                "check_class": check.check_class.value,
                "reason": reason.strip(),
                "by": person,
            },
        )
    return row


def reasons_by_path(checks: tuple[Check, ...], law: Regime) -> dict[str, WrittenReason]:
    """Return the reasons as the document holds them, by the path of each remark.

    Each is dated with the day it was in the zone of the law, as the document itself is.
    """
    return {
        path: WrittenReason(
            reason=check.confirmation.reason,
            by=check.confirmation.by.name,
            on=day_of(check.confirmation.made, law),
        )
        for check in checks
        if check.confirmation
        for path in check.paths
    }


def _found(document: Document) -> Iterator[tuple[Finding, str]]:
    """Yield every finding, with its path when it is a remark of the document."""
    for path, remark in remarks_in(document.content()):
        yield _finding(remark), path
    for finding in check_plausibility(document):
        if finding.code not in _TOLD_OTHERWISE:
            yield finding, ""


def _finding(remark: dict[str, Any]) -> Finding:
    return Finding(
        remark["code"],
        remark["what"],
        Place(field=remark["where"]),
        "",
        Severity(remark["severity"]),
        remark["effect"] or "",
    )


def _key(finding: Finding) -> str:
    return sha256(canonical([finding.code, str(finding.where), finding.what]))
