"""In what unit a reading is written, by stated rules; what they leave open is asked.

- Activity: as its maker documents the field (DCGM a ratio of 0 to 1, W&B a percentage), unless the
  greatest value says otherwise: above 5 it is no ratio, so that a DCGM field was exported in
  percent. Where the greatest value of a ratio, or of a column that nobody documents, lies from 1.05
  to 5, a counter may have glitched or the device have been idle in percent. That is a question, as
  is a percentage or an undocumented column that never exceeds 1: the two differ by a factor of a
  hundred. One column has one unit in all sources: percent, when any of them says so.
- Clock: each sample for itself, since the ranges do not meet: up to 10,000 is MHz, from 10^8 to
  10^10 is Hz. Anything else is no clock.
- Time: a number is seconds, milliseconds, microseconds or nanoseconds since 1970, whichever puts
  it between 2000 and 2100.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from declarant.compute.meter.fields import Field, Unit
from declarant.problems import BadInput, Finding, Place, Severity, bad_input

MOST_MHZ = 10_000
LEAST_HZ, MOST_HZ = 10**8, 10**10
BLANK = 1 << 40
"""From here on a value is one of DCGM's blanks (2^47 for floating point): no reading."""
SLACK = 1.05
"""Of a ratio: counters that multiplex may report a little more than all cycles."""
DOUBTFUL = 5
"""Up to here a value above a whole ratio may be a glitch of a ratio, or a percentage."""
_YEAR_2000, _YEAR_2100 = 946_684_800, 4_102_444_800
_UNITS_OF_TIME = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


@dataclass(frozen=True, slots=True)
class Decided:
    """The unit of one column of one file, and what there is to say about it."""

    unit: Unit
    findings: tuple[Finding, ...] = ()


def activity_unit(
    column: str, held: Field, greatest: float | None, shown: str, given: Mapping[str, Unit]
) -> Decided:
    """Return the unit of an activity.

    Args:
        column: its name.
        held: what it is.
        greatest: value in the file, blanks left out; None when it has no values.
        shown: the file's path for messages.
        given: units that people gave, by column name or "activity" for all.

    Raises:
        BadInput: when the rules leave it open.
    """
    stated = given.get(column, given.get("activity"))
    most = greatest or 0.0
    if stated is not None:
        limit = DOUBTFUL if stated is Unit.RATIO else 100 * SLACK
        if most > limit:
            raise _question(
                shown, column, f"reaches {most:g}, which is more than a whole {stated.value} can be"
            )
        if stated is Unit.RATIO and most > SLACK:
            return Decided(stated, (_glitch(shown, column, most),))
        return Decided(stated)
    if most > 100 * SLACK:
        raise _question(shown, column, f"reaches {most:g}, which is no share of cycles")
    if held.unit is Unit.RATIO and most <= SLACK:
        return Decided(Unit.RATIO)
    if SLACK < most <= DOUBTFUL and held.unit is not Unit.PERCENT:
        what = f"reaches {most:g}: a ratio whose counter glitched, or the percentage of an idle GPU"
        raise _question(shown, column, what)
    if most > SLACK:
        if held.unit is Unit.RATIO:
            return Decided(Unit.PERCENT, (_percent(shown, column, most),))
        return Decided(Unit.PERCENT)
    if most == 0:
        return Decided(held.unit or Unit.RATIO)
    raise _question(
        shown, column, f"never exceeds {most:g}: a ratio, or the percentage of an idle device"
    )


def unit_of_time(least: float, greatest: float, shown: str, column: str) -> str:
    """Return "s", "ms", "us" or "ns" for numbers between these bounds.

    Raises:
        BadInput: when none puts all of them between the years 2000 and 2100.
    """
    for unit, scale in _UNITS_OF_TIME.items():
        if _YEAR_2000 * scale <= least and greatest < _YEAR_2100 * scale:
            return unit
    raise bad_input(
        "meter.time",
        f"times from {least:g} to {greatest:g} are not in one unit between 2000 and 2100.",
        mend="Write seconds or milliseconds since 1970, or dates with their zone.",
        file=shown,
        field=column,
    )


def _percent(shown: str, column: str, most: float) -> Finding:
    return Finding(
        "meter.percent",
        f"is documented as a ratio and reaches {most:g}: it was exported in percent.",
        Place(shown, field=column),
        severity=Severity.NOTE,
        effect="divided by 100; taken as a ratio it would add 9,900 %",
    )


def _glitch(shown: str, column: str, most: float) -> Finding:
    return Finding(
        "meter.above_one",
        f"reaches {most:g}, which is more than a whole ratio.",
        Place(shown, field=column),
        "Look at the exporter when there are many such values.",
        Severity.WARNING,
        f"values above {SLACK:g} are no samples; their time is missing coverage",
    )


def in_one_unit(column: str, shown: str, other: str) -> Finding:
    """Return what is said of a column that is in percent because another source says so."""
    return Finding(
        "meter.one_unit",
        f"could be a ratio here and is in percent in {other}; it is taken as percent in both.",
        Place(shown, field=column),
        f"If it is a ratio here, meter this file alone with --unit {column}=ratio.",
        Severity.WARNING,
        "divided by 100; as a ratio the work of this file would be 100 times as much",
    )


def _question(shown: str, column: str, what: str) -> BadInput:
    return bad_input(
        "meter.unit",
        f"{what}.",
        mend=f"Say which: --unit {column}=ratio or --unit {column}=percent.",
        file=shown,
        field=column,
    )
