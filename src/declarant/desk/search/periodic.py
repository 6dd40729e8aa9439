"""What the worker does for search."""

from declarant.desk.search import indexing
from declarant.desk.work.daily import periodic


@periodic("search", seconds=20)
def refresh() -> None:
    """Read what is new or changed."""
    indexing.refresh()
