"""How amounts, days, hashes and sizes are written on pages: short, with the exact value at hand."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from declarant.desk.site.language import is_chinese
from declarant.quantities import Interval, show_bits_per_second, show_operations, show_rate

register = template.Library()
_SHOWN = 12  # characters of a hash; enough to tell two apart by eye


@register.filter
def operations(amount: Fraction | int | None) -> SafeString:
    """Show an amount of operations as 1.20e26, with its exact digits behind it."""
    return _with_exact(amount, None if amount is None else show_operations(amount))


@register.filter
def rate(amount: Fraction | int | None) -> SafeString:
    """Show operations per second as 1.98e20/s, with the exact digits behind it."""
    return _with_exact(amount, None if amount is None else show_rate(amount))


@register.filter
def bits(amount: int | None) -> str:
    """Show the data rate of a link: 400 Gbit/s."""
    return gettext("unknown") if amount is None else show_bits_per_second(amount)


@register.filter
def interval(amount: Interval | None) -> SafeString:
    """Show an interval: 1.00e25 (8.00e24 to 1.20e25), or at least 4.00e19."""
    if amount is None:
        return format_html("{}", gettext("unknown"))
    low = operations(amount.low)
    if amount.is_exact:
        return low
    if amount.high is None:
        return format_html(gettext("at least {}"), low)
    span = format_html(gettext("{} to {}"), low, operations(amount.high))
    return span if amount.best is None else format_html("{} ({})", operations(amount.best), span)


@register.filter
def exact(amount: Fraction | int) -> str:
    """Write all digits of an amount, grouped by three; as a fraction where it is not whole."""
    value = Fraction(amount)
    whole = f"{value.numerator:,}"
    return whole if value.denominator == 1 else f"{whole} / {value.denominator:,}"


@register.filter
def day(value: date | None) -> SafeString:
    """Show a day in the words of the reader's language."""
    if value is None:
        return format_html("{}", gettext("unknown"))
    return format_html('<time datetime="{}">{}</time>', f"{value:%Y-%m-%d}", _day(value))


@register.filter
def moment(value: datetime | None, zone: str = "") -> SafeString:
    """Show a moment with its zone: in the zone named, or else in its own."""
    if value is None:
        return format_html("{}", gettext("unknown"))
    if timezone.is_naive(value):
        raise ValueError("a moment without a zone says nothing")
    local = value.astimezone(ZoneInfo(zone)) if zone else value
    offset = f"{local:%z}"
    hours, minutes = offset[:3].replace("-", "\N{MINUS SIGN}"), offset[3:5]
    apart = "UTC" if offset == "+0000" else f"UTC{hours}:{minutes}"
    name = f"{local:%Z}"
    told = apart if not name.isalpha() or name == "UTC" or is_chinese() else f"{name}, {apart}"
    return format_html(
        '<time datetime="{}">{} {} ({})</time>',
        local.isoformat(timespec="seconds"),
        _day(local),
        f"{local:%H:%M}",
        told,
    )


@register.filter
def size(value: int | None) -> str:
    """Show the size of a file with a decimal prefix: 1.4 MB."""
    if value is None:
        return gettext("unknown")
    if value < 1000:
        return f"{value} B"
    amount = Fraction(value, 1000)
    for unit in ("kB", "MB", "GB"):
        if amount < Fraction("999.95"):  # would be written as 1000.0
            return f"{float(amount):.1f} {unit}"
        amount /= 1000
    return f"{float(amount):.1f} TB"


@register.inclusion_tag("site/components/hash.html")
def hash(value: str) -> dict[str, Any]:
    """Show a hash shortened; a press shows the whole, another copies it."""
    return {"value": value, "short": value[:_SHOWN]}


def _with_exact(amount: Fraction | int | None, shown: str | None) -> SafeString:
    if amount is None or shown is None:
        return format_html("{}", gettext("unknown"))
    return format_html('<abbr class="desk-numeric" title="{}">{}</abbr>', exact(amount), shown)


def _day(value: date) -> str:
    return formats.date_format(value, "Y年n月j日" if is_chinese() else "j F Y")
