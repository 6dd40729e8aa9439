"""Pictures of the assessment before: drawn again only for a run that changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from declarant.desk.filer.assessment.assessing import LANGUAGES
from declarant.desk.filer.assessment.models import Assessment, Item


class KeptPictures:
    """What was drawn for each run last time, found by the run and what was known of it."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._row = Assessment.objects.first()

    def __call__(self, run: str, content: Any) -> Mapping[str, Any] | None:
        """Return the pictures of a run by key; None when they must be drawn again.

        A picture marks the day it was drawn on: what is not done yet is drawn anew each day.
        """
        if self._row is None:
            return None
        done = all(item["basis"] == "done" for item in content["sums"])
        if self._row.as_of != self._day and not done:
            return None
        items = Item.objects.filter(assessment=self._row)
        before = items.filter(kind=Item.Kind.RUN, key=run).first()
        # compared as text, since JSON has neither tuples nor whole numbers apart from others
        if before is None or _text(before.content) != _text(content):
            return None
        keys = [f"{name}:{run}:{code}" for name in ("forecast", "methods") for code in LANGUAGES]
        return dict(items.filter(kind=Item.Kind.PLOT, key__in=keys).values_list("key", "content"))


def _text(content: Any) -> str:
    return json.dumps(content, sort_keys=True)
