"""An answer laid out as the parts that people fill in, whatever the file's format.

One part is one passage. After those that are there come empty ones: nobody has to make room.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from declarant.filing.exchange.answers import (
    ChoicePassage,
    DatePassage,
    FilePassage,
    NumberPassage,
    Passage,
    TablePassage,
    TextPassage,
)
from declarant.filing.exchange.questions import (
    AsksChoice,
    AsksFile,
    AsksNumber,
    AsksTable,
    AsksText,
    Cell,
    Option,
    Question,
)
from declarant.filing.offline.handed_out import PUBLIC, Labels
from declarant.filing.offline.values import can_stand
from declarant.filing.offline.work import DraftAnswer

Kind = Literal["words", "number", "date", "choice", "table", "file"]
CHOSEN, OPEN = "[x] ", "[ ] "


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of an answer.

    Attributes:
        part: its number, from 1; in a table's row that somebody added, 0.
        kind: what it holds.
        text: words, number, day, chosen options or label of a file; "" when empty, or a table.
        unit: of a number.
        mark: label of its confidentiality.
        rows: of a table.
        where: its place in the file, for findings.
    """

    part: int
    kind: Kind
    text: str = ""
    unit: str = ""
    mark: str = PUBLIC
    rows: tuple[tuple[str, ...], ...] = ()
    where: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written in it."""
        return not self.text.strip() and not any(cell.strip() for row in self.rows for cell in row)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The parts of one answer, and what is marked beside them; `notes` are those just added."""

    entries: tuple[Entry, ...]
    not_known: bool = False
    evidence: tuple[str, ...] = ()  # labels of files
    notes: str = ""


def laid_out(question: Question, draft: DraftAnswer, labels: Labels) -> Sheet | None:
    """Return an answer as parts; None when some of it would not come back as it is.

    Such are options, columns or files that are not at hand, and characters that no office file
    holds.
    """
    entries = [
        _entry(number, passage, question, labels)
        for number, passage in enumerate(draft.passages, start=1)
    ]
    evidence = [labels.file(digest) for digest in draft.evidence]
    if None in entries or None in evidence:
        return None
    held = [item for item in entries if item is not None]
    sheet = Sheet(
        (*held, *_empty(question, held, labels)),
        draft.not_known,
        tuple(label for label in evidence if label is not None),
    )
    texts = [text for item in sheet.entries for text in (item.text, *sum(item.rows, ()))]
    return sheet if all(map(can_stand, texts)) else None


def options_by_label(asks: AsksChoice) -> dict[str, Option]:
    """Return the options by what people read: their text, with the id where two read alike."""
    texts = [" ".join(option.text.split()) for option in asks.options]
    return {
        text if texts.count(text) == 1 else f"{text} [{option.id}]": option
        for text, option in zip(texts, asks.options, strict=True)
    }


def chosen_text(asks: AsksChoice, chosen: tuple[Option, ...]) -> str | None:
    """Return chosen options as text; None when one is not offered.

    One option is its label; of several, every option stands on a line of its own with a box, the
    chosen ones first.
    """
    labels = {option: label for label, option in options_by_label(asks).items()}
    picked = [labels[option] for option in chosen if option in labels]
    if len(picked) < len(chosen):
        return None
    if not asks.several:
        return picked[0] if len(picked) == 1 else None if picked else ""
    rest = [label for label in labels.values() if label not in picked]
    return "\n".join([*(CHOSEN + label for label in picked), *(OPEN + label for label in rest)])


def _entry(number: int, passage: Passage, question: Question, labels: Labels) -> Entry | None:
    made = Entry(number, "words", mark=labels.mark(passage.confidential, passage.basis))
    asks = question.asks
    match passage:
        case TextPassage():
            return replace(made, text=passage.text)
        case NumberPassage():
            return replace(made, kind="number", text=passage.number, unit=passage.unit or "")
        case DatePassage():
            return replace(made, kind="date", text=passage.date.isoformat())
        case FilePassage():
            label = labels.file(passage.file)
            return replace(made, kind="file", text=label) if label else None
        case ChoicePassage() if isinstance(asks, AsksChoice):
            text = chosen_text(asks, passage.chosen)
            return replace(made, kind="choice", text=text) if text else None
        case TablePassage() if isinstance(asks, AsksTable):
            if len(passage.columns) != len(asks.columns):
                return None
            rows = tuple(
                tuple(map(_cell_text, (column.cell for column in asks.columns), row))
                for row in passage.rows
            )
            return replace(made, kind="table", rows=rows)
        case _:
            return None


def _cell_text(asks: Cell, cell: str | None) -> str:
    """Return a cell as people read it: an option by its label."""
    if not isinstance(asks, AsksChoice):
        return cell or ""
    labels = {option.id: label for label, option in options_by_label(asks).items()}
    return labels.get(cell or "", cell or "")


def _empty(question: Question, held: list[Entry], labels: Labels) -> Iterator[Entry]:
    """Yield empty parts: for what is asked, where it may be given again, and for words."""
    number = len(held)
    asks = question.asks
    kinds = [item.kind for item in held]
    if not isinstance(asks, AsksText):
        once = not isinstance(asks, AsksFile | AsksTable)
        if not once or asks.type not in kinds:
            number += 1
            text = (chosen_text(asks, ()) or "") if isinstance(asks, AsksChoice) else ""
            single = isinstance(asks, AsksNumber) and len(asks.units) == 1
            unit = asks.units[0] if isinstance(asks, AsksNumber) and single else ""
            yield Entry(number, asks.type, text=text, unit=unit)
    elif "words" not in kinds:
        number += 1
        yield Entry(number, "words")
    yield Entry(number + 1, "words")
