"""Arguments that several commands share, said once."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from declarant.cli.moments import iso_day
from declarant.problems import BadInput, Place, bad_input

REPORTING_RULE = "us-bis-702-7"

RegisterArgument = Annotated[
    Path, typer.Argument(help="The register's folder, or its register.yaml.", metavar="REGISTER")
]
RegimeOption = Annotated[str, typer.Option("--regime", help="The law; see `declarant law list`.")]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="Day the facts are looked at, such as 2026-12-15. Default: today."
    ),
]
LawAsOfOption = Annotated[
    str | None,
    typer.Option("--law-as-of", help="Day whose law is applied. Default: that of --as-of."),
]
PlotOption = Annotated[
    Path | None, typer.Option("--plot", help="Also draw it: a file ending in .svg or .png.")
]
JSON_ASKED = "declarant.json"
"""Where a command's context keeps whether JSON was asked for, so that failures follow suit."""


def _remember(ctx: typer.Context, asked: bool) -> bool:
    ctx.meta[JSON_ASKED] = asked
    return asked


JsonOption = Annotated[
    bool,
    typer.Option("--json", help="Print JSON for machines.", callback=_remember, is_eager=True),
]


OUTSIDE_THE_LAW = ("law.no_value_on_day", "law.before_history")
"""What is found when a day lies before the law, or before what is known of it."""


@contextmanager
def given_to(option: str, only: Container[str] | None = None) -> Iterator[None]:
    """Name `option` as the place of every problem inside that names none.

    `only` limits that to problems of these codes, where others may have another cause.

    Raises:
        BadInput: what was raised inside, with its place.
    """
    try:
        yield
    except BadInput as error:
        raise BadInput(
            tuple(
                item
                if str(item.where) or not (only is None or item.code in only)
                else replace(item, where=Place(field=option))
                for item in error.findings
            )
        ) from None


def read_day(text: str | None, option: str) -> date | None:
    """Read a day (2026-12-15, 20261215) given to `option`; None stays None.

    Raises:
        BadInput: when the text is no day.
    """
    if text is None:
        return None
    try:
        return iso_day(text.strip())
    except ValueError:
        raise bad_input(
            "cli.day",
            f"{text!r} is no day.",
            mend="Write year, month and day, such as 2026-12-15.",
            field=option,
        ) from None


def today() -> date:
    """Return today's date in Washington; only the command line knows a clock."""
    return datetime.now(ZoneInfo("America/New_York")).date()
