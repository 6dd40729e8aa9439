"""The state of the law that a desk works under, for the line that stands on every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from declarant.desk.site.language import language
from declarant.desk.today import today
from declarant.law import load_regime

REGIME = "us-bis-702-7"
"""The regime that notifications are filed under; a desk may name another in DESK_REGIME."""


@dataclass(frozen=True, slots=True)
class LawStatus:
    """What a page says of a regime: its name, its state in words, the whole of it, its source."""

    title: str
    state: str
    text: str
    source: str
    url: str | None
    in_force: bool


def law_status(regime_id: str) -> LawStatus:
    """Return the state of a regime now, in the language of the request."""
    regime = load_regime(regime_id)
    return _law_status(regime_id, today(regime), language())


@lru_cache(maxsize=64)
def _law_status(regime_id: str, day: date, spoken: str) -> LawStatus:
    regime = load_regime(regime_id)
    event = regime.status_on(day)
    return LawStatus(
        title=regime.short_title.in_language(spoken),
        state=event.name.in_language(spoken),
        text=event.text.in_language(spoken),
        source=regime.citation.text,
        url=regime.citation.url,
        in_force=event.in_force,
    )
