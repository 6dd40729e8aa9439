"""What the worker does for assessments: each day of the law has its own."""

from datetime import timedelta

from django.utils import timezone

from declarant.desk.filer.assessment.current import Current
from declarant.desk.filer.assessment.jobs import ASSESS
from declarant.desk.work.daily import periodic
from declarant.desk.work.jobs import enqueue

AGAIN_AFTER = timedelta(hours=6)  # one that failed may have met with a disk that was full


@periodic("assessment", seconds=300)
def keep_current() -> None:
    """Ask for an assessment when the day or the register has changed since the last one."""
    current = Current()
    failed = current.failed
    if failed and failed.finished and timezone.now() - failed.finished > AGAIN_AFTER:
        failed = None
    if current and current.is_stale and not current.running and not failed:
        enqueue(ASSESS, "worker")
