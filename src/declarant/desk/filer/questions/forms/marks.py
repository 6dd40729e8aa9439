"""Part of an answer with its mark: confidential or not, and on what that rests."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarant.desk.filer.questions.bases import ground_of
from declarant.filing.parts import Ground

LONGEST = 20_000  # characters of one passage, as the published format allows
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class Marked(forms.Form):
    """Base of forms for a part that may be confidential."""

    confidential = forms.BooleanField(label=_("Confidential"), required=False)
    basis = forms.ChoiceField(label=_("Basis of confidentiality"), required=False)

    def __init__(self, *args: Any, regime: str, bases: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.regime = regime
        self.fields["basis"].choices = [("", _("None chosen")), *bases]
        self.fields: dict[str, Any] = {
            **{name: field for name, field in self.fields.items() if name not in _MARK},
            **{name: self.fields[name] for name in _MARK},
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a mark without its basis, and a basis without its mark."""
        held = super().clean() or self.cleaned_data
        marked, basis = held.get("confidential"), held.get("basis")
        if marked and not basis and "basis" not in self.errors:
            self.add_error(
                "basis", _("Choose on what confidentiality rests, or take the mark away.")
            )
        if basis and not marked:
            self.add_error(
                "confidential",
                _("A basis is chosen, but this is not marked. Mark it, or choose no basis."),
            )
        return held

    @property
    def mark(self) -> dict[str, Any]:
        """The mark as a passage states it."""
        held = self.cleaned_data
        ground: Ground | None = None
        if held.get("confidential"):
            ground = ground_of(self.regime, held["basis"])
        return {"confidential": bool(held.get("confidential")), "basis": ground}


_MARK = ("confidential", "basis")


def mark_of(passage: Any) -> dict[str, Any]:
    """Return the mark of a passage as these forms hold it."""
    basis = passage.basis.id if passage.basis and passage.basis.id else ""
    return {"confidential": passage.confidential, "basis": basis}


def plain_text(given: str) -> str:
    """Return text as a document can carry it: lines end in a line feed, tabs are spaces.

    Raises:
        ValidationError: when another control character is left.
    """
    text = given.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    if _CONTROL.search(text):
        raise forms.ValidationError(
            _("It holds a character that is not shown. Type the text, or paste it as plain text.")
        )
    return text


class PassageForm(Marked):
    """One passage of words."""

    text = forms.CharField(
        label=_("Words"), required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 6})
    )

    def clean_text(self) -> str:
        """Return the words as a document carries them."""
        return plain_text(self.cleaned_data["text"])
