"""From the register's facts to the document of a quarter, with its form and calendar.

Nothing here knows the database: the same facts, people and former document give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from declarant.determination import determine
from declarant.filing.build import build
from declarant.filing.calendar import calendar
from declarant.filing.documents import Affirmation, Document
from declarant.filing.pdf import render
from declarant.filing.preparation import Preparation, ReadingChoice
from declarant.law import Quarter, Regime
from declarant.problems import Finding
from declarant.register.facts import Agency, Contact, ContactRole, Facts, Filing

_BY_THE_DESK = (ContactRole.PREPARER, ContactRole.CERTIFYING_OFFICER)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be prepared, and what the desk knows besides the register.

    Attributes:
        quarter: the quarter reported on.
        day: the day of preparing, whose law applies.
        people: preparer and certifying officer, as this desk assigned them.
        agency: where filings go, when the desk knows better than the register.
        sent: what this desk has sent; it stands beside what the register tells of earlier times.
        former: the document to compare with: the version that is corrected, or the one before.
        before: the document of an earlier quarter, when `former` is of the same quarter.
        chosen: readings chosen for the filing, by the id of the run or cluster.
        sizes: bytes of each evidence file, by its SHA-256.
    """

    quarter: Quarter
    day: date
    people: tuple[Contact, ...]
    agency: Agency | None = None
    sent: tuple[Filing, ...] = ()
    former: Document | None = None
    before: Document | None = None
    chosen: Mapping[str, ReadingChoice] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with its form and calendar, and what could not be shown in the form."""

    document: Document
    form: bytes
    calendar: bytes
    findings: tuple[Finding, ...]


def prepare(
    facts: Facts,
    root: Path,
    law: Regime,
    wanted: Wanted,
    advance: Callable[[int, int], None] | None = None,
) -> Prepared:
    """Return what is to be filed for a quarter.

    Args:
        facts: what the register holds.
        root: the folder it was read from; it need not be there any more.
        law: the law reported under.
        wanted: what the desk knows besides.
        advance: called as advance(done, total) after each activity.

    Raises:
        BadInput: when the person is not covered, or the law at hand says nothing of that day.
    """
    facts = _known_here(facts, wanted)
    determination = determine(facts, law, wanted.day, quarter=wanted.quarter, advance=advance)
    preparation = Preparation(
        prepared_on=wanted.day,
        root=root.resolve(),
        preparer=wanted.people[0].name,
        former=wanted.former,
        sizes=wanted.sizes,
        chosen=wanted.chosen,
    )
    document = build(facts, determination, law, wanted.quarter, preparation)
    if isinstance(document, Affirmation) and wanted.former and wanted.former is not wanted.before:
        # affirmations are counted from the last notification of another quarter
        preparation = replace(preparation, former=wanted.before)
        document = build(facts, determination, law, wanted.quarter, preparation)
    return shown(document)


def shown(document: Document) -> Prepared:
    """Return a document with its form and its calendar."""
    form = render(document)
    return Prepared(document, form.pdf, calendar(document), form.findings)


def _known_here(facts: Facts, wanted: Wanted) -> Facts:
    """Return the facts with the people, the agency and the filings that this desk knows of."""
    named = {item.email.lower(): item for item in facts.contacts if item.email}
    people = tuple(
        replace(
            person,
            title=person.title or getattr(named.get((person.email or "").lower()), "title", None),
            phone=getattr(named.get((person.email or "").lower()), "phone", None),
        )
        for person in wanted.people
    )
    assigned = {(person.email or "").lower() for person in people}
    others = tuple(
        item
        for item in facts.contacts
        if item.role not in _BY_THE_DESK and (item.email or "").lower() not in assigned
    )
    here = {item.quarter for item in wanted.sent}
    earlier = tuple(item for item in facts.filings if item.quarter not in here)
    return replace(
        facts,
        contacts=(*people, *others),
        agency=wanted.agency or facts.agency,
        filings=(*earlier, *wanted.sent),
    )
