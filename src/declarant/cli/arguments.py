"""Arguments that several commands share, said once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from declarant.problems import bad_input

REPORTING_RULE = "us-bis-702-7"

RegisterArgument = Annotated[
    Path, typer.Argument(help="The register's folder, or its register.yaml.", metavar="REGISTER")
]
RegimeOption = Annotated[str, typer.Option("--regime", help="The law; see `declarant law list`.")]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="Day the facts are looked at, such as 2026-12-15. [default: today]"
    ),
]
LawAsOfOption = Annotated[
    str | None,
    typer.Option("--law-as-of", help="Day whose law is applied. [default: that of --as-of]"),
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


def read_day(text: str | None, option: str) -> date | None:
    """Read an ISO 8601 day given to `option`; None stays None.

    Raises:
        BadInput: when the text is no day.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise bad_input(
            "cli.day",
            f"{text!r} is no day.",
            mend="Write year, month and day, such as 2026-12-15.",
            field=option,
        ) from None


def today() -> date:
    """Return today's date in UTC; only the command line knows a clock."""
    return datetime.now(UTC).date()
