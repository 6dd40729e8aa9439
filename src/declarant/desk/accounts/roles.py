"""Roles, the powers each gives, and which of them need a second factor to sign in."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from declarant.desk.access import Power


class Role(TextChoices):
    """What a person does at a filer's desk. A person may hold several."""

    ADMINISTRATOR = "administrator", _("Administrator")
    ENGINEER = "engineer", _("Engineer")
    PREPARER = "preparer", _("Preparer")
    CERTIFYING_OFFICER = "certifying_officer", _("Certifying officer")
    AUDITOR = "auditor", _("Auditor")


_EVERYONE = frozenset({Power.OWN_ACCOUNT, Power.READ})

POWERS: dict[Any, frozenset[Power]] = {
    Role.ADMINISTRATOR: _EVERYONE | {Power.ADMINISTER, Power.READ_AUDIT},
    Role.ENGINEER: _EVERYONE
    | {
        Power.EDIT_REGISTER,
        Power.UPLOAD_EVIDENCE,
        Power.ANSWER,
        Power.COMMENT,
        Power.USE_API,
    },
    Role.PREPARER: _EVERYONE
    | {
        Power.EDIT_REGISTER,
        Power.UPLOAD_EVIDENCE,
        Power.CHOOSE_READING,
        Power.PREPARE,
        Power.SEND,
        Power.ASSIGN,
        Power.ANSWER,
        Power.COMMENT,
        Power.USE_API,
    },
    Role.CERTIFYING_OFFICER: _EVERYONE
    | {
        Power.CHOOSE_READING,
        Power.CERTIFY,
        Power.SEND,
        Power.ASSIGN,
        Power.COMMENT,
        Power.APPROVE,
        Power.READ_AUDIT,
    },
    Role.AUDITOR: _EVERYONE | {Power.READ_AUDIT},
}
"""An administrator decides who may sign and so signs nothing; an auditor changes nothing."""

SECOND_FACTOR = frozenset({Role.ADMINISTRATOR, Role.CERTIFYING_OFFICER})
"""Roles whose holders can sign or administer: they sign in with a second factor."""


def powers_of(roles: frozenset[str]) -> frozenset[Power]:
    """Return every power that any of the roles gives; without a role, one's own account only."""
    given = [POWERS[role] for role in roles if role in POWERS]
    return frozenset({Power.OWN_ACCOUNT}).union(*given)
