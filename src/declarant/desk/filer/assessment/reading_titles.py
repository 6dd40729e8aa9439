"""The options that a reading takes, in the words of the law's data and the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from declarant.desk.filer.assessment.naming import loaded
from declarant.desk.language import law_language

_NO_CHOICE = frozenset({"id", "verdict", "comparison", "amount", "machines", "devices", "titles"})


def titles(regime: str, reading: Mapping[str, Any]) -> str:
    """Return the options a reading takes, as people read them."""
    language = law_language(get_language())
    named = {
        (dimension.id, option.id): option.title.in_language(language)
        for dimension in loaded(regime).readings
        for option in dimension.options
    }
    chosen = [(key, value) for key, value in reading.items() if key not in _NO_CHOICE]
    return "; ".join(
        named.get((key, value), f"{key} {value}".replace("_", " ")) for key, value in chosen
    )


def with_titles(regime: str, activity: dict[str, Any]) -> dict[str, Any]:
    """Return an activity whose readings carry their titles."""
    readings = [{**item, "titles": titles(regime, item)} for item in activity["readings"]]
    return {**activity, "readings": readings}
