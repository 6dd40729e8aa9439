"""Fields as a register writes them: days, amounts, rates, zones, ids and files."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from declarant.problems import BadInput
from declarant.quantities import (
    WRITTEN,
    parse_bits_per_second,
    parse_number,
    parse_operations,
)


def _reading(parse: Any) -> BeforeValidator:
    def read(value: Any) -> Any:
        if isinstance(value, Fraction):
            return value
        try:
            return parse(value)
        except BadInput as error:
            finding = error.findings[0]
            raise ValueError(f"{finding.what} {finding.mend}") from None

    return BeforeValidator(read)


def _share_of_peak(value: Any) -> Fraction:
    ratio = parse_number(value)
    if not 0 < ratio <= 1:
        raise ValueError("a utilisation lies above 0 and at most at 1")
    return ratio


def _written_day(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and len(value) == len("2026-12-15")):
        return value
    raise ValueError("a day is written like 2026-12-15")  # a number is never a day


Day = Annotated[date, BeforeValidator(_written_day)]
_AMOUNT_SCHEMA = WithJsonSchema({"type": ["string", "integer"], "examples": ["15.6e12"]})
Amount = Annotated[Any, _reading(parse_number), _AMOUNT_SCHEMA]
Operations = Annotated[Any, _reading(parse_operations), _AMOUNT_SCHEMA]


def _link_rate(value: Any) -> int:
    rate = parse_bits_per_second(value)
    if not 0 < rate < 10**18:
        raise ValueError("a link rate lies above 0 and below 1,000,000 Tbit/s")
    return rate


Rate = Annotated[
    Any,
    _reading(_link_rate),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["400 Gbit/s"]}),
]
Ratio = Annotated[Any, _reading(_share_of_peak), WithJsonSchema({"type": "string"})]


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"there is no time zone {str(value)[:40]!r}, such as America/New_York"
        ) from None


Zone = Annotated[str, BeforeValidator(_zone)]


def _number_format(value: Any) -> str:
    name = str(value).lower()
    if name not in WRITTEN and name != PLAIN_FP32:
        known = ", ".join((*WRITTEN, PLAIN_FP32))
        raise ValueError(f"there is no number format {str(value)[:40]!r}; known: {known}")
    return name


PLAIN_FP32 = "fp32"
"""A format of training without a dense matrix rate: no maker's catalogue has one."""
Format = Annotated[str, BeforeValidator(_number_format)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
File = Annotated[str, Field(min_length=1, description="path inside the register's folder")]


class Part(BaseModel):
    """Whatever a register holds: nothing in it changes, and no key is unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(Part):
    """Something that begins and ends."""

    start: Day | None = None
    end: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError(f"ends on {self.end}, before it starts on {self.start}")
        return self
