"""The background job that assesses the register as of today."""

from __future__ import annotations

from typing import Any

from declarant.desk.audit import change
from declarant.desk.filer.assessment.assessing import REPORTING_RULE, pieces
from declarant.desk.filer.assessment.kept_pictures import KeptPictures
from declarant.desk.filer.assessment.models import Assessment, Item
from declarant.desk.filer.register.checkout import fingerprint, load
from declarant.desk.site.plots import prepare
from declarant.desk.today import today
from declarant.desk.work.jobs import Task, job
from declarant.law import load_regime

ASSESS = "assessment.assess"
_KEPT = 40  # assessments; what was filed rests on documents, not on these


@job(ASSESS)
def assess(task: Task) -> dict[str, Any]:
    """Assess the register as it is now, and keep the pieces for the pages."""
    held = fingerprint()
    day = today(load_regime(REPORTING_RULE))
    facts, _ = load(lambda done, total: task.progress(done, total, "evidence"))
    made = [
        Item(kind=kind, key=key, content=content)
        for kind, key, content in pieces(facts, day, task.progress, KeptPictures(day))
    ]
    for item in made:
        if item.kind == Item.Kind.PLOT:
            task.progress(0, None, "pictures")
            prepare(item.content)
    with change(
        "worker",
        "assessment.made",
        subject="register",
        fingerprint=held,
        as_of=day.isoformat(),
    ) as entry:
        assessment = Assessment.objects.create(fingerprint=held, as_of=day)
        for item in made:
            item.assessment = assessment
        Item.objects.bulk_create(made, batch_size=200)
        for old in Assessment.objects.all()[_KEPT:]:
            old.delete()
        entry.note(pieces=len(made))
    return {"assessment": assessment.pk}
