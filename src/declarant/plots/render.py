"""A Vega-Lite specification as the bytes of an SVG or PNG file; nothing is fetched from anywhere.

The text alternative of a picture is the specification's `description`. It is written into the file
itself (SVG: `title` and `desc` with `role="img"`, as the SVG accessibility API mappings of the W3C
ask for; PNG: the textual chunk "Description" of the PNG specification, section 11.3.3), so that it
goes wherever the picture goes.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from declarant.problems import bad_input

SUFFIXES = (".png", ".svg")
FONT = "Declarant Sans, Declarant Sans CJK, DejaVu Sans, sans-serif"
"""Set this as a specification's `config.font`; the first two come with the product."""

INK, MUTED, GRID = "#1b1b1b", "#565c65", "#dfe1e2"
"""Text, secondary text and grid lines on white; both texts exceed 4.5 : 1 (WCAG 2.2, 1.4.3)."""

AXIS_OF_OPERATIONS = "datum.value == 0 ? '0' : replace(format(datum.value, '.3~e'), 'e+', 'e')"
"""Set this as the `labelExpr` of an axis of operations: 8e22, as everywhere in the product."""

_SCALE = 2  # pixels of a PNG for each unit of the specification
_PNG_HEADER = 33  # bytes: signature and the IHDR chunk


def render(spec: Mapping[str, Any], suffix: str) -> bytes:
    """Return the file for a specification.

    Args:
        spec: a complete Vega-Lite specification with its data in it.
        suffix: of the file's name, ".svg" or ".png", in any case, with or without the dot.

    Raises:
        BadInput: when pictures of that suffix are not made here.
    """
    import vl_convert

    wanted = f".{suffix.lower().lstrip('.')}"
    if wanted not in SUFFIXES:
        raise bad_input(
            "plot.suffix",
            f"no picture is written as {suffix or 'a file without a suffix'!r}.",
            mend=f"Give the file's name one of these endings: {', '.join(SUFFIXES)}.",
        )
    _register_fonts()
    text = json.dumps(spec)
    about = str(spec.get("description", ""))
    if wanted == ".svg":
        return _described_svg(vl_convert.vegalite_to_svg(text), _title(spec), about).encode()
    return _described_png(vl_convert.vegalite_to_png(text, scale=_SCALE), about)


def config() -> dict[str, Any]:
    """Return the look that the product's pictures share, as a specification's `config`."""
    label = {"labelColor": INK, "titleColor": INK, "labelFontSize": 11, "titleFontSize": 12}
    return {
        "font": FONT,
        "background": "white",
        "padding": 12,
        "view": {"stroke": None},
        "axis": {**label, "gridColor": GRID, "domainColor": MUTED, "tickColor": MUTED},
        "legend": label,
        "title": {
            "anchor": "start",
            "color": INK,
            "fontSize": 15,
            "subtitleColor": MUTED,
            "subtitleFontSize": 11,
            "subtitlePadding": 4,
            "offset": 12,
        },
    }


@cache
def _register_fonts() -> None:
    """Make the shipped fonts known to the renderer, so that text looks the same everywhere."""
    import vl_convert

    vl_convert.register_font_directory(str(files("declarant") / "filing" / "fonts"))


def _title(spec: Mapping[str, Any]) -> str:
    title = spec.get("title", "")
    written = title.get("text", "") if isinstance(title, Mapping) else title
    return " ".join(written) if isinstance(written, list) else str(written)


def _described_svg(svg: str, title: str, about: str) -> str:
    opening, rest = svg.split(">", 1)
    opening = f'{opening} role="img" aria-labelledby="plot-title plot-description"'
    return (
        f'{opening}><title id="plot-title">{escape(title)}</title>'
        f'<desc id="plot-description">{escape(about)}</desc>{rest}'
    )


def _described_png(png: bytes, about: str) -> bytes:
    """Insert an international text chunk after the header, where decoders look for it first."""
    if not about:
        return png
    body = b"iTXt" + b"Description\0" + b"\0\0" + b"\0" + b"\0" + about.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:_PNG_HEADER] + chunk + png[_PNG_HEADER:]
