"""The head of a document: the law with its status, the person, the contacts."""

from __future__ import annotations

from datetime import date

from declarant.determination.citing import cite
from declarant.filing.parts import Contact, Contacts, Ground, Person, Status
from declarant.filing.parts import Regime as Law
from declarant.law import Regime
from declarant.register.facts import Contact as NamedContact
from declarant.register.facts import ContactRole, Facts


def law_on(law: Regime, day: date) -> Law:
    """Return the law as a document names it: never without its status on the day."""
    status = law.status_on(day)
    in_force = law.in_force_on(day)
    return Law(
        id=law.id,
        title=law.title.en,
        citation=cite(law.citation),
        status=Status(
            on=day,
            state=status.state,
            name=status.name.en,
            text=status.text.en,
            citation=cite(status.citation),
        ),
        in_force=in_force,
        voluntary=not in_force,
    )


def person_covered(facts: Facts, covered: bool | None, law: Regime) -> Person:
    """Return who reports, with every ground on which the law covers them."""
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
            "covered": covered,
            "grounds": tuple(grounds),
        }
    )


def contacts_by_role(facts: Facts) -> Contacts:
    """Return the first officer and preparer by their role, and everybody else."""

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
