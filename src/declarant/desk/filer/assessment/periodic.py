"""What the worker does for assessments: each day of the law has its own."""

from declarant.desk.filer.assessment.current import Current
from declarant.desk.filer.assessment.jobs import ASSESS
from declarant.desk.work.daily import periodic
from declarant.desk.work.jobs import enqueue


@periodic("assessment", seconds=300)
def keep_current() -> None:
    """Ask for an assessment when the day or the register has changed since the last one."""
    current = Current()
    if current and current.is_stale and not current.running and not current.failed:
        enqueue(ASSESS, "worker")
