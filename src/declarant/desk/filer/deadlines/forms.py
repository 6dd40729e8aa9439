"""The form that gives a date to somebody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarant.desk.accounts.models import User
from declarant.desk.accounts.roles import Role

_WHO = (Role.ENGINEER, Role.PREPARER, Role.CERTIFYING_OFFICER)


class HolderForm(forms.Form):
    """Who deals with what is due."""

    holder = forms.ModelChoiceField(
        label=_("Who holds it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Reminders go to this person; without one, to every preparer."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = User.objects.filter(
            is_active=True, grants__role__in=_WHO, grants__ended__isnull=True
        ).distinct()
