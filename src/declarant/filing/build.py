"""From a determination to the document that is filed: a notification, or an affirmation.

Everything comes in as an argument; the same facts, law and day give the same document.
"""

from __future__ import annotations

from typing import Any

from declarant import __version__
from declarant.determination.citing import cite
from declarant.determination.verdict import Determination, Verdict
from declarant.filing import changes
from declarant.filing.build_activities import activity
from declarant.filing.build_clocks import clocks_of_filing
from declarant.filing.build_head import contacts_by_role, law_on, person_covered
from declarant.filing.build_readings import readings_taken
from declarant.filing.documents import Affirmation, Document, Notification
from declarant.filing.parts import Agency, FormerFiling, Product, Window
from declarant.filing.pdf import renderer
from declarant.filing.preparation import Preparation
from declarant.filing.statements import NOTICES, statements
from declarant.law import Quarter, Regime, affirmations_owed, due_under_each_reading
from declarant.problems import BadInput, Finding, Place, Severity, bad_input
from declarant.register.facts import Facts, FilingKind


def build(
    facts: Facts,
    determination: Determination,
    law: Regime,
    quarter: Quarter,
    preparation: Preparation,
) -> Document:
    """Return the document owed for `quarter`.

    A notification of every activity that is reportable or may be, under the cautious default or
    under the reading chosen for it; an affirmation when there is none. A choice of reading so never
    turns a notification into silence. Activities that are not reportable are not disclosed.

    Raises:
        BadInput: when the person is not covered, or a ticked statement or a finding given a reason
            is not known, or a reading cannot be chosen.
    """
    document = _document(facts, determination, law, quarter, preparation)
    _refuse_idle_reasons(document, preparation)
    return document


def _document(
    facts: Facts,
    determination: Determination,
    law: Regime,
    quarter: Quarter,
    preparation: Preparation,
) -> Document:
    if determination.coverage.covered is False:
        raise bad_input(
            "file.not_covered",
            f"{facts.person.name} is not covered by {law.id}: nothing is to be filed.",
            mend="If that is wrong, correct person.covered in the register.",
        )
    applicable = []
    for item, taken in readings_taken(determination.activities, law, preparation):
        if {item.verdict, taken.reading.verdict} != {Verdict.NOT_REPORTABLE}:
            applicable.append((item, taken))
        elif taken.because:
            raise _idle_choice(item.name)
    if applicable:
        filed = _former(facts, quarter, preparation)
        activities = tuple(
            activity(item, taken, facts, law, preparation, filed) for item, taken in applicable
        )
        return Notification.made(
            **_common(facts, determination, law, quarter, preparation, FilingKind.NOTIFICATION),
            activities=activities,
            no_longer=changes.no_longer(activities, preparation.former),
        )
    owed = tuple(map(str, _owed(facts, law, quarter)))
    return Affirmation.made(
        **_common(facts, determination, law, quarter, preparation, FilingKind.AFFIRMATION),
        sequence=owed.index(str(quarter)) + 1 if str(quarter) in owed else None,
        owed=owed,
    )


def _common(
    facts: Facts,
    determination: Determination,
    law: Regime,
    quarter: Quarter,
    preparation: Preparation,
    kind: FilingKind,
) -> dict[str, Any]:
    dues = due_under_each_reading(law, kind.value, quarter.notification_due)
    early = _early(quarter, preparation)
    return {
        "regime": law_on(law, preparation.prepared_on),
        "quarter": str(quarter),
        "due": dues[0].due,
        "due_worked_out": tuple(step.en for step in dues[0].worked_out),
        "window": Window(
            begins=quarter.first_day,
            look_ahead_from=quarter.notification_due,
            ends=quarter.window_end,
            citation=cite(dues[0].citation),
        ),
        "prepared_on": preparation.prepared_on,
        "person": person_covered(facts, determination.coverage.covered, law),
        "contacts": contacts_by_role(facts),
        "agency": Agency(name=facts.agency.name, email=facts.agency.email)
        if facts.agency
        else Agency(name=law.agency.en, email=None),
        "former": _former(facts, quarter, preparation),
        "clocks": clocks_of_filing(facts, law, determination, quarter, kind, dues),
        "remarks": preparation.remarks((*determination.findings, *early)),
        "statements": statements(facts.person.name, preparation.ticked),
        "notices": NOTICES,
        "product": Product(name="Declarant", version=__version__, renderer=renderer()),
    }


def _former(facts: Facts, quarter: Quarter, preparation: Preparation) -> FormerFiling | None:
    """Return the last filing before this quarter, as the register and the document tell it."""
    document = preparation.former
    earlier = [item for item in facts.filings if item.quarter < str(quarter)]
    entry = max(earlier, key=lambda item: item.quarter, default=None)
    if document is not None:
        same = entry is not None and entry.quarter == document.quarter
        return FormerFiling.model_validate(
            {
                "id": document.id,
                "quarter": document.quarter,
                "kind": document.kind,
                "sha256": document.sha256,
                "sent": entry.sent if entry and same else None,
            }
        )
    if entry is None:
        return None
    return FormerFiling.model_validate(
        {
            "id": None,
            "quarter": entry.quarter,
            "kind": entry.kind.value,
            "sha256": None,
            "sent": entry.sent,
        }
    )


def _owed(facts: Facts, law: Regime, quarter: Quarter) -> tuple[Quarter, ...]:
    """Return the quarters that owe an affirmation since the last notification before this one."""
    notified = [
        item.quarter
        for item in facts.filings
        if item.kind is FilingKind.NOTIFICATION and item.quarter < str(quarter)
    ]
    return affirmations_owed(law, Quarter.parse(max(notified), law)) if notified else ()


def _idle_choice(name: str) -> BadInput:
    return bad_input(
        "file.choice_idle",
        f"{name} is not reportable under the default, nor under the reading chosen for it: it is "
        "not told, and the choice would be lost.",
        mend="Leave the choice out.",
        field="--choose",
    )


def _refuse_idle_reasons(document: Document, preparation: Preparation) -> None:
    remarks = list(document.remarks)
    if isinstance(document, Notification):
        remarks += [remark for item in document.activities for remark in item.remarks]
    known = {remark.code for remark in remarks}
    for code in sorted(set(preparation.reasons) - known):
        raise bad_input(
            "file.confirm_unknown",
            f"no finding of this filing has the code {code!r}.",
            mend=f"Known: {', '.join(sorted(known)) or 'none'}.",
            field="--confirm",
        )


def _early(quarter: Quarter, preparation: Preparation) -> tuple[Finding, ...]:
    if preparation.prepared_on > quarter.last_day:
        return ()
    what = f"prepared on {preparation.prepared_on}, before {quarter} ended: the rest is foreseen."
    return (Finding("file.early", what, Place(field="quarter"), "", Severity.NOTE),)
