"""Every `$ declarant …` line of the README and the docs runs, in the order of its page."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "README.zh-Hant.md", *(ROOT / "docs").rglob("*.md")],
    key=str,
)
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    joined = (block.replace("\\\n", " ") for block in BLOCK.findall(text))
    return [
        line[2:]
        for block in joined
        for line in block.splitlines()
        if line.startswith("$ declarant")
    ]


GENERATED = ROOT / "docs" / "reference"
WITH_COMMANDS = [page for page in PAGES if commands(page) and GENERATED not in page.parents]


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_run(page: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for command in commands(page):
        words = shlex.split(command, comments=True)
        expected = re.search(r"# exit status (\d)", command)
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "100"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        wanted = int(expected[1]) if expected else 0
        assert done.returncode == wanted, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def test_the_readme_has_commands() -> None:
    assert ROOT / "README.md" in WITH_COMMANDS
    assert ROOT / "README.zh-Hant.md" in WITH_COMMANDS


LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"
