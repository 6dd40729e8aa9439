"""Forms about people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from declarant.desk.accounts.models import User
from declarant.desk.accounts.roles import Role


class InvitationForm(forms.Form):
    """Who is invited, and to do what."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("As it stands in filings, such as General Counsel."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )


class AcceptForm(forms.Form):
    """The password of a new person."""

    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("15 characters or more; a sentence of a few words is best."),
    )
    again = forms.CharField(
        label=_("Password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person

    def clean_password(self) -> str:
        """Check the password as every new password is checked."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self._person)
        return password

    def clean(self) -> dict[str, Any]:
        """Compare the two."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("password") and given.get("password") != given.get("again"):
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return given


class RoleForm(forms.Form):
    """A role to give, with the reason."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    reason = forms.CharField(label=_("Reason"), max_length=500)


class ReasonForm(forms.Form):
    """Why a role or an access ends."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class HandOverForm(forms.Form):
    """Who takes over, and why."""

    successor = forms.ModelChoiceField(label=_("Successor"), queryset=User.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.filter(is_active=True).exclude(pk=person.pk).order_by("name")
        self.fields["successor"].queryset = others


class OneselfForm(forms.ModelForm):
    """One's own name and title, as they stand in filings."""

    class Meta:
        model = User
        fields = ["name", "title"]
