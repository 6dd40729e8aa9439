"""The small forms around questions: bringing a message in, attaching, extending, deciding."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.questions.forms.marks import Marked, plain_text
from declarant.desk.site.forms import DayInput

LONGEST_REASON = 5_000


class MomentForm(forms.Form):
    """A moment with its zone; how it was shown on a clock there."""

    day = forms.DateField(label=_("Day"), widget=DayInput(), required=False)
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput({"type": "time", "class": "usa-input--short"}, format="%H:%M"),
    )
    zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [(name, name) for name in sorted(available_timezones())]
        self.fields["zone"].initial = zone

    def clean(self) -> dict[str, Any]:
        """Put day, time and zone together; a day without a time is not a moment."""
        held = super().clean() or self.cleaned_data
        day, time = held.get("day"), held.get("time")
        if day and time is None and "time" not in self.errors:
            self.add_error("time", _("Give the time too: the moment counts, not the day alone."))
        if time and not day and "day" not in self.errors:
            self.add_error("day", _("Give the day too."))
        return held

    @property
    def moment(self) -> datetime | None:
        """The moment; None when it was left open."""
        held = self.cleaned_data
        if not held.get("day") or held.get("time") is None:
            return None
        return datetime.combine(held["day"], held["time"], ZoneInfo(held["zone"]))


class MessageForm(MomentForm):
    """A message of the agency, and when it was received."""

    file = forms.FileField(
        label=_("The message"),
        help_text=_("The whole message with its signature, as your mail program saves it (.eml)."),
        widget=forms.FileInput({"accept": ".eml,message/rfc822"}),
    )
    field_order = ["file", "day", "time", "zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("Received on")
        self.fields["day"].help_text = _(
            "From this moment the clock runs. Leave day and time empty to take the moment that "
            "your mail server wrote into the message."
        )


class ReceivedForm(MomentForm):
    """The moment of receipt, set right."""

    why = forms.CharField(
        label=_("How you know"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
    )
    field_order = ["day", "time", "zone", "why"]


class SentByHandForm(MomentForm):
    """When and how a person sent what was downloaded."""

    note = forms.CharField(
        label=_("How it was sent"),
        max_length=LONGEST_REASON,
        help_text=_("From which mailbox, through which portal, or by which courier."),
        widget=forms.Textarea({"rows": 2}),
    )
    field_order = ["day", "time", "zone", "note"]

    def clean(self) -> dict[str, Any]:
        """Ask for the moment."""
        held = super().clean()
        if not held.get("day") and "day" not in self.errors:
            self.add_error("day", _("Give the day on which it left."))
        return held


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 3})
    )


class RemarkForm(forms.Form):
    """A remark to the people who work on the answer."""

    text = forms.CharField(label=_("Remark"), max_length=10_000, widget=forms.Textarea({"rows": 3}))


class AttachForm(Marked):
    """A file to attach: uploaded, or one of the register's evidence."""

    file = forms.FileField(label=_("Upload a file"), required=False)
    evidence = forms.ChoiceField(label=_("Or choose from the register's evidence"), required=False)
    about = forms.CharField(
        label=_("What it is"), required=False, max_length=2_000, widget=forms.Textarea({"rows": 2})
    )
    dated = forms.DateField(
        label=_("Its own date"),
        required=False,
        widget=DayInput(),
        help_text=_("The day it was made or measured, not the day of uploading."),
    )

    def __init__(self, *args: Any, evidence: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].choices = [("", _("None chosen")), *evidence]

    def clean_about(self) -> str:
        """Return the description as a document carries it."""
        return plain_text(self.cleaned_data["about"])

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one file."""
        held = super().clean()
        if bool(held.get("file")) == bool(held.get("evidence")) and "file" not in self.errors:
            self.add_error(
                "file", _("Upload a file, or choose one of the register's: one of them.")
            )
        return held


class OfflineForm(forms.Form):
    """A spreadsheet or a document that was filled in."""

    file = forms.FileField(
        label=_("The file you filled in"),
        help_text=_("The spreadsheet (.xlsx) or the document (.docx) that this desk gave you."),
        widget=forms.FileInput({"accept": ".xlsx,.docx"}),
    )


class ExtensionForm(forms.Form):
    """A request for more time."""

    until = forms.DateField(label=_("Until"), widget=DayInput())
    reason = forms.CharField(
        label=_("Why more time is needed"),
        max_length=LONGEST_REASON,
        help_text=_("The agency reads this."),
        widget=forms.Textarea({"rows": 5}),
    )
    keys = forms.MultipleChoiceField(
        label=_("For these questions"),
        required=False,
        help_text=_("None chosen: for all of them."),
        widget=forms.CheckboxSelectMultiple,
    )
    officer = forms.ChoiceField(label=_("Certifying officer"))
    fieldsets = [(None, ["until", "reason", "keys", "officer"])]

    def __init__(
        self,
        *args: Any,
        officers: list[tuple[str, str]],
        keys: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].choices = officers
        self.fields["keys"].choices = keys
        if not keys:
            del self.fields["keys"]

    def clean_reason(self) -> str:
        """Return the reason as a document carries it."""
        return plain_text(self.cleaned_data["reason"])


class DecisionForm(forms.Form):
    """A decision of the agency that came otherwise than as a signed message."""

    granted = forms.ChoiceField(
        label=_("What was decided"),
        choices=[("yes", _("More time was granted")), ("no", _("It was refused"))],
        widget=forms.RadioSelect,
    )
    decided_on = forms.DateField(label=_("Date of the decision"), widget=DayInput())
    until = forms.DateField(
        label=_("Granted until"), required=False, widget=DayInput(), help_text=_("If granted.")
    )
    reason = forms.CharField(
        label=_("What the agency says"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
    )
    file = forms.FileField(
        label=_("The decision"), help_text=_("The letter or message as you received it.")
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the new day when time was granted."""
        held = super().clean() or self.cleaned_data
        if held.get("granted") == "yes" and not held.get("until") and "until" not in self.errors:
            self.add_error("until", _("Give the new last day."))
        return held
