"""Pages of clocks."""

from declarant.desk.filer.deadlines.views.calendar import calendar, end, feed, renew
from declarant.desk.filer.deadlines.views.dates import assign, clock, clocks

__all__ = ["assign", "calendar", "clock", "clocks", "end", "feed", "renew"]
