"""The language of the request that is being answered."""

from __future__ import annotations

from django.utils import translation

from declarant.desk.language import law_language


def language() -> str:
    """Return the language as law data and plots name it: "en" or "zh-Hant"."""
    return law_language(translation.get_language())


def is_chinese() -> bool:
    """Return whether this request is answered in Chinese."""
    return language() == "zh-Hant"
