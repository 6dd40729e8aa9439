"""What follows a filing: clocks and a calendar, search, the audit log; and the pages in Chinese."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

from tests.desk.journey.story import Story

IN_CHINESE = {
    "overview": "/",
    "register": "/register/",
    "runs": "/register/runs/",
    "evidence": "/register/evidence/",
    "determination": "/determination/",
    "filings": "/filings/",
    "filing": "filing",
    "questions": "/questions/",
    "question-set": "set",
    "question": "question",
    "answers": "answers",
    "clocks": "/clocks/",
    "calendar": "/clocks/calendar/",
    "search": "/search/?q=Atlas",
    "people": "/account/people/",
    "account": "/account/",
    "audit": "/audit/",
}


def clocks(story: Story) -> None:
    """Every date stands on one page; a person's calendar reads them from an address of its own."""
    priya = story.person("preparer")
    priya.goes("Clocks")
    granted = story.kept["until"]
    priya.reloads_until(f"{granted.day} {granted:%B %Y}")
    priya.is_calm("72-clocks")
    priya.main.get_by_role("cell").get_by_role("link").first.click()
    priya.sees("How the date was worked out", "Reminders")
    priya.is_calm("73-clock")
    priya.goes("Clocks", "My calendar")
    priya.presses("Make an address")
    priya.sees("Copy the address now")
    priya.is_calm("74-calendar")
    address = priya.main.locator("code.desk-address").inner_text()
    with urllib.request.urlopen(address, timeout=60) as answer:
        feed = answer.read().decode()
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert feed.startswith("BEGIN:VCALENDAR")
    assert f"{granted:%Y%m%d}" in feed


def searching(story: Story) -> None:
    """Words of two characters are found, in English and in Chinese."""
    aud = story.person("auditor")
    contact = "林怡君"
    for words, found in (("Atlas", "Atlas 2 pre-training"), (contact[:2], contact)):
        aud.goes("Search")
        aud.writes("Words, names, hashes, in English or Chinese", words)
        aud.presses("Search")
        aud.reloads_until(found)
        aud.sees(found)
    aud.is_calm("75-search")


def auditing(story: Story) -> None:
    """The auditor reads the log, exports it, and verifies it where no desk is."""
    aud = story.person("auditor")
    aud.goes("Audit log")
    for name in ("Carmen Ortiz", "Priya Raman"):
        aud.main.get_by_role("cell", name=name).first.wait_for()
    aud.is_calm("76-audit-log")
    aud.main.get_by_role("rowheader").get_by_role("link").first.click()
    aud.sees("As it is hashed")
    aud.is_calm("77-audit-entry")
    aud.goes("Audit log", "Verify")
    aud.presses("Verify now")
    aud.reloads_until("Nothing is wrong")
    aud.is_calm("78-verified")
    aud.goes("Audit log", "Signed heads")
    aud.sees("The key that signs")
    aud.is_calm("79-heads")
    aud.goes("Audit log", "Export")
    aud.presses("Export now")
    aud.reloads_until("The last five exports are kept here.")
    aud.is_calm("80-export")
    name, archive = aud.downloads("entries")
    folder = story.desk.home.parent / "exported"
    folder.mkdir()
    kept = folder / name
    kept.write_bytes(archive)
    with zipfile.ZipFile(kept) as held:
        held.extractall(folder)
    source = next(folder.rglob("entries.jsonl")).parent
    _verify(source, 0)
    entries = source / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b"Carmen", b"Camren", 1))
    _verify(source, 1)


def in_chinese(story: Story) -> None:
    """One pass over the main pages in Traditional Chinese."""
    carmen = story.person("certifying officer")
    carmen.page.locator("details.desk-user summary").click()
    carmen.page.get_by_role("button", name="繁體中文").click()
    carmen.page.locator("html[lang=zh-Hant]").wait_for(state="attached")
    for name, path in IN_CHINESE.items():
        carmen.open(story.kept.get(path, path))
        assert carmen.page.locator("html").get_attribute("lang") == "zh-Hant"
        carmen.is_calm(f"zh-{name}")


def _verify(source: Path, expected: int) -> None:
    command = [sys.executable, "-m", "declarant", "audit", "verify", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == expected, done.stdout + done.stderr
