"""Starting a desk: database, static files, the first administrator, an example to look at."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from declarant.problems import bad_input

SETTINGS = {"filer": "declarant.desk.settings.filer"}
_OWNER_ONLY = 0o700
Say = Callable[[str], None]


def configure(kind: str, settings: dict[str, str]) -> None:
    """Name the desk's settings in the environment, where Django and every child process read them.

    Args:
        kind: "filer".
        settings: by name without DECLARANT_; one that the environment has already holds.
    """
    for name, value in settings.items():
        os.environ.setdefault(f"DECLARANT_{name}", value)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS[kind]


def prepare(say: Say) -> None:
    """Make the home, bring the database up to date, and lay out the static files."""
    from django import setup
    from django.conf import settings
    from django.core.management import call_command

    home: Path = settings.DESK.home
    home.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
    setup()
    say(f"Home of the desk: {home}")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def first_administrator(email: str, say: Say) -> None:
    """Print the one-time link of the first administrator, as long as nobody has joined."""
    from declarant.desk.accounts.inviting import invite
    from declarant.desk.accounts.models import User
    from declarant.desk.accounts.roles import Role

    if User.objects.exists():
        return
    _row, link = invite(
        "operator", email=email, name="Administrator", roles=[Role.ADMINISTRATOR], by_mail=False
    )
    say(
        "Nobody works here yet. Become the administrator with this link, once, within 7 days:\n"
        + link
    )


def load_example(name: str, say: Say) -> None:
    """Import an example register, unless the register holds something already.

    Raises:
        BadInput: when there is no such example.
    """
    from declarant.desk.filer.register.importing import import_folder
    from declarant.desk.filer.register.models import Record

    folder = example_folder(name)
    if Record.objects.exists():
        say(f"The register is not empty: the example {name} was not loaded.")
        return
    import_folder("operator", folder)
    say(f"Loaded the example register {name}.")


def example_folder(name: str) -> Path:
    """Return the folder of an example: in the package, or beside the sources of a clone.

    Raises:
        BadInput: when there is no such example.
    """
    shipped = Path(str(files("declarant"))) / "examples"
    beside = Path(__file__).resolve().parents[3] / "examples"
    known: dict[str, Path] = {}
    for place in (beside, shipped):
        if place.is_dir():
            known |= {each.parent.name: each.parent for each in place.glob("*/register.yaml")}
    if name not in known:
        raise bad_input(
            "serve.example",
            f"there is no example {name!r}.",
            mend=f"Known: {', '.join(sorted(known)) or 'none'}.",
            field="--example",
        )
    return known[name]
