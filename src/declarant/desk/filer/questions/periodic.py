"""What the worker looks at again and again: mail that was accepted since."""

from declarant.desk.filer.questions.sending import settle
from declarant.desk.work.daily import periodic


@periodic("questions.settle", seconds=5)
def settle_sent() -> None:
    """Count as sent what mail servers have accepted."""
    settle()
