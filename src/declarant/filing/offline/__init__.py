"""Work off line: questions and draft answers to a spreadsheet or a Word document, and back.

What comes back is untrusted: it is looked at before any reader sees it, nothing in it is run or
worked out, and whatever cannot be read as an answer is kept with its place.
"""

from declarant.filing.offline.document_reading import read_document
from declarant.filing.offline.document_writing import write_document
from declarant.filing.offline.work import DraftAnswer, Returned, ReturnedAnswer, Work, said
from declarant.filing.offline.workbook_reading import read_workbook
from declarant.filing.offline.workbook_writing import write_workbook

__all__ = [
    "DraftAnswer",
    "Returned",
    "ReturnedAnswer",
    "Work",
    "read_document",
    "read_workbook",
    "said",
    "write_document",
    "write_workbook",
]
