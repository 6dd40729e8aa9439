"""Which of the law's languages fits a page."""

from __future__ import annotations


def law_language(language: str | None) -> str:
    """Return the language of the law's data that fits the page's: "en" or "zh-Hant"."""
    return "zh-Hant" if (language or "").lower().startswith("zh") else "en"
