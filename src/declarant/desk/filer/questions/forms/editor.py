"""The editor of an answer: its value by type, its passages of words, whether it is not known.

It works without scripts: the buttons that add or take away a passage or a row send the form, and
it comes back with everything that was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.questions.bases import bases_of
from declarant.desk.filer.questions.content import NOTHING, AnswerContent
from declarant.desk.filer.questions.forms.marks import Marked, PassageForm, mark_of
from declarant.desk.filer.questions.forms.values import (
    ChoiceForm,
    DateForm,
    NumberForm,
    RowForm,
    ValueForm,
)
from declarant.desk.filer.questions.models import Attachment, Question
from declarant.filing.exchange.answering import table_columns
from declarant.filing.exchange.answers import (
    FilePassage,
    Passage,
    TablePassage,
    TextPassage,
)

MOST_PASSAGES = 50
MOST_ROWS = 200  # more belong into the spreadsheet; a request has a bound of fields
_VALUES: dict[str, type[ValueForm]] = {
    "number": NumberForm,
    "date": DateForm,
    "choice": ChoiceForm,
}
PASSAGE, ROW = "passage", "row"


class Beside(forms.Form):
    """What stands beside the passages: the version written over, and whether it is not known."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    not_known = forms.BooleanField(
        label=_("We do not know"),
        required=False,
        help_text=_("Say in words why, and until when it may be known."),
    )


class Files(forms.Form):
    """Which of the attached files are the answer itself."""

    files = forms.MultipleChoiceField(
        label=_("Files that are the answer"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].choices = choices


class Editor:
    """All forms of one answer, unbound from `content` or bound to what was sent.

    Attributes:
        attachments: what is attached to the answer, by SHA-256.
    """

    def __init__(
        self,
        question: Question,
        content: AnswerContent | None,
        base: int,
        attachments: Mapping[str, Attachment],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.question = question
        self.asks = question.asks
        self.content_before = content or NOTHING
        self.base = base
        self.attachments = attachments
        self.regime = question.question_set.regime
        self._marks = {"regime": self.regime, "bases": bases_of(self.regime)}
        self._data = data

    @property
    def is_text(self) -> bool:
        """Whether words are the answer, not what stands beside it."""
        return bool(self.asks.type == "text")

    @cached_property
    def beside(self) -> Beside:
        """The base version, and whether it is not known."""
        initial = {"base": self.base, "not_known": self.content_before.not_known}
        return Beside(self._data, initial=initial, prefix="beside")

    @cached_property
    def value(self) -> ValueForm | None:
        """The form of the value, for a number, a day or a choice."""
        kind = _VALUES.get(self.asks.type)
        if kind is None:
            return None
        held = kind.held(self.content_before.passages)
        return kind(self._data, initial=held, prefix="value", asks=self.asks, **self._marks)

    @cached_property
    def files(self) -> Files | None:
        """Which files are the answer, for a question that asks for files."""
        if self.asks.type != "file":
            return None
        chosen = [item.file for item in self.content_before.passages if item.type == "file"]
        choices = [(digest, item.name) for digest, item in self.attachments.items()]
        return Files(self._data, initial={"files": chosen}, prefix="file", choices=choices)

    @cached_property
    def passages(self) -> list[PassageForm]:
        """The passages of words; a text question shows at least one."""
        held = [
            {"text": item.text, **mark_of(item)}
            for item in self.content_before.passages
            if isinstance(item, TextPassage)
        ]
        least = 1 if self.is_text else 0
        made = self._forms(PASSAGE, PassageForm, held, least, MOST_PASSAGES, {})
        return [form for form in made if isinstance(form, PassageForm)]

    @cached_property
    def rows(self) -> list[RowForm]:
        """The rows of a table."""
        if self.asks.type != "table":
            return []
        held = [
            {**{f"c{n}": cell or "" for n, cell in enumerate(row)}, **mark_of(item)}
            for item in self.content_before.passages
            if isinstance(item, TablePassage)
            for row in item.rows
        ]
        least = max(1, self.asks.fewest)
        made = self._forms(
            ROW, RowForm, held, min(least, MOST_ROWS), MOST_ROWS, {"asks": self.asks}
        )
        return [form for form in made if isinstance(form, RowForm)]

    @property
    def is_too_long(self) -> bool:
        """Whether the answer holds more than the page can show: then it is edited off line."""
        held = self.content_before.passages
        rows = sum(len(item.rows) for item in held if isinstance(item, TablePassage))
        words = sum(isinstance(item, TextPassage) for item in held)
        return rows > MOST_ROWS or words > MOST_PASSAGES

    @property
    def _all(self) -> list[forms.Form]:
        value = [self.value] if self.value else []
        files = [self.files] if self.files else []
        return [self.beside, *value, *files, *self.rows, *self.passages]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Names and values of the hidden fields that say how many passages and rows there are."""
        return [(f"{PASSAGE}-count", len(self.passages)), (f"{ROW}-count", len(self.rows))]

    def is_valid(self) -> bool:
        """Whether everything can be read; what is wrong stands at its field."""
        for form in self._all:  # every one, so that each says what is wrong with it
            form.full_clean()
        if any(form.errors for form in self._all):
            return False
        words = any(form.cleaned_data["text"].strip() for form in self.passages)
        if self.beside.cleaned_data["not_known"]:
            if not words:
                self.beside.add_error("not_known", _("Say in words why it is not known."))
            elif self._values():
                self.beside.add_error(
                    "not_known", _("Keep the one or the other: this is answered all the same.")
                )
        return not self.beside.errors

    @property
    def problems(self) -> list[tuple[str, Any, str]]:
        """Each error with the control it stands at: its id, its label, what is wrong."""
        return [
            (form[name].id_for_label or form[name].auto_id, form[name].label, problem)
            for form in self._all
            for name, problems in form.errors.items()
            if name in form.fields
            for problem in problems
        ]

    def content(self) -> AnswerContent:
        """Return what was written, once it is valid; the evidence stays as it was."""
        words: list[Passage] = [
            TextPassage(type="text", text=form.cleaned_data["text"], **form.mark)
            for form in self.passages
            if form.cleaned_data["text"].strip()
        ]
        return AnswerContent(
            passages=(*self._values(), *words),
            not_known=self.beside.cleaned_data["not_known"],
            evidence=self.content_before.evidence,
        )

    def with_one_more(self, what: str) -> Editor:
        """Return the editor of what was typed with an empty passage or row at the end."""
        return self._changed(what, None)

    def without(self, what: str, number: int) -> Editor:
        """Return the editor of what was typed without a passage or row."""
        return self._changed(what, number)

    def _changed(self, what: str, without: int | None) -> Editor:
        data = dict(self._data.items()) if self._data else {}
        count = _count(data, what, MOST_ROWS)
        kept = [n for n in range(count) if n != without]
        moved = {key: value for key, value in data.items() if not key.startswith(f"{what}-")}
        for new, old in enumerate(kept):
            start = f"{what}-{old}-"
            moved |= {
                f"{what}-{new}-{key.removeprefix(start)}": value
                for key, value in data.items()
                if key.startswith(start)
            }
        more = 1 if without is None else 0
        moved[f"{what}-count"] = str(len(kept) + more)
        lists = getattr(self._data, "getlist", None)
        if lists is not None and self.files is not None:
            moved["file-files"] = lists("file-files")
        if lists is not None and self.asks.type == "choice" and self.asks.several:
            moved["value-chosen"] = lists("value-chosen")
        made = Editor(
            self.question, self.content_before, self.base, self.attachments, _Typed(moved)
        )
        made.keep_quiet()
        return made

    def keep_quiet(self) -> None:
        """Show what was typed without saying what is wrong with it: nobody asked to save it yet."""
        for form in self._all:
            form._errors = forms.utils.ErrorDict()
            form.cleaned_data = {}

    def _values(self) -> list[Passage]:
        if self.value is not None:
            return self.value.passages()
        if self.files is not None:
            return [self._file(digest) for digest in self.files.cleaned_data["files"]]
        return self._tables()

    def _file(self, digest: str) -> FilePassage:
        from declarant.desk.filer.questions.bases import ground_of

        held = self.attachments[digest]
        basis = ground_of(self.regime, held.basis) if held.confidential else None
        return FilePassage(type="file", file=digest, confidential=held.confidential, basis=basis)

    def _tables(self) -> list[Passage]:
        """Return the rows, public and confidential ones in passages of their own."""
        if self.asks.type != "table":
            return []
        columns = table_columns(self.asks)
        grouped: dict[str, tuple[dict[str, Any], list[tuple[str | None, ...]]]] = {}
        for form in self.rows:
            row = form.row()
            if any(cell is not None for cell in row):
                grouped.setdefault(repr(form.mark), (form.mark, []))[1].append(row)
        return [
            TablePassage(type="table", columns=columns, rows=tuple(rows), **mark)
            for mark, rows in grouped.values()
        ]

    def _forms(
        self,
        what: str,
        kind: type[Marked],
        held: list[dict[str, Any]],
        least: int,
        most: int,
        more: dict[str, Any],
    ) -> list[Marked]:
        if self._data is not None:
            count = _count(self._data, what, most)
            return [
                kind(self._data, prefix=f"{what}-{n}", **more, **self._marks) for n in range(count)
            ]
        shown = held[:most] + [{}] * max(0, least - len(held))
        return [
            kind(initial=item, prefix=f"{what}-{n}", **more, **self._marks)
            for n, item in enumerate(shown)
        ]


class _Typed(dict[str, Any]):
    """What was typed, changed here; widgets of several values ask for lists."""

    def getlist(self, name: str) -> list[Any]:
        """Return all values of a name."""
        value = self.get(name, [])
        return value if isinstance(value, list) else [value]


def _count(data: Mapping[str, Any], what: str, most: int) -> int:
    given = str(data.get(f"{what}-count", "0"))
    return min(int(given), most) if given.isdecimal() and len(given) < 6 else 0
