"""A specification becomes a file that stands alone: no network, text that can be read out."""

from __future__ import annotations

import struct
import zlib
from xml.etree import ElementTree

import pytest

from declarant.plots.render import config, render
from declarant.problems import BadInput

SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "title": {"text": ["One & two", "<three>"]},
    "description": 'What a reader hears: "a < b" 門檻',
    "data": {"values": [{"a": 1, "b": 2}, {"a": 2, "b": 3}]},
    "mark": "line",
    "encoding": {
        "x": {"field": "a", "type": "quantitative"},
        "y": {"field": "b", "type": "quantitative", "title": "累計運算次數"},
    },
    "config": config(),
}
SVG = "{http://www.w3.org/2000/svg}"


def test_an_svg_says_what_it_shows() -> None:
    root = ElementTree.fromstring(render(SPEC, ".svg"))
    assert root.tag == f"{SVG}svg"
    assert root.attrib["role"] == "img"
    title, about = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == "One & two <three>"
    assert about is not None
    assert about.text == SPEC["description"]
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], about.attrib["id"]]


def test_text_stays_text() -> None:
    assert "累計運算次數".encode() in render(SPEC, "SVG")


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    found, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        body = png[at + 4 : at + 8 + length]
        (check,) = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
        assert zlib.crc32(body) == check
        found.append((body[:4], body[4:]))
        at += 12 + length
    return found


def test_a_png_carries_its_text_alternative() -> None:
    found = chunks(render(SPEC, "png"))
    assert [name for name, _ in found][:2] == [b"IHDR", b"iTXt"]
    keyword, _, rest = found[1][1].partition(b"\0")
    assert keyword == b"Description"
    assert rest[4:].decode() == SPEC["description"]


def test_the_same_specification_gives_the_same_file() -> None:
    assert render(SPEC, "svg") == render(SPEC, "svg")


@pytest.mark.parametrize("suffix", ["", ".pdf", "jpeg", "svg.exe"])
def test_another_suffix_is_refused_with_the_known_ones(suffix: str) -> None:
    with pytest.raises(BadInput) as raised:
        render(SPEC, suffix)
    assert ".png, .svg" in raised.value.findings[0].mend
