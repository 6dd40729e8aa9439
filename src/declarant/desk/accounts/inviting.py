"""Inviting people, and accepting an invitation: the only way to come to a desk."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from declarant.desk.accounts.granting import grant
from declarant.desk.accounts.models import Invitation, User
from declarant.desk.audit import change
from declarant.desk.work.outbox import post
from declarant.problems import bad_input

VALID_FOR = timedelta(days=7)


def invite(
    by: User | str,
    *,
    email: str,
    name: str,
    roles: Collection[Any],
    title: str = "",
    by_mail: bool = True,
) -> tuple[Invitation, str]:
    """Invite somebody; return the invitation and its link, which is shown or mailed this once.

    Raises:
        BadInput: when somebody with that address works here already.
    """
    address = email.strip().lower()
    if User.objects.filter(email=address).exists():
        raise bad_input(
            "invite.known",
            "somebody with this address works here already.",
            mend="Give that person further roles on the page of people.",
            field="email",
        )
    secret = secrets.token_urlsafe(32)
    with change(by, "person.invited", subject=f"invitation:{address}", roles=sorted(roles)):
        Invitation.objects.filter(email=address, accepted__isnull=True).update(
            withdrawn=timezone.now()
        )
        row = Invitation.objects.create(
            email=address,
            name=name.strip(),
            title=title.strip(),
            roles=sorted(roles),
            secret_sha256=_hash(secret),
            invited_by=by if isinstance(by, User) else None,
            expires=timezone.now() + VALID_FOR,
        )
        link = settings.DESK.public_url + reverse("accounts:accept", args=[secret])
        if by_mail:
            _mail(row, link)
    return row, link


def open_invitation(secret: str) -> Invitation | None:
    """Return the invitation of a link that can still be accepted."""
    row = Invitation.objects.filter(secret_sha256=_hash(secret)).first()
    return row if row and row.is_open else None


def accept(row: Invitation, password: str) -> User:
    """Make the person of an invitation, with its roles.

    Raises:
        BadInput: when it was accepted or withdrawn meanwhile.
    """
    with change("anonymous", "person.joined", subject=f"invitation:{row.email}") as entry:
        won = Invitation.objects.filter(
            pk=row.pk, accepted__isnull=True, withdrawn__isnull=True
        ).update(accepted=timezone.now())
        if not won:
            raise bad_input(
                "invite.used",
                "this invitation is no longer open.",
                mend="Ask an administrator for a new one.",
            )
        person = User.objects.create_user(row.email, row.name, password)
        person.title = row.title
        person.save(update_fields=["title"])
        EmailAddress.objects.create(user=person, email=row.email, verified=True, primary=True)
        for role in row.roles:
            grant(row.invited_by or "invitation", person, role, reason=_("Invited."))
        entry.note(person=person.pk, roles=row.roles)
    return person


def _mail(row: Invitation, link: str) -> None:
    who = row.invited_by.name if row.invited_by else "Declarant"
    post(
        key=f"invitation:{row.pk}",
        forget=True,
        to=[row.email],
        subject=_("Invitation to {host}").format(host=settings.DESK.host),
        text=_(
            "{who} invites you to the reporting desk at {host}.\n\n"
            "Open this link within seven days to set your password:\n{link}\n\n"
            "If you did not expect this, do nothing: the link ends by itself."
        ).format(who=who, host=settings.DESK.host, link=link),
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
