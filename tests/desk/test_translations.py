"""The desk speaks Traditional Chinese throughout: nothing is left out, nothing is out of date."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from tests.desk.servers.left_out import leave_out

DESK = Path(__file__).resolve().parents[2] / "src" / "declarant" / "desk"
CATALOGUE = DESK / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?\w+[^>]*>")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def said(entry: polib.POEntry) -> str:
    return entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr


def test_every_text_has_a_translation(catalogue):
    assert [entry.msgid for entry in catalogue if not said(entry) or entry.fuzzy] == []


def test_placeholders_are_kept(catalogue):
    def held(text: str) -> list[str]:
        return sorted(set(PLACEHOLDER.findall(text)))

    wrong = [
        entry.msgid
        for entry in catalogue
        if held(said(entry)) not in (held(entry.msgid), held(entry.msgid_plural or entry.msgid))
    ]
    assert wrong == []


def test_what_is_served_is_what_is_written(catalogue):
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    served = {(entry.msgctxt, entry.msgid): said(entry) for entry in compiled}
    assert served == {(entry.msgctxt, entry.msgid): said(entry) for entry in catalogue}


@pytest.mark.slow
@pytest.mark.once
def test_every_text_of_the_sources_is_in_the_catalogue(catalogue, tmp_path):
    if shutil.which("xgettext") is None:
        leave_out("gettext is not installed: Debian package gettext")
    copy = tmp_path / "desk"
    shutil.copytree(DESK, copy, ignore=shutil.ignore_patterns("static", "__pycache__"))
    environment = os.environ | {
        "DECLARANT_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "declarant.desk.settings.filer",
    }
    command = "makemessages --locale zh_Hant --no-wrap --no-location --no-obsolete"
    subprocess.run(
        [sys.executable, "-m", "django", *command.split()],
        cwd=copy,
        env=environment,
        check=True,
        capture_output=True,
        timeout=120,
    )
    found = polib.pofile(str(copy / CATALOGUE.relative_to(DESK)))
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    assert [entry.msgid for entry in found if (entry.msgctxt, entry.msgid) not in known] == []
