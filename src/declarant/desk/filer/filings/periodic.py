"""What the worker does for filings again and again."""

from __future__ import annotations

from declarant.desk.filer.filings.sending.delivering import deliver_next
from declarant.desk.filer.filings.sending.settling import settle_letters
from declarant.desk.work.daily import periodic


@periodic("filings.settle", seconds=2)
def settle() -> None:
    """Count as sent what the mail server accepted."""
    settle_letters()


@periodic("filings.deliver", seconds=2)
def deliver() -> None:
    """Hand over what waits for the agency's desk."""
    while deliver_next():
        pass
