"""One field of the schema as a field of a form: its control, and what a person may choose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from pydantic import BaseModel

from declarant.desk.filer.register.anatomy import Field, Sort
from declarant.desk.filer.register.editing.choice_words import choices
from declarant.desk.filer.register.editing.offered import Offered, grounds_of, rules
from declarant.desk.filer.register.editing.wording import hint, label
from declarant.desk.site.forms import DayInput

FILES_LIST, DEVICES_LIST = "evidence-paths", "accelerator-names"
_WHOLE = re.compile(r"^[+-]?(0|[1-9]\d{0,300})$")  # what YAML reads as a whole number
_SHORT = (Sort.WHOLE, Sort.AMOUNT)
_LONG = {("Person", "address"), ("Model", "description"), ("Covered", "why")}


class PartForm(forms.Form):
    """The fields of one part. The schema is what checks them; this only shows and takes text."""

    use_required_attribute = False

    def full_clean(self) -> None:
        """Begin without errors; findings are added where they belong."""
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data: dict[str, Any] = {}

    def add_prefix(self, field_name: str) -> str:
        """Return the name of a control: `parts.0.tokens`."""
        return f"{self.prefix}.{field_name}" if self.prefix else field_name


class SeveralInput(forms.TextInput):
    """Several texts, each in a control of its own; blank ones count for nothing."""

    template_name = "register/widgets/several.html"
    use_fieldset = True

    def __init__(self, label: Any = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.label = label

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the label, since each control says which of them it is."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["label"] = self.label
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Return what was typed, blanks kept."""
        return list(data.getlist(name)) if isinstance(data, MultiValueDict) else data.get(name, [])

    def format_value(self, value: Any) -> list[str]:
        """Return the texts to show; one blank where there are none."""
        return list(value or []) or [""]

    def id_for_label(self, id_: str, index: str = "0") -> str:
        """Return the id of the first control."""
        return f"{id_}_0" if id_ else id_


class PlainSelect(forms.Select):
    """A select made by one template: a large run has hundreds of options."""

    template_name = "register/widgets/select.html"


class SeveralField(forms.Field):
    """Several texts."""

    widget = SeveralInput
    several = True


def form_field(
    model: type[BaseModel], field: Field, offered: Offered, content: Any, marked: bool
) -> forms.Field | None:
    """Return the form's field for a field of the schema; None for one with forms of its own.

    Args:
        model: the field is of.
        field: of the schema.
        offered: what the page may offer.
        content: the part as it stands, which may hold choices that are no longer offered.
        marked: whether required fields are shown as such.
    """
    said = {
        "label": label(model, field),
        "help_text": hint(model, field),
        "required": field.required and marked,
    }
    current = content.get(field.name) if isinstance(content, dict) else None
    if field.sort is Sort.TEXTS:
        known = grounds_of(str(content.get("key", ""))) if isinstance(content, dict) else []
        extra = [(item, item) for item in current or [] if item not in dict(known)]
        options = [*known, *extra]
        return forms.MultipleChoiceField(
            choices=options, widget=forms.CheckboxSelectMultiple, **said
        )
    if field.sort is Sort.FILES:
        several = SeveralInput(said["label"], attrs={"list": FILES_LIST})
        return SeveralField(widget=several, **said)
    if field.sort is Sort.FILE:
        return forms.CharField(widget=forms.TextInput(attrs={"list": FILES_LIST}), **said)
    if field.sort is Sort.DAY:
        return forms.CharField(widget=DayInput(), **said)
    options_here = _options(model, field, offered)
    if options_here is not None:
        blank = _("Choose") if field.required else _("Not said")
        held = [("", f"- {blank} -"), *options_here]
        if current and str(current) not in dict(held):
            held.append((str(current), str(current)))
        return forms.ChoiceField(choices=held, widget=PlainSelect(), **said)
    if field.sort in (Sort.TEXT, *_SHORT):
        return forms.CharField(widget=_text_widget(model, field), **said)
    return None


def _options(
    model: type[BaseModel], field: Field, offered: Offered
) -> Sequence[tuple[str, str]] | None:
    """Return what can be chosen; None where a person types."""
    if field.sort is Sort.CHOICE:
        return choices(field.choices)
    place = (model.__name__, field.name)
    if place == ("Recorded", "format"):
        return offered.formats
    if place == ("Received", "regime"):
        return [(name, name) for name in rules()]
    return offered.records(*place)


def _text_widget(model: type[BaseModel], field: Field) -> forms.Widget:
    if (model.__name__, field.name) in _LONG:
        return forms.Textarea(attrs={"rows": 3})
    attrs: dict[str, str] = {"autocomplete": "off"}
    if field.sort in _SHORT:
        attrs |= {"class": "usa-input--amount", "inputmode": "text"}
    if field.name == "device":
        attrs["list"] = DEVICES_LIST
    return forms.TextInput(attrs=attrs)


def taken(field: Field, value: Any) -> Any:
    """Return what a person typed as the register writes it; None for nothing."""
    if field.sort in (Sort.FILES, Sort.TEXTS):
        held = [item.strip() for item in value or [] if item.strip()]
        return held or None
    text = str(value or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return None
    if field.sort in _SHORT and _WHOLE.match(text):
        return int(text)
    return text
