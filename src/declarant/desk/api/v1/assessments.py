"""What follows from the register: determinations and clocks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from declarant.desk.api.authentication import Scope
from declarant.desk.api.scopes import REGISTER_READ
from declarant.desk.api.v1.schemas import REFUSED, ClockOut
from declarant.desk.filer.assessment.current import Current
from declarant.desk.filer.deadlines.upcoming import upcoming

router = Router(tags=["assessment"])


class DeterminationOut(Schema):
    """The latest determination under a law; `stale` when the register or the day has changed."""

    stale: bool
    determination: Any


@router.get(
    "/determinations/{regime}",
    response={200: DeterminationOut, **REFUSED},
    auth=Scope(REGISTER_READ),
)
def determination(request: HttpRequest, regime: str) -> Any:
    """Return the determination under a law, as `declarant assess --json` prints it."""
    current = Current()
    content = current.determination(regime)
    if content is None:
        raise HttpError(404, "There is no assessment under a law of that name.")
    return {"stale": current.is_stale, "determination": content}


@router.get("/clocks", response={200: list[ClockOut], **REFUSED}, auth=Scope(REGISTER_READ))
def clocks(request: HttpRequest) -> Any:
    """List every date that is open, the earliest first."""
    return [
        {
            "regime": row.regime,
            "duty": row.duty,
            "about": row.title,
            "due": row.due,
            "worked_out": row.worked_out,
            "citation": row.citation,
            "overdue": row.is_overdue,
            "holder": row.holder.email if row.holder else None,
        }
        for row in upcoming()
    ]
