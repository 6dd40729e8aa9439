"""An accelerator and its dense peak rates, each with its source and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from declarant.quantities import FormatClass, Interval, NumberFormat


class Confidence(StrEnum):
    """What a rate rests on."""

    DATASHEET = "datasheet"  # the maker's own page or paper
    SECONDARY = "secondary"  # somebody else's report
    CONFLICTING = "conflicting"  # sources differ; the rate is given as low and high


class Role(StrEnum):
    """What a device was made for; readings of the law may tell them apart."""

    TRAINING = "training"
    INFERENCE = "inference"
    GRAPHICS = "graphics"
    CPU = "cpu"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rate stands; `url` is None when no page can be named."""

    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Peak:
    """A dense rate in one number format, operations per second; low < high where sources differ.

    A low of 0 says that the device offers the format and its rate is unknown; `high` is then a
    bound that no source exceeds, or None when there is none. A format that is not offered has no
    `Peak` at all.
    """

    low: int
    high: int | None
    confidence: Confidence
    source: Source
    note: str = ""

    @property
    def rate_is_known(self) -> bool:
        """Whether some source gives a rate that is used here."""
        return self.low > 0

    @property
    def interval(self) -> Interval:
        """The rate as an interval; its best value is unknown where sources differ."""
        if self.low == self.high:
            return Interval.exactly(self.low)
        said = "sources differ" if self.rate_is_known else "the rate is unknown"
        return Interval.between(self.low, self.high, reason=f"{said}: {self.source.title}")


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of a device's matrix units, MHz.

    Attributes:
        reference: at which its dense peaks hold, lowest and highest where sources leave it open.
        of_format: the same for formats whose peak the maker gives at another clock.
        most: that no unit of this device exceeds.
        source: where they stand.
        note: what is easily mistaken about them.
    """

    reference: tuple[int, int]
    of_format: Mapping[NumberFormat, tuple[int, int]]
    most: int
    source: Source
    note: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """An accelerator of the catalogue.

    Attributes:
        id: stable name in data and JSON.
        name: for people.
        peaks: dense rates without sparsity; a format that is not a key is not offered.
        note: what is easily mistaken about it.
        clocks: at which the peaks hold, and the highest; None where no source tells.
    """

    id: str
    name: str
    maker: str
    role: Role
    peaks: Mapping[NumberFormat, Peak]
    note: str = ""
    clocks: Clocks | None = None

    def reference_clock(self, number_format: NumberFormat) -> Interval | None:
        """Return the clock in MHz at which the peak of a format holds; None when not known."""
        if self.clocks is None:
            return None
        low, high = self.clocks.of_format.get(number_format, self.clocks.reference)
        if low == high:
            return Interval.exactly(low)
        return Interval.between(low, high, reason=f"reference clock of {self.name} left open")

    def peak(self, formats: FormatClass) -> Interval | None:
        """Return the highest dense rate over a class of formats; None when it offers none of them.

        The highest of several rates lies between the highest lower bound and the highest upper
        bound. So a format whose rate is unknown widens its class only as far as it might be the
        fastest: not at all when its bound is another format's rate, without end when it has none.
        """
        offered = [self.peaks[item].interval for item in formats.formats if item in self.peaks]
        if not offered:
            return None
        low = max(item.low for item in offered)
        known = [item.high for item in offered if item.high is not None]
        high = max(known) if len(known) == len(offered) else None
        if low == high:
            return Interval.exactly(low)
        reason = next(item.reason for item in offered if item.high == high)
        return Interval.between(low, high, reason=f"{self.name}, {reason}")
