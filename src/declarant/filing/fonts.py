"""Which characters the shipped fonts can show, and what stands in for one that they cannot.

A character without a glyph would print as an empty box, or stop PDF/A altogether; it is printed as
its code point instead (`[U+1F600]`) and reported. Characters that act on others without being seen
(direction overrides, private use, controls) are printed the same way: on a form that somebody signs
nothing may look different from what it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from declarant.problems import Finding, Place

FOLDER = Path(__file__).parent / "fonts"
FAMILIES = ("Declarant Sans", "Declarant Sans CJK")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


@cache
def coverage() -> frozenset[int]:
    """Return the code points for which some shipped font has a glyph."""
    from fontTools.ttLib import TTFont

    points: set[int] = set()
    for file in sorted(FOLDER.glob("*.[ot]tf")):
        with TTFont(file, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)


def is_shown(character: str) -> bool:
    """Whether a character is printed as itself."""
    if character in "\n ":
        return True
    return unicodedata.category(character) not in _UNSEEN and ord(character) in coverage()


def showable(text: str) -> str:
    """Return text with composed accents, and the code point for each character not shown."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        character if is_shown(character) else f"[U+{ord(character):04X}]" for character in composed
    )


def unshown_characters(content: dict[str, Any]) -> tuple[Finding, ...]:
    """Return a finding for each field of a document that the form cannot show as it is."""
    findings = []
    for field, text in _texts(content, "$"):
        missing = dict.fromkeys(
            character for character in unicodedata.normalize("NFC", text) if not is_shown(character)
        )
        if missing:
            named = ", ".join(_named(character) for character in missing)
            findings.append(
                Finding(
                    "pdf.no_glyph",
                    f"the fonts of the form have no glyph for {named}.",
                    Place(field=field),
                    "Write it in Latin, Greek, Cyrillic or Chinese characters as well.",
                    effect="the PDF shows its code point; the JSON document holds it as it is",
                )
            )
    return tuple(findings)


def _named(character: str) -> str:
    point = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    return f"{point} ({name})" if name else point


def _texts(value: Any, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, f"{field}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{field}[{index}]")
