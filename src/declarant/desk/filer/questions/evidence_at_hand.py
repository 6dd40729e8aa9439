"""The register's evidence, to be chosen for an answer."""

from __future__ import annotations

from declarant.desk.filer.register.models import EvidenceFile
from declarant.problems import bad_input

MOST = 1000  # choices in one list; beyond, evidence is found by its page in the register


def evidence_choices() -> list[tuple[str, str]]:
    """Return the newest upload of each path: its row, and how it is called."""
    rows = EvidenceFile.objects.filter(current=True).order_by("path")[:MOST]
    return [(str(row.pk), row.path) for row in rows]


def evidence_chosen(choice: str) -> EvidenceFile:
    """Return the file that was chosen.

    Raises:
        BadInput: when it is not there any more.
    """
    row = EvidenceFile.objects.filter(pk=choice, current=True).select_related("file").first()
    if row is None:
        raise bad_input(
            "questions.no_evidence",
            "this file is no longer among the register's evidence.",
            mend="Choose another one.",
            field="evidence",
        )
    return row
