"""When each run, and each sum that a regime asks for, passes each limit; and what is due then."""

from declarant.determination.forecast.answer import Chance, Forecast, QuarterChance, SumForecast
from declarant.determination.forecast.forecasting import Draws, forecast
from declarant.determination.forecast.notice import Notice
from declarant.determination.forecast.totals import QUANTILES, Drawn

__all__ = [
    "QUANTILES",
    "Chance",
    "Drawn",
    "Draws",
    "Forecast",
    "Notice",
    "QuarterChance",
    "SumForecast",
    "forecast",
]
