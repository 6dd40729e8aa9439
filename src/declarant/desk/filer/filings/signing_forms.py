"""The forms of signing: an officer's own keys, and the act itself."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from declarant.desk.accounts.models import User
from declarant.desk.filer.filings.models import SigningKey
from declarant.desk.filer.filings.signing.registering import SHORTEST_PASSPHRASE
from declarant.desk.filer.filings.signing.tokens import allowed_modules


def _passphrase(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        **more,
    )


def own_keys(person: User) -> Any:
    """Return the certificates that a person can sign with now."""
    return SigningKey.objects.filter(owner=person, ended__isnull=True)


class SigningForm(forms.Form):
    """With which certificate, and what opens its key for this one act."""

    key = forms.ModelChoiceField(
        label=_("Sign with"), queryset=SigningKey.objects.none(), empty_label=None
    )
    secret = _passphrase(
        _("Passphrase of the key, or PIN of the token"),
        required=False,
        help_text=_("Used for this one signature and kept nowhere."),
    )
    file = forms.FileField(
        label=_("PKCS #12 file (.p12, .pfx)"),
        required=False,
        help_text=_(
            "Only for a certificate whose key you bring. It is read in memory, not stored."
        ),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = own_keys(person).exclude(kind=SigningKey.Kind.ELSEWHERE)
        self.fields["key"].queryset = held
        self.fields["key"].label_from_instance = _label
        if not any(key.kind == SigningKey.Kind.PKCS12 for key in held):
            del self.fields["file"]


class CertifyForm(SigningForm):
    """The act: which document was shown, by which form, and how it leaves."""

    act = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    document = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    way = forms.ChoiceField(label=_("Then send it"), required=False)

    field_order = ["act", "document", "key", "secret", "file", "way"]

    def __init__(self, *args: Any, ways: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = way_choices(ways)


class SignedElsewhereForm(forms.Form):
    """What another program signed."""

    act = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    document = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    key = forms.ModelChoiceField(
        label=_("Signed with the certificate"), queryset=SigningKey.objects.none(), empty_label=None
    )
    signed = forms.FileField(
        label=_("Signed message, or detached signature"),
        help_text=_("The message (.eml), or the signature alone (.p7s), as the program wrote it."),
    )
    way = forms.ChoiceField(label=_("Then send it"), required=False)

    def __init__(self, *args: Any, person: User, ways: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].queryset = own_keys(person)
        self.fields["key"].label_from_instance = _label
        self.fields["way"].choices = way_choices(ways)


class KeyForm(forms.Form):
    """A certificate made known, with where its key lies."""

    NEW_FOR_TRIAL = "trial"

    label = forms.CharField(
        label=_("Name for this key"), max_length=100, help_text=_("Such as: card of 2026.")
    )
    kind = forms.ChoiceField(label=_("Where the key lies"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("Certificate, or key file"),
        required=False,
        help_text=_(
            "For a key on this server: the PEM or PKCS #12 file with key and certificate. For "
            "every other place: the certificate alone (PEM or DER); the key stays where it is."
        ),
    )
    its_passphrase = _passphrase(
        _("Passphrase of that file"),
        required=False,
        help_text=_("Only for a key on this server whose file has one."),
    )
    passphrase = _passphrase(
        _("New passphrase"),
        required=False,
        help_text=_("For a key on this server. It is asked for at each signature, kept nowhere."),
    )
    token_uri = forms.CharField(
        label=_("PKCS #11 URI"),
        required=False,
        max_length=500,
        help_text=_("Such as pkcs11:token=Officer;object=signing?module-path=/usr/lib/module.so"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [
            (value, label)
            for value, label in SigningKey.Kind.choices
            if value != SigningKey.Kind.PKCS11 or allowed_modules()
        ]
        trial = (self.NEW_FOR_TRIAL, _("On this server, a new one for trial only"))
        self.fields["kind"].choices = [*kinds, trial]
        if not allowed_modules():
            del self.fields["token_uri"]

    def clean(self) -> dict[str, Any]:
        """Ask for what the place of the key needs."""
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("kind")
        locked_here = kind in (SigningKey.Kind.SERVER, self.NEW_FOR_TRIAL)
        if locked_here and len(cleaned.get("passphrase", "")) < SHORTEST_PASSPHRASE:
            self.add_error(
                "passphrase",
                _("Give a passphrase of %(count)s characters or more; several words are good.")
                % {"count": SHORTEST_PASSPHRASE},
            )
        if kind and kind != self.NEW_FOR_TRIAL and not cleaned.get("file"):
            self.add_error("file", _("Choose the file with the certificate."))
        if kind == SigningKey.Kind.PKCS11 and not cleaned.get("token_uri"):
            self.add_error("token_uri", _("Name the token and the key on it."))
        return cleaned


def way_choices(ways: dict[str, str]) -> list[tuple[str, Any]]:
    """Return the ways a message can leave at once, and the one of leaving later."""
    words = {"smtp": _("at once, by e-mail to %(to)s"), "https": _("at once, over HTTPS to %(to)s")}
    return [
        *((way, words[way] % {"to": to}) for way, to in ways.items()),
        ("", _("later: somebody sends it from its page")),
    ]


def _label(key: SigningKey) -> str:
    trial = _(" (for trial only)") if key.for_trial else ""
    return f"{key.label}: {key.get_kind_display()}{trial}"
