"""What the files of a regime must agree on among themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from declarant.law.counting import PURPOSES, TreatmentRule
from declarant.law.dated import Entry, Holding
from declarant.law.regime import Regime
from declarant.problems import Finding, Place, Severity
from declarant.yaml_source import YamlDocument

ROLLS = ("no_roll", "next_business_day")
"""The answers to the reading `roll` that clocks know how to follow."""

_LISTS = {
    "persons": "persons.yaml",
    "activities": "activities.yaml",
    "readings": "readings.yaml",
    "clocks": "clocks.yaml",
    "holidays": "holidays.yaml",
    "topics": "topics.yaml",
    "definitions": "definitions.yaml",
    "penalties": "penalties.yaml",
    "purposes": "purposes.yaml",
    "authority": "authority.yaml",
    "confidentiality": "authority.yaml",
    "background": "authority.yaml",
}


def inconsistencies(
    regime: Regime, folder: str, documents: Mapping[str, YamlDocument]
) -> list[Finding]:
    """Return what the files disagree on, each with its file and line."""
    found: list[Finding] = []
    for file, path, what, mend in (
        *_names(regime, folder),
        *_counting(regime),
        *_clocks(regime),
    ):
        place = documents[file].place(*path) if file in documents else Place(file)
        found.append(Finding("law.inconsistent", what, place, mend, Severity.ERROR))
    return found


_Remark = tuple[str, tuple[str | int, ...], str, str]


def _names(regime: Regime, folder: str) -> Iterator[_Remark]:
    if regime.id != folder:
        mend = "Give both the same name."
        yield "regime.yaml", ("id",), f"the folder is called {folder!r}, not {regime.id!r}.", mend
    for field, file in _LISTS.items():
        items: tuple[Entry, ...] = getattr(regime, field)
        for index, item in enumerate(items):
            if any(item.id == other.id and item.overlaps(other) for other in items[:index]):
                what = f"two of the {field} are called {item.id!r} on the same day."
                yield file, (field, index, "id"), what, "Rename one, or date them apart."


def _counting(regime: Regime) -> Iterator[_Remark]:
    file = "counting.yaml"
    for purpose in PURPOSES:
        if not any(rule.purpose == purpose for rule in regime.counting):
            what = f"the purpose {purpose!r} has no treatment."
            yield file, ("counting",), what, "Say in, out or open."
    for index, rule in enumerate(regime.counting):
        if any(
            rule.purpose == other.purpose and rule.overlaps(other)
            for other in regime.counting[:index]
        ):
            what = f"the purpose {rule.purpose!r} is treated twice on the same day."
            yield file, ("counting", index, "purpose"), what, "Keep one, or date them apart."
        yield from _open_answered(regime, rule, ("counting", index))
    yield from _open_answered(regime, regime.recomputation_rule, ("recomputation",))
    yield from _open_answered(regime, regime.stages_rule, ("stages_add_up",))


def _open_answered(
    regime: Regime, rule: TreatmentRule, path: tuple[str | int, ...]
) -> Iterator[_Remark]:
    of_runs = [dimension.id for dimension in regime.readings_of("training_run")]
    if rule.reading is not None and rule.reading not in of_runs:
        what = f"no reading of training runs is called {rule.reading!r}."
        yield "counting.yaml", (*path, "reading"), what, f"Known: {', '.join(of_runs) or 'none'}."


def _clocks(regime: Regime) -> Iterator[_Remark]:
    persons = {ground.id for ground in regime.persons}
    by_id = {clock.id: clock for clock in regime.clocks}
    quarterly: list[Holding] = [clock for clock in regime.clocks if clock.quarterly]
    for index, clock in enumerate(regime.clocks):
        path = ("clocks", index)
        for person in clock.applies_to:
            if person not in persons:
                what = f"no person is called {person!r}."
                known = f"Known: {', '.join(sorted(persons)) or 'none'}."
                yield "clocks.yaml", (*path, "applies_to"), what, known
        activities = dict.fromkeys(activity.id for activity in regime.activities)
        for activity in clock.about:
            if activity not in activities:
                what = f"no activity is called {activity!r}."
                yield "clocks.yaml", (*path, "about"), what, f"Known: {', '.join(activities)}."
        if clock.within is not None and not (clock.within in by_id and by_id[clock.within].period):
            what = f"no clock with a period is called {clock.within!r}."
            yield "clocks.yaml", (*path, "within"), what, "Name one that has a period."
        if clock.affirmations and not quarterly:
            what = "affirmations are due on quarterly dates, and no clock has them."
            yield "clocks.yaml", (*path, "affirmations"), what, "Add a clock with 'quarterly'."
    if len(quarterly) > 1:
        yield "clocks.yaml", ("clocks",), "two clocks are quarterly.", "Keep one."
    for index, dimension in enumerate(regime.readings):
        if dimension.applies_to != "clock":
            continue
        if dimension.id != "roll" or any(o.id not in ROLLS for o in dimension.options):
            what = f"the only reading of clocks is 'roll', with {' and '.join(ROLLS)}."
            yield "readings.yaml", ("readings", index), what, "Use these names."
