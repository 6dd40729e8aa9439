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
from declarant.filing.documents import Affirmation, Document, Notification
from declarant.filing.parts import (
    Agency,
    Contact,
    Contacts,
    FormerFiling,
    Ground,
    Person,
    Product,
    Status,
    Window,
)
from declarant.filing.parts import Regime as Law
from declarant.filing.pdf import renderer
from declarant.filing.preparation import Preparation
from declarant.filing.statements import NOTICES, statements
from declarant.law import Quarter, Regime, affirmations_owed, due_under_each_reading
from declarant.problems import Finding, Place, Severity, bad_input
from declarant.register.facts import Contact as NamedContact
from declarant.register.facts import ContactRole, Facts, FilingKind


def build(
    facts: Facts,
    determination: Determination,
    law: Regime,
    quarter: Quarter,
    preparation: Preparation,
) -> Document:
    """Return the document owed for `quarter`.

    A notification of every activity that is reportable or may be; an affirmation when there is
    none. Activities that are not reportable are not disclosed.

    Raises:
        BadInput: when the person is not covered, or a ticked statement is not known.
    """
    if determination.coverage.covered is False:
        raise bad_input(
            "file.not_covered",
            f"{facts.person.name} is not covered by {law.id}: nothing is to be filed.",
            mend="If that is wrong, correct person.covered in the register.",
        )
    applicable = [
        item for item in determination.activities if item.verdict is not Verdict.NOT_REPORTABLE
    ]
    if applicable:
        activities = tuple(activity(item, facts, law, preparation) for item in applicable)
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
        "regime": _law(law, preparation),
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
        "person": _person(facts, determination, law),
        "contacts": _contacts(facts),
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


def _law(law: Regime, preparation: Preparation) -> Law:
    status = law.status_on(preparation.prepared_on)
    in_force = law.in_force_on(preparation.prepared_on)
    return Law(
        id=law.id,
        title=law.title.en,
        citation=cite(law.citation),
        status=Status(
            on=preparation.prepared_on,
            state=status.state,
            name=status.name.en,
            text=status.text.en,
            citation=cite(status.citation),
        ),
        in_force=in_force,
        voluntary=not in_force,
    )


def _person(facts: Facts, determination: Determination, law: Regime) -> Person:
    person = facts.person
    answer = person.covered.get(law.id)
    named = {ground.id: ground for ground in law.persons}
    grounds = [
        Ground(id=held.id, text=held.text.en, citation=cite(held.citation))
        for held in (named.get(name) for name in (answer.grounds if answer else ()))
        if held is not None
    ]
    if answer:
        grounds.append(Ground(id=None, text=answer.why, citation=None))
    return Person.model_validate(
        {
            "name": person.name,
            "kind": person.kind,
            "address": person.address,
            "identifiers": dict(person.identifiers),
            "covered": determination.coverage.covered,
            "grounds": tuple(grounds),
        }
    )


def _contacts(facts: Facts) -> Contacts:
    def first(role: ContactRole) -> NamedContact | None:
        return next((item for item in facts.contacts if item.role is role), None)

    officer, preparer = first(ContactRole.CERTIFYING_OFFICER), first(ContactRole.PREPARER)
    return Contacts(
        certifying_officer=_contact(officer) if officer else None,
        preparer=_contact(preparer) if preparer else None,
        others=tuple(_contact(item) for item in facts.contacts if item not in (officer, preparer)),
    )


def _contact(item: NamedContact) -> Contact:
    return Contact(name=item.name, title=item.title, email=item.email, phone=item.phone)


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


def _early(quarter: Quarter, preparation: Preparation) -> tuple[Finding, ...]:
    if preparation.prepared_on > quarter.last_day:
        return ()
    what = f"prepared on {preparation.prepared_on}, before {quarter} ended: the rest is foreseen."
    return (Finding("file.early", what, Place(field="quarter"), "", Severity.NOTE),)
