"""The assessment that pages show, and whether the register has changed since."""

from __future__ import annotations

from typing import Any

from declarant.desk.filer.assessment.assessing import REPORTING_RULE, activity_key
from declarant.desk.filer.assessment.models import Assessment, Item, ReadingChoice
from declarant.desk.filer.register.checkout import fingerprint
from declarant.desk.today import today
from declarant.desk.work.models import Job
from declarant.law import load_regime


class Current:
    """The latest assessment, read piece by piece as a page asks for it."""

    def __init__(self) -> None:
        self.row = Assessment.objects.first()
        self.job = Job.objects.filter(kind="assessment.assess").order_by("-asked").first()

    def __bool__(self) -> bool:
        return self.row is not None

    @property
    def running(self) -> Job | None:
        """The job that is making a newer one, when there is one."""
        return self.job if self.job and not self.job.is_over else None

    @property
    def failed(self) -> Job | None:
        """The last job, when it failed."""
        return self.job if self.job and self.job.state == Job.State.FAILED else None

    @property
    def is_stale(self) -> bool:
        """Whether the register, or the day, is another one since."""
        if self.row is None:
            return True
        day = today(load_regime(REPORTING_RULE))
        return self.row.as_of != day or self.row.fingerprint != fingerprint()

    def piece(self, kind: Any, key: str) -> Any | None:
        """Return the content of a piece; None when there is none."""
        if self.row is None:
            return None
        item = Item.objects.filter(assessment=self.row, kind=kind, key=key).first()
        return item.content if item else None

    def regimes(self) -> dict[str, dict[str, Any]]:
        """Return the determination under each law, by its id."""
        return self._all(Item.Kind.REGIME)

    def determination(self, regime: str) -> dict[str, Any] | None:
        """Return the whole determination under a law, as `declarant assess --json` prints it."""
        head = self.piece(Item.Kind.REGIME, regime)
        if head is None or "activities" not in head:
            return head
        keys = [activity_key(regime, each) for each in head["activities"]]
        held = Item.objects.filter(assessment=self.row, kind=Item.Kind.ACTIVITY, key__in=keys)
        whole = dict(held.values_list("key", "content"))
        return {**head, "activities": [whole[key] for key in keys]}

    def _all(self, kind: Any) -> dict[str, dict[str, Any]]:
        if self.row is None:
            return {}
        return dict(
            Item.objects.filter(assessment=self.row, kind=kind)
            .order_by("key")
            .values_list("key", "content")
        )


def choices_for(regime: str) -> dict[tuple[str, str, str], ReadingChoice]:
    """Return the reading chosen for each activity under a law: by activity, kind and subject."""
    held: dict[tuple[str, str, str], ReadingChoice] = {}
    rows = ReadingChoice.objects.filter(regime=regime).select_related("chosen_by").order_by("pk")
    for row in rows:
        held[row.activity, row.kind, row.subject] = row
    return {key: row for key, row in held.items() if row.reading}
