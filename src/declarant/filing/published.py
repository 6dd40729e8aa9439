"""Every document of a published format: the quarter's filings, and those of the exchange."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from declarant.filing.documents import Affirmation, Document, Notification
from declarant.filing.exchange.from_agency import (
    CorrectionNotice,
    ExtensionDecision,
    QuestionSet,
    Receipt,
)
from declarant.filing.exchange.from_person import AnswerSet, ExtensionRequest

Exchange = (
    QuestionSet | AnswerSet | CorrectionNotice | ExtensionRequest | ExtensionDecision | Receipt
)
Published = Document | Exchange
PUBLISHED: TypeAdapter[Published] = TypeAdapter(
    Annotated[
        Notification
        | Affirmation
        | QuestionSet
        | AnswerSet
        | CorrectionNotice
        | ExtensionRequest
        | ExtensionDecision
        | Receipt,
        Field(discriminator="kind"),
    ]
)
