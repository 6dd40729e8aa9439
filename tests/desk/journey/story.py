"""One desk, its people and the agency, for as long as the journey lasts."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, field
from typing import Any

from tests.desk.agency_side import Agency
from tests.desk.journey.person import PATIENCE, Person, until
from tests.desk.servers.browser import Browser
from tests.desk.servers.desk import Desk
from tests.desk.servers.smtp import Message, Server

OFFICE = "cedar-ridge.example"
NAMES = {
    "administrator": "Ada Okafor",
    "engineer": "Erik Lindqvist",
    "preparer": "Priya Raman",
    "certifying officer": "Carmen Ortiz",
    "auditor": "Aud 林",
}


@dataclass
class Story:
    """What the chapters hand on to each other."""

    desk: Desk
    mail: Server
    browser: Browser
    agency: Agency = field(default_factory=Agency.make)
    people: dict[str, Person] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    def person(self, role: str) -> Person:
        """Whoever has this role; their window opens when they are first named."""
        if role not in self.people:
            window = self.browser.window(self.desk.url)
            window.context.set_default_timeout(PATIENCE * 1000)
            address = f"{NAMES[role].split()[0].lower()}@{OFFICE}"
            self.people[role] = Person(NAMES[role], address, window)
        return self.people[role]

    def mailed(self, to: str, subject: str = "") -> list[Message]:
        """What the mail server took for somebody."""
        return [
            message
            for message in self.mail.messages
            if to in message.recipients and subject in str(opened(message)["Subject"])
        ]

    def waits_for_mail(self, to: str, subject: str = "") -> Message:
        """Wait until mail came; return the last."""
        return until(lambda: self.mailed(to, subject), f"mail to {to}: {subject}")[-1]

    def link_in(self, message: Message, path: str) -> str:
        """The link to an address of the desk in a message."""
        text = opened(message).get_body(("plain",)).get_content()
        found = re.search(rf"{re.escape(self.desk.url)}{path}\S*", text)
        assert found, text
        return found.group()


def opened(message: Message) -> Any:
    """A message as a mail program reads it."""
    return email.message_from_bytes(message.content, policy=email.policy.default)
