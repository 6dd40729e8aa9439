"""What a draft rests on, and what of it has changed since."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from declarant.desk.accounts.models import User
from declarant.desk.filer.assessment.current import choices_for
from declarant.desk.filer.filings.agency import agency_of
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.filings.standing import last_sent
from declarant.desk.filer.register import checkout

PEOPLE = "people"
NAMES = {
    "register": _("the register"),
    PEOPLE: _("the people who prepare and certify"),
    "agency": _("the agency's address"),
    "readings": _("the readings chosen"),
    "former": _("the former filing"),
}


def inputs_of(filing: Filing) -> dict[str, Any]:
    """Return what a draft built now would rest on, by the names of `NAMES`; cheap to compare."""
    agency = agency_of(filing.regime)
    former = filing.corrects or last_sent(filing.regime, before=filing.quarter)
    return {
        "register": checkout.fingerprint(),
        PEOPLE: [_named(filing.preparer), _named(filing.officer)],
        "agency": [agency.name, agency.email] if agency else [],
        "readings": sorted(choice.pk for choice in choices_for(filing.regime).values()),
        "former": former.identity if former else "",
    }


def changed_since(filing: Filing) -> list[str]:
    """Return what has changed since the draft was built, by the names of `NAMES`."""
    before = filing.summary.get("rests_on", {})
    now = inputs_of(filing)
    return [name for name in NAMES if before.get(name) != now[name]]


def _named(person: User | None) -> str:
    return f"{person.name}, {person.title} <{person.email}>" if person else ""
