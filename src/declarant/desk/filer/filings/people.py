"""Who does what on a filing: the preparer prepares, somebody else certifies."""

from __future__ import annotations

from django.utils.translation import gettext as _

from declarant.desk.access import Power
from declarant.desk.accounts.models import RoleGrant, User
from declarant.desk.accounts.roles import POWERS
from declarant.desk.filer.filings.models import Filing
from declarant.problems import bad_input


def holders_of(power: Power) -> list[User]:
    """Return the people who hold a power now, by name."""
    roles = [role for role, powers in POWERS.items() if power in powers]
    held = RoleGrant.objects.filter(role__in=roles, ended__isnull=True).values("person")
    return list(User.objects.filter(pk__in=held, is_active=True).order_by("name", "pk"))


def require_two(preparer: User, officer: User | None) -> None:
    """Refuse a preparer who would certify, and an officer who may not.

    Raises:
        BadInput: saying which.
    """
    if officer is None:
        return
    if officer.pk == preparer.pk:
        raise bad_input(
            "filing.one_person",
            _("the preparer and the certifying officer must be two people."),
            mend=_("Name somebody else as the certifying officer."),
            field="officer",
        )
    if not officer.has(Power.CERTIFY):
        raise bad_input(
            "filing.no_officer",
            _("%(name)s is not a certifying officer.") % {"name": officer.name},
            mend=_("Name somebody with that role, or ask an administrator to give it."),
            field="officer",
        )


def require_preparer(person: User, filing: Filing) -> None:
    """Refuse whoever is not the filing's preparer.

    Raises:
        BadInput: naming who is.
    """
    if filing.preparer_id != person.pk:
        raise bad_input(
            "filing.not_preparer",
            _("%(name)s prepares this filing.") % {"name": filing.preparer.name},
            mend=_("Take it over first: then you answer for it as its preparer."),
        )
