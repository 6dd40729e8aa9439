"""What differs between two texts, word by word; Chinese and Japanese character by character."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from declarant.desk.filer.questions.content import AnswerContent
from declarant.filing.exchange.wording import passage_said

_IDEOGRAPH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|\s+|[^\s{_IDEOGRAPH}]+")
MOST_WORDS = 3_000  # of both sides; beyond, lines are compared, so that no text takes minutes


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `same`, `taken` away or `added`."""

    kind: str
    text: str


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Return the stretches that make up both texts, in reading order.

    The pieces that are not `added` spell `before`, those that are not `taken` spell `after`.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
        if len(old) + len(new) > MOST_WORDS:
            return tuple(_pieces(("taken", before), ("added", after)))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    codes = matcher.get_opcodes()
    found: list[tuple[str, str]] = []
    taken = added = ""
    for at, (tag, i, j, m, n) in enumerate(codes):
        same = "".join(old[i:j])
        between = 0 < at < len(codes) - 1 and not same.strip()
        if tag != "equal" or between:  # a space between two changes is part of them
            taken, added = taken + same, added + "".join(new[m:n])
            continue
        found += [("taken", taken), ("added", added), ("same", same)]
        taken = added = ""
    return tuple(_pieces(*found, ("taken", taken), ("added", added)))


def text_of(content: AnswerContent, names: Mapping[str, str]) -> str:
    """Return all that an answer says as lines of text, to be read and compared.

    `names` gives the name of each file, by its SHA-256.
    """
    lines = ["Not known."] if content.not_known else []
    for passage in content.passages:
        mark = ""
        if passage.confidential:
            mark = f"[confidential: {passage.basis.text if passage.basis else 'no basis'}] "
        lines.append(mark + passage_said(passage, names))
    lines += [f"Evidence: {names.get(item, item)}" for item in content.evidence]
    return "\n".join(lines)


def _pieces(*found: tuple[str, str]) -> Iterator[Piece]:
    for kind, text in found:
        if text:
            yield Piece(kind, text)
