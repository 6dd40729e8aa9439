"""`manage invite_administrator EMAIL NAME`: the one-time link of a new administrator."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from declarant.desk.accounts.inviting import invite
from declarant.desk.accounts.roles import Role
from declarant.problems import BadInput


class Command(BaseCommand):
    """Invite an administrator from the machine: the first one, or when none can sign in."""

    help = "Prints the one-time link of a new administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the address and the name."""
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the invitation and print its link."""
        try:
            _row, link = invite(
                "operator",
                email=options["email"],
                name=options["name"],
                roles=(Role.ADMINISTRATOR,),
                by_mail=False,
            )
        except BadInput as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(link)
