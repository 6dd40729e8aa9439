"""Giving and ending roles, closing a person's access, and handing work over to a successor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.models import Session
from django.utils import timezone

from declarant.desk.accounts.models import Invitation, RoleGrant, User
from declarant.desk.accounts.roles import Role
from declarant.desk.audit import change
from declarant.problems import bad_input

HandOver = Callable[[User | str, User, User], int]
HAND_OVERS: dict[str, HandOver] = {}
"""What each room passes on from one person to another, by the name of what is passed on."""


def hands_over(what: str) -> Callable[[HandOver], HandOver]:
    """Register what a room passes on: `f(by, from_person, to_person)` returns how many things."""

    def register(do: HandOver) -> HandOver:
        HAND_OVERS[what] = do
        return do

    return register


def grant(by: User | str, person: User, role: str, *, reason: str) -> RoleGrant:
    """Give a person a role; a role that is held already stays as it is.

    Raises:
        BadInput: when somebody gives it to themselves: two people make a signer.
    """
    if isinstance(by, User) and by.pk == person.pk:
        raise bad_input(
            "role.oneself",
            "nobody gives themselves a role.",
            mend="Ask another administrator.",
        )
    with change(by, "role.granted", subject=f"person:{person.pk}", role=role, reason=reason):
        held = RoleGrant.objects.filter(person=person, role=role, ended__isnull=True).first()
        row = held or RoleGrant.objects.create(
            person=person,
            role=role,
            granted_by=by if isinstance(by, User) else None,
            reason=reason,
        )
    person.refresh_from_db()
    return row


def end_role(by: User, person: User, role: Any, *, reason: str) -> None:
    """End a role of a person; sessions end with it.

    Raises:
        BadInput: when that would leave the desk without an administrator.
    """
    with change(by, "role.ended", subject=f"person:{person.pk}", role=role, reason=reason):
        if role == Role.ADMINISTRATOR:
            _refuse_the_last(person)
        RoleGrant.objects.filter(person=person, role=role, ended__isnull=True).update(
            ended=timezone.now(), ended_by=by, reason=reason
        )
        end_sessions(person)
    person.refresh_from_db()


def close(by: User, person: User, *, reason: str) -> None:
    """End all of a person's access; what that person did stays.

    Raises:
        BadInput: when it is oneself, or the last administrator.
    """
    if by.pk == person.pk:
        raise bad_input(
            "person.oneself",
            "nobody closes their own access.",
            mend="Ask another administrator.",
        )
    with change(by, "person.closed", subject=f"person:{person.pk}", reason=reason):
        if Role.ADMINISTRATOR in person.roles:
            _refuse_the_last(person)
        RoleGrant.objects.filter(person=person, ended__isnull=True).update(
            ended=timezone.now(), ended_by=by, reason=reason
        )
        person.is_active = False
        person.save(update_fields=["is_active"])
        # else somebody who was sent away comes back through a link of their own
        Invitation.objects.filter(invited_by=person, accepted__isnull=True).update(
            withdrawn=timezone.now()
        )
        end_sessions(person)
    person.refresh_from_db()


def hand_over(by: User, from_person: User, to_person: User, *, reason: str) -> dict[str, int]:
    """Pass on what a person holds and has not finished; what was done keeps its author.

    Raises:
        BadInput: when the successor is the same person, or lacks a role the other holds or held.
    """
    held = from_person.roles | set(from_person.grants.values_list("role", flat=True))
    missing = held - to_person.roles - {Role.ADMINISTRATOR}
    if from_person.pk == to_person.pk or not to_person.is_active:
        raise bad_input(
            "hand_over.successor",
            "the successor must be another person who may sign in.",
            mend="Choose somebody else.",
            field="successor",
        )
    if missing:
        named = ", ".join(str(Role(role).label) for role in sorted(missing))
        raise bad_input(
            "hand_over.roles",
            f"{to_person.name} does not hold: {named}.",
            mend="Give the successor these roles first.",
            field="successor",
        )
    with change(
        by,
        "person.handed_over",
        subject=f"person:{from_person.pk}",
        successor=to_person.pk,
        reason=reason,
    ) as entry:
        passed = {what: do(by, from_person, to_person) for what, do in HAND_OVERS.items()}
        entry.note(passed=passed)
    return passed


def end_sessions(person: User) -> None:
    """Sign a person out everywhere."""
    from allauth.usersessions.models import UserSession

    for held in UserSession.objects.filter(user=person):
        Session.objects.filter(session_key=held.session_key).delete()
        held.delete()


def _refuse_the_last(person: User) -> None:
    # locked, so that two administrators who close each other at once do not both succeed
    others = RoleGrant.objects.select_for_update().filter(
        role=Role.ADMINISTRATOR, ended__isnull=True, person__is_active=True
    )
    if not [row for row in others if row.person_id != person.pk]:
        raise bad_input(
            "role.last_administrator",
            "a desk needs an administrator, and this is the last one.",
            mend="Make somebody else an administrator first.",
        )
