"""What the worker does for the log without being asked."""

from declarant.desk.audit.heads import keep_heads
from declarant.desk.work.daily import periodic


@periodic("audit.heads", seconds=600)
def heads() -> None:
    """Sign the day's head when it is due."""
    keep_heads()
