"""From text to terms: words of alphabets as they are, Chinese by pairs of characters.

Chinese is written without spaces, and most of its words have two characters; each two neighbours
are a term, so that a word of two is found as itself and a longer one by its pairs. Each single
character is a term as well. Both sides, what is kept and what is asked, are taken apart here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

LONGEST = 64
_HAN = (
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # CJK unified ideographs, extension A, compatibility
    "\U00020000-\U0003134f"  # extensions B to H
    "\u3040-\u30ff"  # kana, which names of products are written in
)
_PIECES = re.compile(rf"[{_HAN}]+|[^\W_](?:[\w.:/+-]*[^\W_])?", re.UNICODE)
_IS_HAN = re.compile(rf"[{_HAN}]")
_INSIDE = re.compile(r"[._:/+-]+")


def terms_of(text: str) -> Counter[str]:
    """Return each term of a text with how often it stands there."""
    counted: Counter[str] = Counter()
    for piece in _pieces(text):
        if _IS_HAN.match(piece):
            counted.update(piece)
            counted.update(piece[at : at + 2] for at in range(len(piece) - 1))
            continue
        counted[piece[:LONGEST]] += 1
        parts = [part for part in _INSIDE.split(piece) if part]
        if len(parts) > 1:  # atlas-2 is found as itself, and by atlas
            counted.update(part[:LONGEST] for part in parts)
    return counted


def asked_terms(query: str) -> list[str]:
    """Return the terms that something must have to answer a query, in the query's order."""
    asked: list[str] = []
    for piece in _pieces(query):
        if not _IS_HAN.match(piece):
            asked.append(piece[:LONGEST])
        elif len(piece) == 1:
            asked.append(piece)
        else:
            asked += [piece[at : at + 2] for at in range(len(piece) - 1)]
    return list(dict.fromkeys(asked))


def _pieces(text: str) -> list[str]:
    """Return words and runs of Chinese; width, case and composition make no difference."""
    pieces = []
    for piece in _PIECES.findall(unicodedata.normalize("NFKC", text).casefold()):
        pieces += _split_scripts(piece)
    return pieces


def _split_scripts(piece: str) -> list[str]:
    """Return the runs of one script each: a Chinese word may touch a Latin one."""
    return [run for run in re.split(rf"([{_HAN}]+)", piece) if run]
