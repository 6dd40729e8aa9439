"""One regime: all that a folder of law says, put together."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, field_validator

from declarant.law.activities import ActivitiesFile, Activity
from declarant.law.clock_rules import Clock, ClocksFile
from declarant.law.contents import (
    AuthorityFile,
    DefinitionsFile,
    PenaltiesFile,
    PurposesFile,
    TopicsFile,
)
from declarant.law.counting import CountingFile, CountingRule, Treatment
from declarant.law.dated import Holding
from declarant.law.holidays import HolidaysFile
from declarant.law.persons import PersonsFile
from declarant.law.readings import ReadingDimension, ReadingsFile, Subject
from declarant.law.status import StatusEvent, StatusFile
from declarant.law.text import Citation, Id, LawModel, Source, Text, Words
from declarant.problems import BadInput, bad_input


class Zone(LawModel):
    """The time zone whose local days a regime counts, and the place people name it by."""

    name: Words
    place: Text

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{name!r} is no time zone such as America/New_York") from None
        return name

    @property
    def info(self) -> ZoneInfo:
        """The zone's rules."""
        return ZoneInfo(self.name)


class AboutFile(LawModel):
    """`regime.yaml`: what the rule is called, who issued it, whose days it counts."""

    id: Id
    title: Text
    short_title: Text
    jurisdiction: Text
    agency: Text
    summary: Text
    citation: Citation
    zone: Zone


class SourcesFile(LawModel):
    """`sources.yaml`: the documents that citations name."""

    sources: tuple[Source, ...] = ()


class Regime(
    AboutFile,
    SourcesFile,
    StatusFile,
    PersonsFile,
    ActivitiesFile,
    ReadingsFile,
    ClocksFile,
    HolidaysFile,
    CountingFile,
    TopicsFile,
    DefinitionsFile,
    PenaltiesFile,
    PurposesFile,
    AuthorityFile,
):
    """A regime as its folder states it, with the law of every day in it.

    `on(day)` gives the part that holds on one day; dated values are asked with `..._on(day)`.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    def status_on(self, day: date) -> StatusEvent:
        """Return the latest event of the rule's history that is not after `day`.

        Raises:
            BadInput: when the history begins later.
        """
        past = [event for event in self.status if event.day <= day]
        if not past:
            raise bad_input(
                "law.before_history",
                f"the history of {self.id} at hand begins after {day}.",
                mend=f"Give a day from {self.status[0].day} on.",
            )
        return past[-1]

    def in_force_on(self, day: date) -> bool:
        """Return whether the rule binds anybody on `day`; False before its history begins."""
        return self.status[0].day <= day and self.status_on(day).in_force

    def on(self, day: date) -> Self:
        """Return the regime with only what holds on `day`: grounds, rules, readings, texts.

        The history and the series inside each item stay whole.
        """
        kept = {
            name: tuple(
                item for item in value if not isinstance(item, Holding) or item.holds_on(day)
            )
            for name, value in self
            if isinstance(value, tuple)
        }
        return self.model_copy(update=kept)

    @property
    def recomputation(self) -> Treatment:
        """Whether operations done again to save memory count."""
        return self.recomputation_rule.treatment

    @property
    def stages_add_up(self) -> Treatment:
        """Whether the stages of one model are summed into one run."""
        return self.stages_rule.treatment

    def activity(self, activity_id: str) -> Activity:
        """Return the activity of that id; BadInput with the known ones when there is none."""
        for activity in self.activities:
            if activity.id == activity_id:
                return activity
        raise unknown("activity", activity_id, (activity.id for activity in self.activities))

    def reading(self, dimension_id: str) -> ReadingDimension:
        """Return the reading of that id; BadInput with the known ones when there is none."""
        for dimension in self.readings:
            if dimension.id == dimension_id:
                return dimension
        raise unknown("reading", dimension_id, (dimension.id for dimension in self.readings))

    def readings_of(self, subject: Subject) -> tuple[ReadingDimension, ...]:
        """Return the readings that apply to training runs, clusters or clocks."""
        return tuple(item for item in self.readings if item.applies_to == subject)

    def clock(self, duty: str) -> Clock:
        """Return the clock of a duty; BadInput with the known duties when there is none."""
        for clock in self.clocks:
            if clock.id == duty:
                return clock
        raise unknown("duty", duty, (clock.id for clock in self.clocks))

    def counting_rule(self, purpose: str, day: date) -> CountingRule:
        """Return how operations of `purpose` are treated under the law of `day`.

        Raises:
            BadInput: when the purpose is unknown or the law at hand says nothing for that day.
        """
        rules = [rule for rule in self.counting if rule.purpose == purpose and rule.holds_on(day)]
        if rules:
            return rules[0]
        raise unknown(
            "purpose", purpose, dict.fromkeys(r.purpose for r in self.counting if r.holds_on(day))
        )


def unknown(kind: str, given: str, known: Iterable[str]) -> BadInput:
    """Return the report on a word that is none of the known ones, with the nearest of them."""
    names = list(known)
    near = difflib.get_close_matches(given, names, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    return bad_input(
        f"law.unknown_{kind.replace(' ', '_')}",
        f"there is no {kind} {given!r}.",
        mend=f"{hint}Known: {', '.join(names) or 'none'}.",
    )
