"""The office comes to be: an administrator by a one-time link, everybody else by invitation."""

from __future__ import annotations

import re

from tests.desk.journey.story import NAMES, Story


def first_start(story: Story) -> None:
    """The operator starts the desk; its one-time link makes the administrator, with a passkey."""
    ada = story.person("administrator")
    program = "from declarant.desk.starting import first_administrator as first"
    said = story.desk.python(f"{program}\nfirst({ada.email!r}, print)")
    link = re.search(r"http\S+", said)
    assert link, said
    ada.page.goto(link.group())
    ada.is_calm("01-welcome")
    ada.name = "Administrator"  # until she says who she is
    ada.accepts(link.group())
    ada.sees("Your role needs a second factor")
    ada.is_calm("02-second-factor-needed")
    ada.adds_passkey("Laptop")
    ada.is_calm("03-passkey-added")
    ada.open("/account/")
    ada.name = NAMES["administrator"]
    ada.fills(Name=ada.name, Title="Head of administration")
    ada.presses("Save")
    ada.sees("Saved.")
    ada.is_calm("04-my-account")
    ada.page.goto(link.group())
    ada.sees("This invitation is no longer open")
    ada.window.troubles.clear()  # the browser notes 410, which is the answer that was asked for


def signing_in_with_a_passkey(story: Story) -> None:
    """She signs out, and in again with password and passkey."""
    ada = story.person("administrator")
    ada.open("/account/")
    ada.signs_out()
    ada.is_calm("05-sign-in")
    ada.gives_password()
    ada.is_calm("06-second-factor-asked")
    ada.presses("Use a security key")
    ada.sees("Begin with the register")
    ada.is_calm("07-empty-overview")


def inviting(story: Story) -> None:
    """She invites four people; each comes by the link in their mail."""
    ada = story.person("administrator")
    for role in ("engineer", "preparer", "certifying officer", "auditor"):
        invited = story.person(role)
        ada.goes("People", "Invite somebody")
        ada.writes("Name", invited.name)
        ada.writes("E-mail address", invited.email)
        ada.writes("Title", {"certifying officer": "General Counsel"}.get(role, ""))
        ada.ticks(role.capitalize())
        if role == "engineer":
            ada.is_calm("08-invite")
        ada.presses("Send the invitation")
        ada.sees("The invitation is on its way.")
        ada.is_calm()
        invitation = story.waits_for_mail(invited.email, "Invitation")
        invited.accepts(story.link_in(invitation, "/account/invitation/"))
        if role == "certifying officer":
            invited.sees("Your role needs a second factor")
            invited.adds_passkey("Card of the officer")
        if role == "preparer":
            invited.adds_authenticator()
            invited.is_calm("09-authenticator-app")
        invited.is_calm()
    ada.goes("People")
    ada.sees("carmen@cedar-ridge.example", "Certifying officer")
    ada.is_calm("10-people")
    assert len(story.mailed("priya@cedar-ridge.example", "Invitation")) == 1
