"""Forms as the U.S. Web Design System asks for them: label, hint, error and control, tied together.

`{{ form }}` gives a summary of errors with links, then each field. A form may name groups of its
fields in `fieldsets = [(legend, ["field", ...]), ...]`. Write the form tag with `novalidate`, so
that errors are said by the page, beside their field, and not by a bubble that goes away.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Input
from django.template import TemplateDoesNotExist

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "usa-checkbox__input"),
    (forms.RadioSelect, "usa-radio__input"),
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.Select, "usa-select"),
    (forms.FileInput, "desk-file"),
    (forms.Textarea, "usa-textarea"),
    (forms.DateInput, "usa-input usa-input--day"),
    (Input, "usa-input"),
)
_WIDGETS = "django/forms/widgets/"


class UswdsField(BoundField):
    """A field with what its control must carry, and what its template asks."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """Return the attributes with the classes of the design system and the limit of a text."""
        shown = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        named = next((name for kind, name in _CLASSES if isinstance(shown, kind)), "")
        if self.errors and named.startswith("usa-") and "__" not in named:
            named += " usa-input--error"
        classes = f"{named} {shown.attrs.get('class', '')} {attrs.get('class', '')}".split()
        if classes and not shown.is_hidden:
            attrs["class"] = " ".join(dict.fromkeys(classes))
        if self.limit is not None:
            attrs["maxlength"] = False  # a browser would cut what is pasted, and say nothing
            attrs["data-limit"] = self.limit
            attrs["data-count"] = f"{self.auto_id}_count"
            known = attrs.get("aria-describedby", "")
            attrs["aria-describedby"] = f"{known} {self.auto_id}_limit".strip()
        return attrs

    @property
    def limit(self) -> int | None:
        """The characters a long text may have; None for any other field."""
        if not isinstance(self.field.widget, forms.Textarea) or not self.auto_id:
            return None
        return getattr(self.field, "max_length", None)

    @property
    def is_checkbox(self) -> bool:
        """Whether the label stands behind the control."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def first_id(self) -> str:
        """The id of the control that a link to this field leads to."""
        if not self.auto_id:
            return ""
        return f"{self.auto_id}_0" if self.use_fieldset else self.id_for_label or self.auto_id


class UswdsRenderer(DjangoTemplates):
    """FORM_RENDERER of the desks. A widget has its template here, or else Django's own."""

    form_template_name = "site/forms/form.html"
    formset_template_name = "site/forms/formset.html"
    field_template_name = "site/forms/field.html"
    bound_field_class = UswdsField

    def get_template(self, template_name: str) -> Any:
        """Return a template; for a widget the desk's own where there is one."""
        if template_name.startswith(_WIDGETS):
            own = f"site/forms/widgets/{template_name.removeprefix(_WIDGETS)}"
            try:
                return super().get_template(own)
            except TemplateDoesNotExist:
                pass
        return super().get_template(template_name)


class DayInput(forms.DateInput):
    """A day, picked with the browser's own calendar, or typed as 2027-04-15 where it has none."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayParts(forms.MultiWidget):
    """A day in three parts, for one that people know by heart: year, month, day, as text."""

    template_name = "site/forms/widgets/day_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        parts = {
            name: forms.TextInput(
                {
                    "class": "usa-input",
                    "inputmode": "numeric",
                    "maxlength": length,
                    "autocomplete": "off",
                }
            )
            for name, length in (("year", 4), ("month", 2), ("day", 2))
        }
        super().__init__(parts, attrs)

    def decompress(self, value: Any) -> list[str | None]:
        """Return the parts of a day, or of what was typed in its place."""
        if not value:
            return [None, None, None]
        return list(str(value).rsplit("-", 2))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """Return what was typed as one text, which the field reads or refuses."""
        year, month, day = super().value_from_datadict(data, files, name)
        if not any((year, month, day)):
            return ""
        return f"{year}-{(month or '').zfill(2)}-{(day or '').zfill(2)}"
