"""What a rule is about: the activities it names and the limits that must be exceeded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_serializer

from declarant.law.dated import DatedNumber, Entry, Holding, Series, value_on
from declarant.law.money import MoneyLimit
from declarant.law.text import Citation, LawModel, at_least
from declarant.problems import BadInput, bad_input
from declarant.quantities import parse_bits_per_second, parse_operations, parse_rate

LimitKind = Literal["operations", "operations_per_second", "link_bits_per_second"]


def _whole(read: Callable[[str | int], Fraction | int]) -> BeforeValidator:
    def parse(given: object) -> int:
        if isinstance(given, bool) or not isinstance(given, (str, int)):
            raise ValueError("a limit is written like 1e26")
        try:
            value = read(given)
        except BadInput as error:
            raise ValueError(str(error)) from None
        if value != int(value):
            raise ValueError("a limit is a whole number")
        return int(value)

    return BeforeValidator(parse)


class Limit(Holding):
    """An amount that must be exceeded (`value`, key `more_than`), and the days it holds."""

    value: int = Field(alias="more_than", ge=0)
    citation: Citation

    @field_serializer("value", when_used="json")
    def _as_digits(self, value: int) -> str:
        return str(value)  # many readers of JSON keep 53 bits of a number only

    @property
    def comparison(self) -> Literal["greater than"]:
        """How an amount is compared with the limit: strictly."""
        return "greater than"


class OperationsLimit(Limit):
    """In operations, written `1e26`."""

    value: Annotated[int, _whole(parse_operations)] = Field(alias="more_than", ge=0)


class RateLimit(Limit):
    """In operations per second, written `1e20`."""

    value: Annotated[int, _whole(parse_rate)] = Field(alias="more_than", ge=0)


class LinkLimit(Limit):
    """In bits per second, written `300 Gbit/s`."""

    value: Annotated[int, _whole(parse_bits_per_second)] = Field(alias="more_than", ge=0)


def _fraction(given: object) -> Fraction:
    try:
        return Fraction(str(given))
    except (ValueError, ZeroDivisionError):
        raise ValueError("a share is written like 1/3") from None


class Share(Holding):
    """A share of another amount that must be exceeded, written `1/3`."""

    value: Annotated[Fraction, BeforeValidator(_fraction)] = Field(alias="more_than", ge=0)
    citation: Citation


class Limits(LawModel):
    """The limits of one activity, by what they measure; each a series over time."""

    operations: Series[OperationsLimit] = ()
    operations_per_second: Series[RateLimit] = ()
    link_bits_per_second: Series[LinkLimit] = ()
    share_of_original_operations: Series[Share] = ()
    compute_cost: Series[MoneyLimit] = ()


class Activity(Entry):
    """An activity that a rule names.

    Attributes:
        kind: a training run, a computing cluster, or the modification of another's model.
        effect: whether exceeding the limits decides, founds a presumption, or only indicates.
        limits: all of an activity's limits must be exceeded; where the regime has a reading
            `compute_cost`, that one only under its option `required`.
        look_ahead: months within which a planned activity counts already.
        particulars: what the law asks to be told about such an activity.
    """

    kind: Literal["training_run", "cluster", "modification"]
    effect: Literal["decides", "presumes", "indicates"] = "decides"
    limits: Limits
    look_ahead: Series[DatedNumber] = Field(default=(), alias="look_ahead_months")
    particulars: tuple[Entry, ...] = ()

    def limit_on(self, kind: LimitKind, day: date) -> Limit:
        """Return the limit that holds on `day`.

        Raises:
            BadInput: when the activity has no such limit, or none that day.
        """
        series: tuple[Limit, ...] = getattr(self.limits, kind, ())
        if not series:
            known = [name for name in Limits.model_fields if getattr(self.limits, name)]
            raise bad_input(
                "law.no_such_limit",
                f"the activity {self.id!r} has no limit on {kind!r}.",
                mend=f"It has: {', '.join(known) or 'none'}.",
            )
        return value_on(series, day, f"limit on {kind} ({self.id})")

    def share_on(self, day: date) -> Share | None:
        """Return the share of the original's operations to exceed on `day`; None without one."""
        series = self.limits.share_of_original_operations
        return value_on(series, day, f"share ({self.id})") if series else None

    def compute_cost_on(self, day: date) -> MoneyLimit | None:
        """Return the cost of compute to exceed on `day`; None when cost does not matter."""
        series = self.limits.compute_cost
        return value_on(series, day, f"limit on compute cost ({self.id})") if series else None

    def look_ahead_on(self, day: date) -> int:
        """Return the months of look-ahead under the law of `day`; 0 when there is none."""
        if not self.look_ahead:
            return 0
        return value_on(self.look_ahead, day, f"look-ahead ({self.id})").value

    @property
    def look_ahead_months(self) -> int:
        """The months of look-ahead as last laid down; 0 when there is none."""
        return self.look_ahead[-1].value if self.look_ahead else 0


class ActivitiesFile(LawModel):
    """`activities.yaml`."""

    activities: Annotated[tuple[Activity, ...], at_least(1)]
