"""From the parts that people filled in to an answer; what cannot be read is kept as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from declarant.filing.exchange.answering import table_columns
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
    AskedColumn,
    AsksChoice,
    AsksDate,
    AsksNumber,
    AsksTable,
    Option,
    Question,
)
from declarant.filing.offline.entries import CHOSEN, OPEN, Entry, Sheet, options_by_label
from declarant.filing.offline.handed_out import HandedOut, Labels
from declarant.filing.offline.values import LONGEST_TEXT, read_day, read_number, tidied
from declarant.filing.offline.work import ReturnedAnswer, fingerprint
from declarant.filing.parts import Ground
from declarant.problems import Finding, Place, Severity

_BOXES = ("[x]", "[X]", "[✓]", "[v]", "[V]", "☒", "☑", "✓")
_OPEN_BOXES = ("[ ]", "[]", "☐")
_NOT_READ = "It is kept as it stands, and nothing is taken over until somebody has looked."


@dataclass(slots=True)
class Reading:
    """Reading one answer: what it says so far, and what could not be read.

    `known` are the bases and `files` the SHA-256 that the desk has now; labels that stand for
    anything else are not believed.
    """

    question: Question
    labels: Labels
    known: tuple[Ground, ...]
    files: frozenset[str]
    name: str
    findings: list[Finding] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)

    def answer(self, sheet: Sheet, handed: HandedOut) -> ReturnedAnswer:
        """Return what the parts say."""
        passages: list[Passage] = []
        for entry in sheet.entries:
            if not entry.is_empty:
                try:
                    passages += self._passages(entry)
                except ValidationError:
                    self.lost(entry.where, entry.text, "does not fit into an answer.")
        evidence = [digest for label in sheet.evidence for digest in self._evidence(label)]
        now = fingerprint(passages, sheet.not_known, evidence)
        return ReturnedAnswer(
            self.question.id,
            tuple(passages),
            sheet.not_known,
            tuple(evidence),
            handed.version,
            touched=now != handed.fingerprint or bool(self.unread),
            notes=sheet.notes,
            unread=tuple(self.unread),
        )

    def lost(self, where: str, text: str, what: str, mend: str = "") -> None:
        """Keep text that cannot be read, with a finding at its place."""
        shown = f"{text[:80]!r}{' ...' if len(text) > 80 else ''}"
        place = Place(file=self.name, field=where)
        said = f"{shown} {what}"
        self.findings.append(
            Finding("offline.not_read", said, place, f"{mend} {_NOT_READ}".strip(), Severity.ERROR)
        )
        self.unread.append(f"{where}: {text}")
        self.places.add(where)

    def noted(self, where: str, code: str, what: str, mend: str) -> None:
        """Remark on something that was read all the same."""
        place = Place(file=self.name, field=where)
        self.findings.append(Finding(f"offline.{code}", what, place, mend))

    def _passages(self, entry: Entry) -> Iterator[Passage]:
        confidential, basis = self._mark(entry)
        mark = {"confidential": confidential, "basis": basis}
        match entry.kind:
            case "words":
                if len(entry.text) > LONGEST_TEXT:
                    what = f"has {len(entry.text):,} characters; a part holds {LONGEST_TEXT:,}."
                    self.lost(entry.where, entry.text, what, "Divide it into two parts.")
                    return
                yield TextPassage(type="text", text=self._tidied(entry.text, entry.where), **mark)
            case "number":
                number = read_number(entry.text)
                if number is None:
                    mend = "Write digits, such as 1234.5; say the rest in words below."
                    self.lost(entry.where, entry.text, "is no number.", mend)
                    return
                unit = entry.unit.strip() or None
                yield NumberPassage(type="number", number=number, unit=unit, **mark)
            case "date":
                day = read_day(entry.text)
                if day is None:
                    self.lost(entry.where, entry.text, "is no day.", "Write it as 2027-02-01.")
                    return
                yield DatePassage(type="date", date=day, **mark)
            case "choice":
                chosen = self._chosen(entry)
                if chosen:
                    yield ChoicePassage(type="choice", chosen=chosen, **mark)
            case "file":
                for digest in self._files(entry.text, entry.where):
                    yield FilePassage(type="file", file=digest, **mark)
            case "table":
                yield from self._table(entry, mark)

    def _mark(self, entry: Entry) -> tuple[bool, Ground | None]:
        confidential, basis, is_known = self.labels.marked(entry.mark, self.known)
        if not is_known:
            what = f"{entry.mark!r:.80} is no basis that is known: it is taken as confidential."
            mend = "Name the basis at the desk, or choose one of the list."
            self.noted(entry.where, "unknown_basis", what, mend)
        return confidential, basis

    def _chosen(self, entry: Entry) -> tuple[Option, ...]:
        asks = self.question.asks
        if not isinstance(asks, AsksChoice):
            return ()
        by_label = options_by_label(asks)
        by_words = {option.id.casefold(): option for option in asks.options}
        by_words |= {label.casefold(): option for label, option in by_label.items()}
        found: list[Option] = []
        for line in entry.text.splitlines() if asks.several else [entry.text]:
            wanted = _unboxed(line) if asks.several else line
            if wanted is None or not wanted.strip():
                continue
            option = by_words.get(" ".join(wanted.split()).casefold())
            if option is None:
                mend = "Choose from the list; say the rest in words below."
                self.lost(entry.where, line, "is not one of the options.", mend)
            else:
                found.append(option)
        return tuple(found)

    def _evidence(self, label: str) -> Iterator[str]:
        return self._files(label, f"{self.question.id}, evidence")

    def _files(self, text: str, where: str) -> Iterator[str]:
        for line in filter(None, (line.strip() for line in text.splitlines())):
            digest = self.labels.files.get(line)
            if digest in self.files:
                yield digest
            else:
                mend = "Attach it at the desk, or write the name as the desk shows it."
                self.lost(where, line, "is no file that is at hand.", mend)

    def _table(self, entry: Entry, mark: Mapping[str, object]) -> Iterator[Passage]:
        asks = self.question.asks
        if not isinstance(asks, AsksTable):
            return
        rows = []
        for row in entry.rows:
            if any(cell.strip() for cell in row):
                padded = (*row, *[""] * (len(asks.columns) - len(row)))
                rows.append(
                    tuple(
                        self._cell(column, cell, entry.where)
                        for column, cell in zip(asks.columns, padded, strict=True)
                    )
                )
        if rows:
            yield TablePassage.model_validate(
                {"type": "table", "columns": table_columns(asks), "rows": tuple(rows), **mark}
            )

    def _cell(self, column: AskedColumn, cell: str, where: str) -> str | None:
        """Return a cell in the form answers have; what cannot be read stays as it is.

        The checks of the answer tell of it, at the cell: it is not this reader's to change it.
        """
        text = self._tidied(cell, where)
        if not text.strip():
            return None
        match column.cell:
            case AsksNumber():
                return read_number(text) or text
            case AsksDate():
                day = read_day(text)
                return day.isoformat() if day else text
            case AsksChoice():
                labels = options_by_label(column.cell)
                options = {label.casefold(): option for label, option in labels.items()}
                option = options.get(" ".join(text.split()).casefold())
                return option.id if option else text
            case _:
                return text

    def _tidied(self, text: str, where: str) -> str:
        tidy = tidied(text)
        if len(tidy.replace(" ", "")) != len(text.replace("\r\n", "\n").replace(" ", "")):
            what = "holds tabs or other control characters, which became spaces."
            self.noted(where, "tidied", what, "Look whether it still reads as it was meant.")
        return tidy


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return parts by their numbers; those that somebody added (0) come last."""
    return tuple(sorted(entries, key=lambda entry: entry.part or 10**9))


def _unboxed(line: str) -> str | None:
    """Return what a line chooses, without its box; None when the box is empty."""
    text = line.strip()
    if text.startswith((OPEN.strip(), *_OPEN_BOXES)):
        return None
    for box in (CHOSEN.strip(), *_BOXES):
        if text.startswith(box):
            return text.removeprefix(box)
    return text
