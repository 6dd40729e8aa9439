"""Data rates of InfiniBand links: width x generation, nominal.

Nominal rates are the ones the generations are named by: 12xEDR is exactly 300 Gbit/s, though its
lanes signal at 25.78125 Gbit/s. Source: InfiniBand Trade Association, InfiniBand roadmap,
https://www.infinibandta.org/infiniband-roadmap/.
"""

from __future__ import annotations

import re
from fractions import Fraction

from declarant.clusters.observation import UNKNOWN_RATE

GIGA = 10**9

LANE_RATE: dict[str, int] = {
    "SDR": 25 * GIGA // 10,
    "DDR": 5 * GIGA,
    "QDR": 10 * GIGA,
    "FDR10": 10 * GIGA,
    "FDR": 14 * GIGA,
    "EDR": 25 * GIGA,
    "HDR": 50 * GIGA,
    "NDR": 100 * GIGA,
    "XDR": 200 * GIGA,
}
"""Nominal bit/s of one lane."""

WIDTHS = (1, 2, 4, 8, 12)

# Other tools print the lane's signalling or data rate in place of the generation's name.
_GENERATION_OF_LANE = {
    Fraction("2.5"): "SDR",
    Fraction("5"): "DDR",
    Fraction("5.0"): "DDR",
    Fraction("10"): "QDR",
    Fraction("10.0"): "QDR",
    Fraction("10.3125"): "FDR10",
    Fraction("14"): "FDR",
    Fraction("14.0625"): "FDR",
    Fraction("25"): "EDR",
    Fraction("25.78125"): "EDR",
    Fraction("26.5625"): "HDR",
    Fraction("50"): "HDR",
    Fraction("53.125"): "HDR",
    Fraction("100"): "NDR",
    Fraction("106.25"): "NDR",
    Fraction("200"): "XDR",
    Fraction("212.5"): "XDR",
}
_RATE = re.compile(
    r"(?:^|\s)(?P<width>\d{1,2}|\?+)x\s?"
    r"(?P<lane>FDR10|[SDQFEHNX]DR|\d{1,3}(?:\.\d{1,6})?|\?+)(?=$|\s)"
)


def link_rate(width: int, lane: str) -> int:
    """Return the nominal bit/s of `width` lanes; `UNKNOWN_RATE` for what is in no list here."""
    generation = lane
    if lane[:1].isdigit():
        generation = _GENERATION_OF_LANE.get(Fraction(lane), "")
    if width not in WIDTHS or generation not in LANE_RATE:
        return UNKNOWN_RATE
    return width * LANE_RATE[generation]


def rate_in(text: str) -> int:
    """Return the rate that a line's end names (`lid 647 4xNDR s=128 w=2`), else `UNKNOWN_RATE`."""
    match = _RATE.search(text)
    if match is None or not match["width"].isdigit():
        return UNKNOWN_RATE
    return link_rate(int(match["width"]), match["lane"])
