"""How a law is named on a page, in the reader's language and never without its status."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from declarant.desk.language import law_language
from declarant.desk.today import today
from declarant.law import Regime, load_regime


@dataclass(frozen=True, slots=True)
class NamedLaw:
    """A law's short title, its status in a word and in a sentence, and whether it is in force."""

    id: str
    title: str
    status: str
    status_text: str
    in_force: bool


def law_of(regime: str) -> NamedLaw:
    """Return how a law is named today, in the language of the page."""
    law = loaded(regime)
    language = law_language(get_language())
    day = today(law)
    status = law.status_on(day)
    return NamedLaw(
        regime,
        law.short_title.in_language(language),
        status.name.in_language(language),
        status.text.in_language(language),
        law.in_force_on(day),
    )


@cache
def loaded(regime: str) -> Regime:
    """Return a law, read once."""
    return load_regime(regime)
