"""The value that a question asks for besides words: number, day, choice, row of a table, file.

Each form turns what was typed into passages of the published format. Whether a value fits what
the question asks for is said by the checks of the exchange, not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.questions.forms.marks import Marked, mark_of, plain_text
from declarant.desk.site.forms import DayInput
from declarant.filing.exchange.answers import (
    ChoicePassage,
    DatePassage,
    NumberPassage,
    Passage,
)
from declarant.filing.exchange.questions import (
    AskedColumn,
    AsksChoice,
    AsksDate,
    AsksNumber,
    AsksTable,
    Option,
)

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
LONGEST_NUMBER = 60
_NO_NUMBER = _("Write digits, with a point before decimals and no other signs, such as 1250.5.")


class ValueForm(Marked):
    """Base of forms for a value that is asked for once."""

    def __init__(self, *args: Any, asks: Any, **kwargs: Any) -> None:
        self.asks = asks
        super().__init__(*args, **kwargs)

    @staticmethod
    def held(passages: Iterable[Passage]) -> dict[str, Any]:
        """Return the initial values for the passages of the form's kind."""
        raise NotImplementedError

    def passages(self) -> list[Passage]:
        """Return what was filled in; empty when nothing was."""
        raise NotImplementedError


class NumberForm(ValueForm):
    """A number with its unit."""

    number = forms.CharField(
        label=_("Number"),
        required=False,
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, asks: AsksNumber, **kwargs: Any) -> None:
        super().__init__(*args, asks=asks, **kwargs)
        if asks.units:
            unit = forms.ChoiceField(label=_("Unit"), choices=[(u, u) for u in asks.units])
            number = self.fields.pop("number")
            self.fields = {"number": number, "unit": unit, **self.fields}

    def clean_number(self) -> str:
        """Return decimal text."""
        return decimal_text(self.cleaned_data["number"])

    @staticmethod
    def held(passages: Iterable[Passage]) -> dict[str, Any]:
        """Return the number of the passages."""
        for passage in passages:
            if isinstance(passage, NumberPassage):
                return {"number": passage.number, "unit": passage.unit, **mark_of(passage)}
        return {}

    def passages(self) -> list[Passage]:
        """Return the number, when there is one."""
        number = self.cleaned_data["number"]
        unit = self.cleaned_data.get("unit") or None
        return (
            [NumberPassage(type="number", number=number, unit=unit, **self.mark)] if number else []
        )


class DateForm(ValueForm):
    """A day."""

    date = forms.DateField(label=_("Day"), required=False, widget=DayInput())

    def __init__(self, *args: Any, asks: AsksDate, **kwargs: Any) -> None:
        super().__init__(*args, asks=asks, **kwargs)

    @staticmethod
    def held(passages: Iterable[Passage]) -> dict[str, Any]:
        """Return the day of the passages."""
        for passage in passages:
            if isinstance(passage, DatePassage):
                return {"date": passage.date, **mark_of(passage)}
        return {}

    def passages(self) -> list[Passage]:
        """Return the day, when there is one."""
        day = self.cleaned_data["date"]
        return [DatePassage(type="date", date=day, **self.mark)] if day else []


class ChoiceForm(ValueForm):
    """One of the options, or several."""

    def __init__(self, *args: Any, asks: AsksChoice, **kwargs: Any) -> None:
        super().__init__(*args, asks=asks, **kwargs)
        options = [(option.id, option.text) for option in asks.options]
        chosen: forms.Field
        if asks.several:
            chosen = forms.MultipleChoiceField(
                label=_("Choose one or more"),
                choices=options,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        else:
            chosen = forms.ChoiceField(
                label=_("Choose one"), choices=options, required=False, widget=forms.RadioSelect
            )
        self.fields = {"chosen": chosen, **self.fields}

    @staticmethod
    def held(passages: Iterable[Passage]) -> dict[str, Any]:
        """Return what the passages choose."""
        for passage in passages:
            if isinstance(passage, ChoicePassage):
                return {"chosen": [option.id for option in passage.chosen], **mark_of(passage)}
        return {}

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Return one id where one is asked for."""
        value = super().get_initial_for_field(field, field_name)
        if field_name == "chosen" and not self.asks.several and isinstance(value, list):
            return value[0] if value else ""
        return value

    def passages(self) -> list[Passage]:
        """Return the options that were chosen, with their words."""
        chosen = self.cleaned_data["chosen"]
        wanted = set(chosen if isinstance(chosen, list) else [chosen] if chosen else [])
        options = tuple(
            Option(id=option.id, text=option.text)
            for option in self.asks.options
            if option.id in wanted
        )
        return [ChoicePassage(type="choice", chosen=options, **self.mark)] if options else []


class RowForm(Marked):
    """One row of a table; an empty cell is not known."""

    def __init__(self, *args: Any, asks: AsksTable, **kwargs: Any) -> None:
        self.asks = asks
        super().__init__(*args, **kwargs)
        cells = {f"c{n}": _cell(column) for n, column in enumerate(asks.columns)}
        self.fields = {**cells, **self.fields}

    @property
    def cells(self) -> list[Any]:
        """The bound fields of the columns."""
        return [self[f"c{n}"] for n in range(len(self.asks.columns))]

    def clean(self) -> dict[str, Any]:
        """Read each cell as its column asks."""
        held = super().clean()
        for n, column in enumerate(self.asks.columns):
            name = f"c{n}"
            try:
                if held.get(name) and column.cell.type == "number":
                    held[name] = decimal_text(held[name])
                elif held.get(name) and column.cell.type == "text":
                    held[name] = plain_text(held[name])
            except forms.ValidationError as problem:
                self.add_error(name, problem)
        return held

    def row(self) -> tuple[str | None, ...]:
        """Return the cells as the published format writes them."""
        cells = [self.cleaned_data.get(f"c{n}") for n in range(len(self.asks.columns))]
        return tuple(_written(cell) for cell in cells)


def decimal_text(given: str) -> str:
    """Return a number as decimal text; a leading plus and outer spaces are left out.

    Raises:
        ValidationError: when it is none.
    """
    text = given.strip().replace("\N{MINUS SIGN}", "-").removeprefix("+")
    if text and (not NUMBER.fullmatch(text) or len(text) > LONGEST_NUMBER):
        raise forms.ValidationError(_NO_NUMBER)
    return text


def _cell(column: AskedColumn) -> forms.Field:
    """Return the field of a cell; a required one may stay empty in a draft, the checks say so."""
    label = column.title
    match column.cell.type:
        case "number":
            units = ", ".join(column.cell.units)
            return forms.CharField(
                label=f"{label} ({units})" if units else label,
                required=False,
                max_length=LONGEST_NUMBER,
                widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            )
        case "date":
            return forms.DateField(label=label, required=False, widget=DayInput())
        case "choice":
            options = [(option.id, option.text) for option in column.cell.options]
            return forms.ChoiceField(
                label=label, required=False, choices=[("", _("None chosen")), *options]
            )
        case _:
            return forms.CharField(
                label=label,
                required=False,
                max_length=20_000,
                widget=forms.Textarea({"rows": 2}),
            )


def _written(cell: Any) -> str | None:
    if cell in (None, ""):
        return None
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)
