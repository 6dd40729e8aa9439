"""Whom a rule covers: each ground on which a person falls under it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from declarant.law.dated import Entry, Series, value_on
from declarant.law.money import MoneyLimit
from declarant.law.text import LawModel


class PersonGround(Entry):
    """One ground on which a person is covered; any one of a regime's grounds is enough.

    `person` says which kind of person can meet it. `revenue` is a limit on yearly gross revenue
    that must be exceeded as well (the "large" tier of some laws).
    """

    person: Literal["natural", "legal", "any"] = "any"
    revenue: Series[MoneyLimit] = ()

    def revenue_limit_on(self, day: date) -> MoneyLimit | None:
        """Return the revenue that must be exceeded on `day`; None when revenue does not matter.

        Raises:
            BadInput: when it matters and the law at hand holds no amount for that day.
        """
        return value_on(self.revenue, day, f"revenue limit ({self.id})") if self.revenue else None


class PersonsFile(LawModel):
    """`persons.yaml`."""

    persons: tuple[PersonGround, ...] = ()
