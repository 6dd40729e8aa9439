"""Forms of evidence and imports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.register.paths import LONGEST
from declarant.desk.site.forms import DayInput


class SeveralFilesInput(forms.ClearableFileInput):
    """A control for several files at once."""

    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Several files, in the order chosen."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files; at least one. What is in them is looked at when they are stored."""
        held = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFiles, self).clean(item, initial) for item in held or [None]]


class UploadForm(forms.Form):
    """Files of evidence, and the folder of the register they go to."""

    files = SeveralFiles(
        label=_("Files"),
        allow_empty_file=True,
        max_length=200,
        help_text=_(
            "Text as the tool printed it, gzip of text, Parquet, a store's files, or a PDF."
        ),
    )
    folder = forms.CharField(
        label=_("Folder in the register"),
        max_length=LONGEST,
        required=False,
        initial="evidence",
        help_text=_("Such as evidence/atlas-2. A file that is there already gets a newer version."),
    )
    evidence_date = forms.DateField(
        label=_("Date of the evidence"),
        required=False,
        widget=DayInput(),
        help_text=_(
            "The day the files show, if it is not today. The day of upload is kept anyway."
        ),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class NewerForm(forms.Form):
    """A newer version of one file of evidence."""

    files = forms.FileField(
        label=_("File"), allow_empty_file=True, max_length=200, widget=forms.FileInput
    )
    evidence_date = forms.DateField(
        label=_("Date of the evidence"), required=False, widget=DayInput()
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class ImportForm(forms.Form):
    """A register folder as one archive."""

    files = forms.FileField(
        label=_("Archive"),
        widget=forms.FileInput,
        allow_empty_file=True,
        max_length=200,
        help_text=_("The folder with its register.yaml, as .zip, .tar or .tar.gz."),
    )


class ReasonForm(forms.Form):
    """Why something is taken out."""

    why = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("It is kept with the history.")
    )
