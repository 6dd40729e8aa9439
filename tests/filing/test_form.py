"""The form: the same bytes always, PDF/A and PDF/UA, nothing in a text acts as markup."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymupdf
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from declarant.filing.documents import Affirmation, Notification
from declarant.filing.fonts import coverage, is_shown, showable
from declarant.filing.parts import Amount
from declarant.filing.pdf import render
from declarant.filing.wording import exact, figure, legible

Fields = dict[str, Callable[[], dict[str, Any]]]


def text_of(pdf: bytes) -> str:
    text = "\n".join(page.get_text() for page in pymupdf.open(stream=pdf))
    return text.replace("\u200b", "").replace("\xa0", " ")


def test_the_same_document_gives_the_same_bytes(make_notification: Callable[..., Any]) -> None:
    assert render(make_notification()).pdf == render(make_notification()).pdf


@pytest.mark.parametrize(
    "surroundings",
    [
        {"TZ": "Asia/Taipei", "SOURCE_DATE_EPOCH": "86400", "LANG": "C"},
        {"TZ": "America/New_York", "FONTCONFIG_PATH": "/nowhere", "HOME": "/nowhere"},
    ],
)
def test_another_process_gives_the_same_bytes(
    notification: Notification, tmp_path: Path, surroundings: dict[str, str]
) -> None:
    (tmp_path / "n.json").write_bytes(notification.as_bytes())
    program = (
        "import sys, json, hashlib, pathlib\n"
        "from declarant.filing.documents import DOCUMENT\n"
        "from declarant.filing.pdf import render\n"
        "document = DOCUMENT.validate_python(json.loads(pathlib.Path(sys.argv[1]).read_bytes()))\n"
        "print(hashlib.sha256(render(document).pdf).hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "n.json")],
        env={**os.environ, **surroundings},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == hashlib.sha256(render(notification).pdf).hexdigest()


def test_it_is_marked_as_pdf_a_and_pdf_ua(
    notification: Notification, affirmation: Affirmation
) -> None:
    for document in (notification, affirmation):
        reader = pypdf.PdfReader(io.BytesIO(render(document).pdf))
        root = reader.trailer["/Root"]
        xmp = root["/Metadata"].get_data().decode()
        assert "<pdfaid:part>2</pdfaid:part>" in xmp
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
        assert root["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in root
        assert root["/Lang"] == "en-US"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert document.title in str(reader.metadata["/Title"])


def test_status_and_hash_stand_on_every_page(notification: Notification) -> None:
    form = pymupdf.open(stream=render(notification).pdf)
    for number, page in enumerate(form, start=1):
        text = page.get_text()
        assert "never made final" in text
        assert notification.sha256 in text
        assert f"Page {number} of {len(form)}" in text


def test_it_says_what_matters(notification: Notification, affirmation: Affirmation) -> None:
    text = text_of(render(notification).pdf)
    for expected in (
        "January 15, 2027",
        "陳怡君 (Chen Yi-chun)",
        "1.25 × 10²⁶ (1.18 × 10²⁶ to 1.32 × 10²⁶) operations",
        "124,700,000,000,000,000,000,000,000",
        "only operations used to date",
        "Measured on the same cluster",
        "I have examined this document",
        "filed voluntarily",
    ):
        assert expected in text, expected
    text = text_of(render(affirmation).pdf)
    assert "Affirmation 1 of 7" in text
    assert "has not engaged in any" in text


@pytest.mark.parametrize(
    "hostile",
    ['#panic("x")', "$ x^2 $ *b* _i_ `r`", "= Head", "<label> @ref", "\\ // /* */ ]]]", "#[", '"'],
)
def test_text_is_never_markup(
    make_notification: Callable[..., Any], fields: Fields, hostile: str
) -> None:
    person = fields["common"]()["person"] | {"name": hostile}
    assert hostile in text_of(render(make_notification(person=person)).pdf)


@pytest.mark.parametrize(
    ("text", "shown", "named"),
    [
        ("Acme 😀 Inc.", "Acme [U+1F600] Inc.", "U+1F600 (GRINNING FACE)"),
        ("abc\u202egpj.exe", "abc[U+202E]gpj.exe", "RIGHT-TO-LEFT OVERRIDE"),
        ("김 Kim", "[U+AE40] Kim", "U+AE40"),
    ],
)
def test_what_no_font_shows_is_printed_as_code_and_reported(
    make_notification: Callable[..., Any], fields: Fields, text: str, shown: str, named: str
) -> None:
    person = fields["common"]()["person"] | {"name": text}
    document = make_notification(person=person)
    form = render(document)
    assert shown in text_of(form.pdf)
    assert [finding.code for finding in form.findings] == ["pdf.no_glyph"]
    assert named in form.findings[0].what
    assert form.findings[0].where.field == "$.person.name"
    assert document.content()["person"]["name"] == text


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Ánh", "臺灣積體電路", "朱镕基", "Łukasz Żuławski", "Ωμέγα Жуков"]
)
def test_names_of_the_world_are_shown(name: str) -> None:
    assert showable(name) == name


_TEXT = st.text(
    st.sampled_from(sorted(map(chr, coverage()))) | st.characters(), min_size=1, max_size=60
).filter(lambda text: all(ord(character) >= 32 and ord(character) != 127 for character in text))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_TEXT)
def test_no_text_stops_the_form(make_notification: Callable[..., Notification], text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate: the schema refuses it
        return
    form = render(make_notification(no_longer=(text,)))
    assert form.pdf.startswith(b"%PDF-1.7")
    composed = unicodedata.normalize("NFC", text)
    assert bool(form.findings) == (not all(map(is_shown, composed)))


@pytest.mark.parametrize("day", ["0001-01-01", "1900-02-28", "9999-12-31"])
def test_any_day_can_be_printed(make_notification: Callable[..., Any], day: str) -> None:
    assert render(make_notification(prepared_on=day)).pdf


def test_what_was_not_compared_says_so(
    make_notification: Callable[..., Any], fields: Fields
) -> None:
    run = fields["run"]() | {"standing": "not_compared"}
    text = text_of(render(make_notification(activities=(run,))).pdf)
    assert "Not compared" in " ".join(text.split())


def test_long_counts_in_sentences_are_printed_in_groups(
    make_notification: Callable[..., Any], fields: Fields
) -> None:
    run = fields["run"]()
    said = "6 x 405148483584 active parameters x 30100000000000 tokens"
    run["segments"] = (run["segments"][0] | {"formula": said},)
    text = text_of(render(make_notification(activities=(run,))).pdf)
    shown = " ".join(text.split())
    assert "6 x 405,148,483,584 active parameters x 30,100,000,000,000 tokens" in shown
    assert "405148483584" not in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("over 30100000000000.", "over 30,100,000,000,000."),
        ("tokens=1234567890, more", "tokens=1,234,567,890, more"),
        ("123456789 stays", "123456789 stays"),
        ("0.1234567890123", "0.1234567890123"),
        ("1234567890.5", "1234567890.5"),
        ("logs/1700000000.jsonl", "logs/1700000000.jsonl"),
        ("run-20261220101500", "run-20261220101500"),
        ("20261220101500-run", "20261220101500-run"),
        ("+13025550148", "+13025550148"),
        ("sha " + "1" * 63 + "a", "sha " + "1" * 63 + "a"),
        ("above 1.2e26 or 10000000000", "above 1.2 × 10²⁶ or 10,000,000,000"),
    ],
)
def test_what_is_no_count_is_left_as_it_is(text: str, shown: str) -> None:
    assert legible(text) == shown


def test_amounts_keep_their_exact_figures() -> None:
    amount = Amount(low=str(10**26), best=None, high=str(10**26 + 1))
    assert figure(amount) == "1.00 × 10²⁶ to 1.00 × 10²⁶"
    assert exact(amount).startswith("100,000,000,000,000,000,000,000,000 · ")
    assert exact(amount).endswith(",001")
    assert "no upper bound" in exact(Amount(low="1", best=None, high=None))
