"""What is known of a filing besides facts and law, and how findings and files are written in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from declarant.compute.ledger import Evidence
from declarant.filing.documents import Document
from declarant.filing.parts import Confirmation, EvidenceFile, Remark
from declarant.problems import Finding


@dataclass(frozen=True, slots=True)
class ReadingChoice:
    """A reading taken for one activity in the place of the cautious default.

    Attributes:
        reading: id of a reading of the activity's verdict, or the one option in which it differs
            from the default, such as `number_format=16-bit`.
        reason: why, in writing; it stands in the document for ever.
        by: who says so.
        on: since when.
    """

    reading: str
    reason: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Preparation:
    """Who prepares what, when, from which folder.

    Attributes:
        prepared_on: the day it is prepared, and whose law applies.
        root: the register's folder; paths below it are written relative to it, and no others.
        preparer: who answers for the reasons.
        former: the document filed before, when it is at hand.
        ticked: ids of the statements that the certifying officer ticked.
        reasons: why a questioned figure stands, by the code of the finding.
        sizes: bytes of each evidence file, by its SHA-256.
        chosen: readings taken in the place of the default, by the id of the run or cluster.
    """

    prepared_on: date
    root: Path
    preparer: str = "not named"
    former: Document | None = None
    ticked: Collection[str] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    chosen: Mapping[str, ReadingChoice] = field(default_factory=dict)

    def relative(self, text: str) -> str:
        """Return text in which paths below the register's folder are relative to it."""
        return text.replace(f"{self.root}/", "")

    def evidence(self, files: Iterable[Evidence]) -> tuple[EvidenceFile, ...]:
        """Return evidence as published, each file once."""
        once = {self.relative(file.path): file.sha256 for file in files}
        return tuple(
            EvidenceFile(path=path, sha256=digest, size=self.sizes.get(digest))
            for path, digest in once.items()
        )

    def remarks(self, findings: Iterable[Finding]) -> tuple[Remark, ...]:
        """Return findings as published, each once, with the reason given for it."""
        return tuple(self._remark(finding) for finding in dict.fromkeys(findings))

    def _remark(self, finding: Finding) -> Remark:
        reason = self.reasons.get(finding.code)
        return Remark(
            code=finding.code,
            severity=finding.severity.value,
            where=self.relative(str(finding.where)) or None,
            what=self.relative(finding.what),
            effect=self.relative(finding.effect) or None,
            confirmation=Confirmation(reason=reason, by=self.preparer, on=self.prepared_on)
            if reason
            else None,
        )
