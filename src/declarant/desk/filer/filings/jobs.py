"""The background job that builds a draft."""

from __future__ import annotations

from typing import Any

from declarant.desk.filer.filings import drafting
from declarant.desk.work.jobs import Task, job


@job(drafting.DRAFT)
def draft(task: Task, filing: int) -> dict[str, Any] | None:
    """Build the draft of a filing from the register as it is now."""
    return drafting.build(task, filing)
