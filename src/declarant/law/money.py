"""Sums of money in the law: whole units of a currency, never a binary fraction."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from declarant.law.dated import Holding
from declarant.law.text import Citation, LawModel
from declarant.problems import BadInput
from declarant.quantities import parse_number

Currency = Literal["USD", "EUR"]


def _whole_amount(given: object) -> object:
    if isinstance(given, bool) or not isinstance(given, (str, int)):
        raise ValueError("an amount of money is a whole number")
    try:
        amount = parse_number(given)
    except BadInput as error:
        raise ValueError(str(error)) from None
    if amount.denominator != 1:
        raise ValueError("an amount of money is a whole number")
    return int(amount)


WholeAmount = Annotated[int, BeforeValidator(_whole_amount)]


class Money(LawModel):
    """A whole amount in a currency."""

    amount: WholeAmount = Field(ge=0)
    currency: Currency

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:,}"


class MoneyLimit(Holding):
    """An amount that must be exceeded, and the days this limit holds."""

    value: WholeAmount = Field(alias="more_than", ge=0)
    currency: Currency
    citation: Citation

    @property
    def comparison(self) -> Literal["greater than"]:
        """How an amount is compared with the limit: strictly."""
        return "greater than"

    def __str__(self) -> str:
        return f"{self.currency} {self.value:,}"
