"""Pages of overview and determination."""

from declarant.desk.filer.assessment.views.choosing import choose_reading
from declarant.desk.filer.assessment.views.determination import (
    activity_of,
    again,
    determination,
    determination_of,
)
from declarant.desk.filer.assessment.views.overview import overview

__all__ = [
    "activity_of",
    "again",
    "choose_reading",
    "determination",
    "determination_of",
    "overview",
]
