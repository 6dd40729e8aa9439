"""Words of the law for people, in two languages, and where each statement can be read."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from declarant.problems import bad_input

Language = Literal["en", "zh-Hant"]
LANGUAGES: tuple[str, ...] = get_args(Language)

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


def _written_day(given: object) -> object:
    if isinstance(given, date):
        return given
    if not isinstance(given, str) or len(given) != len("2024-09-11"):
        raise ValueError("a day is written like 2024-09-11")  # never a number of seconds
    return given


Day = Annotated[date, BeforeValidator(_written_day)]


def at_least(count: int) -> AfterValidator:
    """Return a check of a tuple's length that speaks only when every item is in order.

    pydantic's own `min_length` also counts the items it has just refused.
    """

    def check(items: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(items) < count:
            raise ValueError(f"needs at least {count}")
        return items

    return AfterValidator(check)


class LawModel(BaseModel):
    """What every part of a regime is: immutable, and closed to keys nobody defined."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(LawModel):
    """One statement for people, in English and in Traditional Chinese (Taiwan usage)."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    en: Words
    zh_hant: Words = Field(alias="zh-Hant")

    def in_language(self, language: str) -> str:
        """Return the statement in `language`, one of `LANGUAGES`.

        Raises:
            BadInput: when the language is another one.
        """
        if language == "en":
            return self.en
        if language == "zh-Hant":
            return self.zh_hant
        raise bad_input(
            "law.unknown_language",
            f"there is no text in {language!r}.",
            mend=f"Known: {', '.join(LANGUAGES)}.",
        )


class Citation(LawModel):
    """Where a statement stands. `check` marks what was not read in the official text itself.

    Whoever shows a citation with `check` says "check against the published text" with it.
    """

    text: Words
    url: Words | None = None
    check: bool = False


class Source(LawModel):
    """A document that citations of a regime name by `id`."""

    id: Id
    title: Words
    short: Words
    url: Words | None = None
