"""The form above the log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarant.desk.site.forms import DayInput

LARGEST = 2**63 - 1  # of an index


class LogFilter(forms.Form):
    """Which entries to show. Everything is optional; all that is given must hold."""

    actor = forms.ChoiceField(label=_("Who"), required=False)
    action = forms.ChoiceField(label=_("What was done"), required=False)
    subject = forms.CharField(
        label=_("To what, or how that begins"), required=False, max_length=500
    )
    day = forms.DateField(label=_("Day, in UTC"), required=False, widget=DayInput)
    before = forms.IntegerField(
        required=False, min_value=0, max_value=LARGEST, widget=forms.HiddenInput
    )
    after = forms.IntegerField(
        required=False, min_value=-1, max_value=LARGEST, widget=forms.HiddenInput
    )

    def __init__(self, data: Any, *, actors: list[tuple[str, str]], actions: list[str]) -> None:
        super().__init__(data)
        self.fields["actor"].choices = [("", _("Everybody")), *actors]
        self.fields["action"].choices = [("", _("Everything")), *((name, name) for name in actions)]

    def clean_subject(self) -> str:
        """Refuse what no subject can hold."""
        subject: str = self.cleaned_data["subject"]
        return subject.strip()
