"""What the meter says about its sums: each with how often and what it does to the total."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from declarant.compute.meter.book import Book, Key
from declarant.compute.meter.ledger_file import MeteredSegment
from declarant.compute.meter.rules import CARRIED_INTERVALS, NO_RUN
from declarant.compute.meter.tally import Tally, operations
from declarant.problems import Finding, Severity
from declarant.quantities import show_operations

_HOUR = 3_600_000


def remarks(book: Book, segments: tuple[MeteredSegment, ...]) -> Iterator[Finding]:
    """Yield the findings about the sums."""
    total = _total(segments)
    yield from _duplicates(book, total)
    yield from _coverage(book, total)
    yield from _clocks(book, total)
    yield from _unknown(book, segments)
    yield from _borders(book, total)
    yield from _no_run(segments, total)
    if book.unseen:
        shown = ", ".join(sorted(book.unseen)[:5])
        more = f" and {len(book.unseen) - 5} more" if len(book.unseen) > 5 else ""
        yield Finding(
            "meter.host_unseen",
            f"{len(book.unseen)} hosts of jobs have no telemetry: {shown}{more}.",
            mend="Add their telemetry; with `gpus` in the table of jobs and --device their work "
            "has an upper bound.",
            effect="their work is bounded by what their devices can do, or by nothing",
        )


def _total(segments: tuple[MeteredSegment, ...]) -> Fraction:
    """Return the sum of best values, of lower bounds where there is none; to compare with."""
    amounts = (item.operations for item in segments)
    return sum((a.low if a.best is None else a.best for a in amounts), Fraction(0))


def _of(amount: Fraction | None, total: Fraction) -> str:
    if amount is None:
        return "without an upper bound"
    share = f" ({float(amount / total):.2g} of the total)" if total else ""
    return f"{show_operations(amount)} operations{share}"


def _summed(book: Book, name: str) -> tuple[int, Fraction | None]:
    """Return a sum of cycles over every tally, and the operations it is worth at most."""
    cycles, amount = 0, Fraction(0)
    unbounded = False
    for key, tally in book.tallies.items():
        held = getattr(tally, name)
        if held:
            worth = book.worth(key, held)
            cycles += held
            unbounded = unbounded or worth is None
            amount += worth or 0
    return cycles, None if unbounded else amount


def _count(book: Book, name: str) -> int:
    return sum(getattr(tally, name) for tally in book.tallies.values())


def _duplicates(book: Book, total: Fraction) -> Iterator[Finding]:
    count = _count(book, "duplicates")
    if not count:
        return
    cycles, amount = _summed(book, "cycles_differing")
    yield Finding(
        "meter.duplicates",
        f"{count:,} samples repeat the GPU and time of another; each time counts once"
        + (", the greatest where they differ." if cycles else "."),
        severity=Severity.WARNING if cycles else Severity.NOTE,
        effect=f"the lesser ones would take away {_of(amount, total)}" if cycles else "none",
    )


def _coverage(book: Book, total: Fraction) -> Iterator[Finding]:
    carried, missing = _count(book, "carried_ms"), _count(book, "missing_ms")
    whole = carried + missing + _count(book, "measured_ms")
    if not carried + missing:
        return
    width: Fraction | None = Fraction(0)
    for key, tally in book.tallies.items():
        open_ms = tally.carried_ms + tally.missing_ms
        only = Tally(missing_ms=open_ms, highest_clock=tally.highest_clock)
        high = operations(only, book.rates(_first(key), key[2], key[3])).high if open_ms else 0
        width = None if high is None or width is None else width + high
    yield Finding(
        "meter.coverage",
        f"samples cover {(whole - carried - missing) / whole:.2%} of {whole / _HOUR:,.6g} device "
        f"hours; {carried / _HOUR:,.4g} h are carried over (up to {CARRIED_INTERVALS} intervals), "
        f"{missing / _HOUR:,.4g} h are missing.",
        mend="Add the telemetry of the missing time.",
        severity=Severity.WARNING if (carried + missing) * 1000 > whole else Severity.NOTE,
        effect=f"the upper bound holds {_of(width, total)} for it, the lower none",
    )


def _clocks(book: Book, total: Fraction) -> Iterator[Finding]:
    above = _count(book, "above")
    if above:
        yield Finding(
            "meter.clock_above",
            f"{above:,} samples have a clock above the highest of their device, which counts.",
            effect=f"takes away {_of(_summed(book, 'cycles_above')[1], total)}",
        )
    without = _count(book, "without_clock")
    if without:
        us = _count(book, "active_us_without_clock")
        yield Finding(
            "meter.clock_missing",
            f"{without:,} samples have no clock.",
            mend="Export DCGM_FI_DEV_SM_CLOCK (field 100) as well.",
            effect=f"{us / 1e6 / 3600:,.4g} device hours of activity count nothing in the lower "
            "bound, the highest clock in the upper, and leave no best value",
        )


def _unknown(book: Book, segments: tuple[MeteredSegment, ...]) -> Iterator[Finding]:
    said: dict[tuple[str, str], Finding] = {}
    for key, tally in sorted(book.tallies.items(), key=lambda item: item[0]):
        if not tally.expected_ms:
            continue
        run = _first(key)
        for rate in book.rates(run, key[2], key[3]).all[:1]:
            if not rate.why:
                continue
            interval = operations(tally, book.rates(run, key[2], key[3]))
            unbounded = interval.high is None
            code = "meter.device_unknown" if not rate.devices else "meter.rate_open"
            ask = (
                'Name the device: --device "H100 SXM".'
                if not rate.devices and not key[2]
                else "Report the device to the catalogue."
                if not rate.devices
                else "Name the format: --number-format bf16."
                if "number format" in rate.why
                else "Give the clock at which the peak holds: --reference-clock MHZ."
                if unbounded
                else ""
            )
            said.setdefault(
                (code, rate.why),
                Finding(
                    code,
                    f"{rate.why}.",
                    mend=ask,
                    effect=_width(segments, rate.why),
                ),
            )
    yield from said.values()


def _width(segments: tuple[MeteredSegment, ...], why: str) -> str:
    held = [item.operations for item in segments if why in item.operations.reason]
    low = sum((item.low for item in held), Fraction(0))
    highs = [item.high for item in held if item.high is not None]
    if len(highs) < len(held):
        return "the total has no upper bound"
    return f"the work lies between {show_operations(low)} and {show_operations(sum(highs))}"


def _borders(book: Book, total: Fraction) -> Iterator[Finding]:
    cycles, amount = _summed(book, "cycles_at_border")
    if cycles:
        yield Finding(
            "meter.borders",
            "work within one scrape interval of the border of a job may be its neighbour's, where "
            "clocks of hosts and scheduler differ.",
            severity=Severity.NOTE,
            effect=f"moves at most {_of(amount, total)} for clocks within one interval",
        )


def _no_run(segments: tuple[MeteredSegment, ...], total: Fraction) -> Iterator[Finding]:
    held = [item.operations for item in segments if item.run == NO_RUN]
    if not held:
        return
    amount = sum((a.low if a.best is None else a.best for a in held), Fraction(0))
    yield Finding(
        "meter.no_run",
        "some work belongs to no run; it is a total of its own.",
        mend="Name its run with --jobs, --run-label or --run.",
        severity=Severity.WARNING if amount else Severity.NOTE,
        effect=f"{_of(amount, total)}, in the total of no run",
    )


def _first(key: Key) -> str:
    from declarant.compute.meter.periods import SHARED

    return key[0].split(SHARED)[0]
