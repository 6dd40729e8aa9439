"""Tables of filings."""

from declarant.desk.filer.filings.models.agency import AgencyRecord
from declarant.desk.filer.filings.models.dispatch import Dispatch, ReceiptRecord
from declarant.desk.filer.filings.models.filing import Filing
from declarant.desk.filer.filings.models.keys import SigningKey
from declarant.desk.filer.filings.models.statements import Confirmation, Tick

__all__ = [
    "AgencyRecord",
    "Confirmation",
    "Dispatch",
    "Filing",
    "ReceiptRecord",
    "SigningKey",
    "Tick",
]
