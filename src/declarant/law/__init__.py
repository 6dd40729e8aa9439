"""What the law says: regimes as dated, cited data, their readings and their clocks.

A regime is a folder under `regimes/`; this room knows no evidence and no clock of its own.
"""

from declarant.law.activities import Activity, Limit
from declarant.law.clocks import Due, due, due_under_each_reading
from declarant.law.counting import CountingRule
from declarant.law.loading import load_regime, read_regime, regime_ids
from declarant.law.persons import PersonGround
from declarant.law.quarters import Quarter, affirmations_owed, months_after
from declarant.law.readings import ReadingDimension, ReadingOption
from declarant.law.regime import Regime
from declarant.law.status import StatusEvent
from declarant.law.text import LANGUAGES, Citation, Text

__all__ = [
    "LANGUAGES",
    "Activity",
    "Citation",
    "CountingRule",
    "Due",
    "Limit",
    "PersonGround",
    "Quarter",
    "ReadingDimension",
    "ReadingOption",
    "Regime",
    "StatusEvent",
    "Text",
    "affirmations_owed",
    "due",
    "due_under_each_reading",
    "load_regime",
    "months_after",
    "read_regime",
    "regime_ids",
]
