from __future__ import annotations

import subprocess
import sys

import pytest
import typer
from tests.cli.running import refused, run
from typer.main import get_command

from declarant.cli.app import app

WITHOUT_JSON = (["serve"], ["manage"])  # they run until stopped, or hand on to Django's own
HEAVY = ("numpy", "scipy", "polars", "pydantic", "cryptography", "typst", "yaml", "pypdf")


def commands() -> list[list[str]]:
    root = get_command(app)
    found: list[list[str]] = []
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found += [[name, each] for each in inner] if inner else [[name]]
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_explains_itself_and_speaks_json(words: list[str]) -> None:
    shown = run(*words, "--help").stdout
    assert "Usage" in shown
    assert "--json" in shown or words in WITHOUT_JSON


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, typer\nfrom declarant.cli.app import app\n"
        "import typer.main; typer.main.get_command(app)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version() -> None:
    assert run("--version").stdout.startswith("declarant ")


def test_completion_is_offered() -> None:
    assert isinstance(app, typer.Typer)
    assert "--install-completion" in run("--help").stdout


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (["estimate", "config.json"], "--tokens"),
        (["law", "clock", "us-bis-702-7", "answer"], "--from"),
        (["assess"], "register"),
    ],
)
def test_a_missing_option_is_told_in_json_too(words: list[str], where: str) -> None:
    assert refused(*words)["where"] == where
