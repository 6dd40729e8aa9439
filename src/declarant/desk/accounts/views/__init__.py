"""Pages about people and one's own account."""

from declarant.desk.accounts.views.inviting import accept_invitation, invite_person, withdraw
from declarant.desk.accounts.views.oneself import oneself
from declarant.desk.accounts.views.people import (
    close_person,
    end_person_role,
    grant_role,
    hand_over_person,
    people,
    person,
)

__all__ = [
    "accept_invitation",
    "close_person",
    "end_person_role",
    "grant_role",
    "hand_over_person",
    "invite_person",
    "oneself",
    "people",
    "person",
    "withdraw",
]
