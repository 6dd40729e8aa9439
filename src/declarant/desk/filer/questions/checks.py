"""Findings in four classes: two block, two need a written reason of the preparer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from declarant.filing.canonical import canonical, sha256
from declarant.filing.check_classes import CheckClass, blocks, class_of, needs_reason
from declarant.filing.exchange.checking import question_of
from declarant.filing.parts import Confirmation, Remark
from declarant.problems import Finding, Severity

SHORTEST_REASON = 20  # characters
# said by this room itself: reasons stand beside their finding, the officer ticks at the end
TOLD_OTHERWISE = ("remark.not_confirmed", "statement.not_ticked", "contacts.no_officer")


@dataclass(frozen=True, slots=True)
class Check:
    """One finding, its class, and the reason for which it stands.

    Attributes:
        key: names it within the answer set.
        question: key of the question it is about; None when it is about the whole.
        reason: as it was given; empty when none was.
    """

    finding: Finding
    check_class: CheckClass
    key: str
    question: str | None
    reason: str = ""

    @property
    def is_note(self) -> bool:
        """Whether it asks for nothing."""
        return self.finding.severity is Severity.NOTE

    @property
    def blocks(self) -> bool:
        """Whether nothing can be prepared while it stands."""
        return blocks(self.finding)

    @property
    def asks_reason(self) -> bool:
        """Whether it stands only with a reason."""
        return needs_reason(self.finding)

    @property
    def waits(self) -> bool:
        """Whether its reason is still to be given."""
        return self.asks_reason and len(self.reason.strip()) < SHORTEST_REASON

    @property
    def class_said(self) -> str:
        """The class in words."""
        return {
            CheckClass.SYNTACTIC: _("Form"),
            CheckClass.VALIDITY: _("Validity"),
            CheckClass.QUALITY: _("Quality"),
            CheckClass.CROSS_RECORD: _("Across records"),
        }[self.check_class]


def checks_of(findings: Iterable[Finding], reasons: Mapping[str, str]) -> tuple[Check, ...]:
    """Return findings as checks, those that block first, each with the reason given for it."""
    held: dict[str, Check] = {}
    for finding in findings:
        if finding.code in TOLD_OTHERWISE:
            continue
        key = sha256(canonical([finding.code, str(finding.where), finding.what]))[:32]
        held[key] = Check(
            finding, class_of(finding), key, question_of(finding), reasons.get(key, "")
        )
    order = list(CheckClass)
    return tuple(
        sorted(
            held.values(),
            key=lambda item: (item.is_note, not item.blocks, order.index(item.check_class)),
        )
    )


def remarks(checks: Iterable[Check], by: str, on: object) -> tuple[Remark, ...]:
    """Return the checks as a document holds them, with the reasons given."""
    return tuple(
        Remark.model_validate(
            {
                "code": item.finding.code,
                "severity": item.finding.severity.value,
                "where": str(item.finding.where)[:1000] or None,
                "what": item.finding.what,
                "effect": item.finding.effect or None,
                "confirmation": Confirmation.model_validate(
                    {"reason": item.reason.strip(), "by": by, "on": on}
                )
                if item.reason.strip()
                else None,
            }
        )
        for item in checks
    )
