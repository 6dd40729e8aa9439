"""A plot as a page needs it: drawn once on the server, and again by the browser where it can.

The Vega-Lite specification is compiled to Vega here, so that the browser needs neither the compiler
nor anything evaluated as code; the SVG of `declarant.plots.render` stands in the page as an image.
Both are kept by the hash of the specification. A job that makes a specification calls `prepare`, so
that no reader waits for the first drawing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import InvalidCacheBackendError, caches

from declarant import __version__
from declarant.plots.render import render

CACHE = "plots"
"""The cache that pictures are kept in; without one of that name, the default one."""
WEEKS = 4 * 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawn specification.

    Attributes:
        key: of the specification; equal specifications share it.
        vega: the compiled specification as JSON.
        svg: the picture.
        about: the picture in words.
        width: and `height`, of the picture in CSS pixels.
    """

    key: str
    vega: str
    svg: bytes
    about: str
    width: int
    height: int

    @property
    def data_url(self) -> str:
        """The picture as the address of an image."""
        return f"data:image/svg+xml;base64,{base64.b64encode(self.svg).decode()}"


def prepare(spec: Mapping[str, Any]) -> Plot:
    """Return the plot of a complete Vega-Lite specification with its data in it."""
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False, default=str)
    key = hashlib.sha256(f"{__version__} {text}".encode()).hexdigest()
    held = _cache().get(f"plot:{key}")
    if isinstance(held, Plot):
        return held
    plot = _drawn(key, spec)
    _cache().set(f"plot:{key}", plot, WEEKS)
    return plot


def _drawn(key: str, spec: Mapping[str, Any]) -> Plot:
    import vl_convert

    svg = render(spec, ".svg")
    vega = vl_convert.vegalite_to_vega(json.dumps(spec, default=str))
    width, height = _size(svg)
    return Plot(
        key,
        json.dumps(vega, separators=(",", ":")),
        svg,
        str(spec.get("description", "")),
        width,
        height,
    )


def _size(svg: bytes) -> tuple[int, int]:
    from defusedxml.ElementTree import fromstring

    drawing = fromstring(svg)
    return round(float(drawing.get("width", "0"))), round(float(drawing.get("height", "0")))


def _cache() -> Any:
    try:
        return caches[CACHE]
    except InvalidCacheBackendError:
        return caches["default"]
