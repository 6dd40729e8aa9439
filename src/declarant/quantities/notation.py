"""Reading and printing amounts as people write them: `1.2e26`, `400 Gbit/s`, `2.5 PFLOP/s`.

Reading is exact: text goes to a rational without passing through binary floating point.
"""

from __future__ import annotations

import re
from fractions import Fraction

from declarant.problems import BadInput, bad_input
from declarant.quantities.interval import Interval

_NUMBER = r"(?P<number>[+-]?\d[\d_,]*(?:\.\d*)?|[+-]?\.\d+)(?:[eE](?P<exponent>[+-]?\d{1,4}))?"
_TIMES = re.compile(
    r"^\s*(?P<number>\d+(?:\.\d+)?)\s*[x×*]\s*10\s*(?:\^|\*\*)\s*(?P<exponent>\d{1,4})\s*(?P<unit>.*)$"
)
_AMOUNT = re.compile(rf"^\s*{_NUMBER}\s*(?P<unit>.*?)\s*$")
_LONGEST = 200
"""Characters; a longer number is a mistake, and slow to read exactly."""
_PREFIX = {"": 0, "k": 3, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18, "Z": 21, "Y": 24}
_WORDS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_OPERATIONS = re.compile(r"^(?P<prefix>[kKMGTPEZY]?)(?:OPS?|ops?|FLOPs?|FLOP|flops?|operations)$")
_RATE = re.compile(
    r"^(?P<prefix>[kKMGTPEZY]?)(?:(?:OPs?|ops?|FLOPs?|flops?|operations)\s*(?:/s|/sec|per second)"
    r"|FLOPS|OPS)$"
)
_BITS = re.compile(r"^(?P<prefix>[kKMGT]?)(?:bit/s|bits/s|bps|b/s)$")
_BITS_SHORT = re.compile(r"^(?P<prefix>[kKMGT])$")


def parse_number(text: str | int) -> Fraction:
    """Read a plain number: `15.6e12`, `1_000`, `2.4 x 10^13`, `15.6 trillion`, `15.6T`.

    Raises:
        BadInput: when the text is no number or carries a unit.
    """
    amount, unit = _split(text, "a number such as 15.6e12")
    if unit in _PREFIX and unit:
        return amount * Fraction(10) ** _PREFIX[unit]
    if unit.lower() in _WORDS:
        return amount * Fraction(10) ** _WORDS[unit.lower()]
    if unit == "B":
        return amount * 10**9
    if unit:
        raise _refused(text, "a number such as 15.6e12")
    return amount


def parse_operations(text: str | int) -> Fraction:
    """Read an amount of operations: `1.2e26`, `4 x 10^25 FLOP`, `380 YFLOP`.

    Raises:
        BadInput: when the text is no such amount.
    """
    amount, unit = _split(text, "operations such as 1.2e26")
    if not unit:
        return amount
    match = _OPERATIONS.match(unit)
    if not match:
        raise _refused(text, "operations such as 1.2e26 or 380 YFLOP")
    return amount * Fraction(10) ** _PREFIX[match["prefix"]]


def parse_rate(text: str | int) -> Fraction:
    """Read operations per second: `2.5 PFLOP/s`, `989.4 TFLOPS`, `1e20`.

    Raises:
        BadInput: when the text is no such rate.
    """
    amount, unit = _split(text, "a rate such as 2.5 PFLOP/s")
    if not unit:
        return amount
    match = _RATE.match(unit)
    if not match:
        raise _refused(text, "a rate such as 2.5 PFLOP/s")
    return amount * Fraction(10) ** _PREFIX[match["prefix"]]


def parse_bits_per_second(text: str | int) -> int:
    """Read a link's data rate: `400 Gbit/s`, `400G`, `100 Gbps`, `300000000000` (bit/s).

    Returns:
        Whole bits per second.

    Raises:
        BadInput: when the text is no such rate, or names bytes.
    """
    amount, unit = _split(text, "a link rate such as 400 Gbit/s")
    if unit.endswith(("B/s", "Bps")):
        raise bad_input(
            "quantity.bytes",
            f"{text!r} is in bytes per second; links are compared in bits per second.",
            mend="Write it in bits per second, such as 400 Gbit/s (50 GB/s).",
        )
    match = _BITS.match(unit) or _BITS_SHORT.match(unit)
    if unit and not match:
        raise _refused(text, "a link rate such as 400 Gbit/s")
    value = amount * Fraction(10) ** (_PREFIX[match["prefix"]] if match else 0)
    if value.denominator != 1:
        raise _refused(text, "a whole number of bits per second")
    return int(value)


def show_operations(amount: Fraction | int | None, digits: int = 3) -> str:
    """Print an amount with `digits` significant digits: `3.80e25`; exact when that is shorter."""
    return _scientific(amount, digits)


def show_rate(amount: Fraction | int | None, digits: int = 3) -> str:
    """Print operations per second: `1.98e20/s`."""
    return "unknown" if amount is None else f"{_scientific(amount, digits)}/s"


def show_bits_per_second(bits: int | None) -> str:
    """Print a link rate with the largest prefix that keeps it readable: `400 Gbit/s`."""
    if bits is None:
        return "unknown"
    for prefix, power in (("T", 12), ("G", 9), ("M", 6), ("k", 3)):
        if bits >= 10**power and (power != 12 or bits % 10**12 == 0):
            return f"{_plain(Fraction(bits, 10**power))} {prefix}bit/s"
    return f"{bits} bit/s"


def show_interval(interval: Interval, digits: int = 3) -> str:
    """Print an interval: `3.80e25`, `1.0e25 (0.8e25 to 1.2e25)`, `at least 4.00e19`."""
    low = _scientific(interval.low, digits)
    if interval.is_exact:
        return low
    if interval.high is None:
        return f"at least {low}"
    span = f"{low} to {_scientific(interval.high, digits)}"
    return span if interval.best is None else f"{_scientific(interval.best, digits)} ({span})"


def _split(text: str | int, wanted: str) -> tuple[Fraction, str]:
    if isinstance(text, bool) or not isinstance(text, (str, int)):
        raise _refused(text, wanted)
    if isinstance(text, int):
        text = str(text) if abs(text) < 10**_LONGEST else "9" * (_LONGEST + 1)
    if len(text) > _LONGEST:
        raise _refused(f"{text[:20]}...", wanted)
    match = _TIMES.match(text) or _AMOUNT.match(text)
    if not match:
        raise _refused(text, wanted)
    digits = match["number"].replace("_", "").replace(",", "")
    amount = Fraction(digits) * Fraction(10) ** int(match["exponent"] or 0)
    if amount < 0:
        raise bad_input(
            "quantity.negative",
            f"{text!r} is negative.",
            mend=f"Give {wanted}, zero or more.",
        )
    return amount, match["unit"]


def _refused(text: object, wanted: str) -> BadInput:
    return bad_input("quantity.unreadable", f"{text!r} is not {wanted}.", mend=f"Write {wanted}.")


def _scientific(amount: Fraction | int | None, digits: int) -> str:
    if amount is None:
        return "unknown"
    value = Fraction(amount)
    if value == 0:
        return "0"
    exponent = _exponent_of_ten(value)
    mantissa = round(value * Fraction(10) ** (digits - 1 - exponent))
    if mantissa >= 10**digits:  # 9.996 rounds up to 10.0
        mantissa, exponent = mantissa // 10, exponent + 1
    shown = str(mantissa)
    fraction = f".{shown[1:]}" if digits > 1 else ""
    return f"{shown[0]}{fraction}e{exponent}"


def _exponent_of_ten(value: Fraction) -> int:
    exponent = len(str(value.numerator)) - len(str(value.denominator))
    return exponent if value >= Fraction(10) ** exponent else exponent - 1


def _plain(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.1f}".rstrip("0").rstrip(".")
