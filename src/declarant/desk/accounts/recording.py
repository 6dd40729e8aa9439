"""Writes what the sign-in package changes to the audit log: second factors, passwords."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from declarant.desk.accounts.models import User
from declarant.desk.audit import change


def _record(action: str, user: User, **detail: Any) -> None:
    with change(user, action, subject=f"person:{user.pk}", **detail):
        pass


@receiver([password_changed, password_set, password_reset])
def _password(user: User, **kwargs: Any) -> None:
    _record("person.password_changed", user)


@receiver(authenticator_added)
def _added(user: User, authenticator: Any, **kwargs: Any) -> None:
    _record("person.second_factor_added", user, kind=authenticator.type)


@receiver(authenticator_removed)
def _removed(user: User, authenticator: Any, **kwargs: Any) -> None:
    _record("person.second_factor_removed", user, kind=authenticator.type)


@receiver(authenticator_reset)
def _reset(user: User, authenticator: Any, **kwargs: Any) -> None:
    _record("person.recovery_codes_made", user)


@receiver(user_logged_out)
def _out(user: User | None, **kwargs: Any) -> None:
    if user is not None:
        _record("person.signed_out", user)
