"""Exact numbers of operations, rates and links: intervals, number formats, reading and printing."""

from declarant.quantities.interval import Comparison, Interval
from declarant.quantities.notation import (
    parse_bits_per_second,
    parse_number,
    parse_operations,
    parse_rate,
    show_bits_per_second,
    show_interval,
    show_operations,
    show_rate,
)
from declarant.quantities.number_format import HIGHEST, WRITTEN, FormatClass, NumberFormat

__all__ = [
    "HIGHEST",
    "WRITTEN",
    "Comparison",
    "FormatClass",
    "Interval",
    "NumberFormat",
    "parse_bits_per_second",
    "parse_number",
    "parse_operations",
    "parse_rate",
    "show_bits_per_second",
    "show_interval",
    "show_operations",
    "show_rate",
]
