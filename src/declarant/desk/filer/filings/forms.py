"""The forms of drafting and sending. Those of signing stand in signing_forms.py."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarant.desk.accounts.models import User
from declarant.desk.filer.filings.checking import SHORTEST_REASON

REASON_LENGTH = 4000


def officer_field(officers: list[User], without: User | None) -> forms.ModelChoiceField:
    """Return the choice of a certifying officer, without the preparer."""
    held = [person.pk for person in officers if without is None or person.pk != without.pk]
    return forms.ModelChoiceField(
        label=_("Certifying officer"),
        queryset=User.objects.filter(pk__in=held).order_by("name"),
        required=False,
        empty_label=_("Not named yet"),
        help_text=_("Somebody else than the preparer: two people answer for each filing."),
    )


class StartForm(forms.Form):
    """For which quarter, and who will certify."""

    quarter = forms.RegexField(
        r"^\d{4}Q[1-4]$",
        label=_("Quarter"),
        help_text=_("Such as 2026Q4. The one due next stands here."),
        widget=forms.TextInput(attrs={"class": "usa-input--amount", "autocomplete": "off"}),
        error_messages={"invalid": _("Write the year, Q and 1 to 4, such as 2026Q4.")},
    )

    def __init__(self, *args: Any, officers: list[User], person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"] = officer_field(officers, person)


class OfficerForm(forms.Form):
    """Who certifies."""

    def __init__(self, *args: Any, officers: list[User], preparer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"] = officer_field(officers, preparer)
        self.fields["officer"].required = True


class ConfirmForm(forms.Form):
    """Why a questioned figure stands."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=SHORTEST_REASON,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the filing with your name. The agency reads it."),
    )


class GiveBackForm(forms.Form):
    """What is to be changed before the filing can be certified."""

    reason = forms.CharField(
        label=_("What is to be changed"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ByHandForm(forms.Form):
    """When and how a person sent the downloaded message."""

    when = forms.DateTimeField(
        label=_("Sent at (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": _("Write it as 2027-01-14 16:30, in UTC.")},
    )
    note = forms.CharField(
        label=_("How it was sent"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("From which mailbox, through which portal, or by which courier."),
    )


class ReceiptForm(forms.Form):
    """A receipt that came by another way than this desk."""

    file = forms.FileField(
        label=_("The agency's receipt"),
        help_text=_("The signed message as it came (.eml), unopened and unchanged."),
    )


class AgencyForm(forms.Form):
    """Where filings go, and by which certificates the agency is known."""

    name = forms.CharField(label=_("Name of the agency"), max_length=300)
    email = forms.EmailField(label=_("Mailbox for filings"), max_length=254)
    signing = forms.FileField(
        label=_("Certificate that signs what the agency sends"),
        required=False,
        help_text=_(
            "PEM or DER. Receipts and questions are taken in only when it signed them. Left empty, "
            "the one entered before stays."
        ),
    )
    sealing = forms.FileField(
        label=_("Certificate that filings are encrypted to"),
        required=False,
        help_text=_(
            "PEM or DER, with an RSA key. Without one, filings travel signed but not encrypted."
        ),
    )
