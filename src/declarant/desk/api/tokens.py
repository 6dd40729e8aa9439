"""Making, checking and revoking tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from declarant.desk.accounts.models import User
from declarant.desk.api.models import ApiToken
from declarant.desk.api.scopes import NEEDS
from declarant.desk.audit import change
from declarant.problems import bad_input

PREFIX = "declarant_"
LONGEST_DAYS = 366


def make_token(
    person: User, *, name: str, scopes: Collection[str], days: int
) -> tuple[ApiToken, str]:
    """Return a new token's row and the token itself, which is shown this once.

    Raises:
        BadInput: when a scope is not known or beyond the person's powers, or it lasts too long.
    """
    beyond = [scope for scope in scopes if scope not in NEEDS or not person.has(NEEDS[scope])]
    if beyond or not scopes:
        raise bad_input(
            "token.scopes",
            f"this token cannot be given: {', '.join(beyond) or 'nothing'}.",
            mend="Choose among what you may do yourself.",
            field="scopes",
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise bad_input(
            "token.days",
            f"a token lasts 1 to {LONGEST_DAYS} days, not {days}.",
            mend="Make a new one when it ends.",
            field="days",
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    with change(person, "token.made", subject="token:new", scopes=sorted(scopes)) as entry:
        row = ApiToken.objects.create(
            person=person,
            name=name,
            scopes=sorted(scopes),
            secret_sha256=_hash(secret),
            expires=timezone.now() + timedelta(days=days),
        )
        entry.subject = f"token:{row.pk}"
    return row, secret


def revoke(by: User, row: ApiToken) -> None:
    """End a token now."""
    with change(by, "token.revoked", subject=f"token:{row.pk}"):
        ApiToken.objects.filter(pk=row.pk, revoked__isnull=True).update(revoked=timezone.now())


def token_of(secret: str) -> ApiToken | None:
    """Return the row of a token that is valid now."""
    row = ApiToken.objects.select_related("person").filter(secret_sha256=_hash(secret)).first()
    if row is None or not row.is_valid:
        return None
    today = timezone.now().date()
    if row.last_used != today:
        ApiToken.objects.filter(pk=row.pk).update(last_used=today)
    return row


def allows(row: ApiToken, scope: str) -> bool:
    """Whether a token has a scope, and its person still has the power for it."""
    return scope in row.scopes and row.person.has(NEEDS[scope])


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
