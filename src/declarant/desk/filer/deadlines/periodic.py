"""What the worker does for clocks: refreshes them, and sends the reminders that are due."""

from declarant.desk.filer.deadlines.refreshing import refresh
from declarant.desk.filer.deadlines.reminding import send_due_reminders
from declarant.desk.work.daily import periodic


@periodic("deadlines", seconds=60)
def remind() -> None:
    """Refresh the dates, then send what is due; in this order, so that nothing closed is told."""
    try:
        refresh()
    finally:  # a source that fails must not keep the dates that are known from being told
        send_due_reminders()
