"""The form by which a reading is chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.assessment.choosing import SHORTEST_REASON


class ReadingForm(forms.Form):
    """Which reading the filing follows for one activity, and why."""

    reading = forms.ChoiceField(
        label=_("Reading"),
        required=False,
        help_text=_("The cautious reading holds unless another is chosen here."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        min_length=SHORTEST_REASON,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is kept for ever and stands in the filing. The agency reads it."),
    )

    def __init__(self, *args: Any, readings: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reading"].choices = [("", _("The cautious reading (default)")), *readings]
