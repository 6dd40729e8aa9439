"""The tables of this room, each file one subject."""

from declarant.desk.filer.questions.models.answers import (
    AnswerVersion,
    Attachment,
    Comment,
    Draft,
    Step,
)
from declarant.desk.filer.questions.models.arrivals import Arrival
from declarant.desk.filer.questions.models.extensions import Extension
from declarant.desk.filer.questions.models.offline import OfflineUpload
from declarant.desk.filer.questions.models.packages import AnswerPackage, SentAnswer
from declarant.desk.filer.questions.models.sets import (
    CorrectionRecord,
    Question,
    QuestionSetRecord,
    ReturnedAnswer,
)

__all__ = [
    "AnswerPackage",
    "AnswerVersion",
    "Arrival",
    "Attachment",
    "Comment",
    "CorrectionRecord",
    "Draft",
    "Extension",
    "OfflineUpload",
    "Question",
    "QuestionSetRecord",
    "ReturnedAnswer",
    "SentAnswer",
    "Step",
]
