"""The form of a new token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarant.desk.accounts.models import User
from declarant.desk.api.scopes import LABELS, NEEDS
from declarant.desk.api.tokens import LONGEST_DAYS


class TokenForm(forms.Form):
    """What a token is for, what it may do, how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("The program that uses it, such as tracker of atlas-3."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=_("Days until it ends"), min_value=1, max_value=LONGEST_DAYS, initial=90
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [
            (scope, label) for scope, label in LABELS.items() if person.has(NEEDS[scope])
        ]
