"""Readings of the law as a notification tells them: the one taken, and every other beside it.

The cautious default is taken unless a person chose another with a written reason. A choice changes
what the document says of an activity, never whether the activity is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from declarant.determination.citing import cite
from declarant.determination.verdict import ActivityVerdict, ReadingVerdict
from declarant.filing.activities import ChosenReading, Reading
from declarant.filing.parts import Amount, Confirmation
from declarant.filing.preparation import Preparation, ReadingChoice
from declarant.law import Regime
from declarant.problems import BadInput, bad_input

_MOST_NAMED = 3  # options spelled out in the title of a reading
_DEFAULT_TITLE = "The cautious default of every question"
_FIELD = "--choose"


@dataclass(frozen=True, slots=True)
class Taken:
    """The reading that an activity's verdict takes; `because` says why, unless it is the default.

    `options` holds the option of each question that it differs in from the default.
    """

    reading: ReadingVerdict
    title: str
    options: dict[str, str]
    because: Confirmation | None


def readings_taken(
    activities: Iterable[ActivityVerdict], law: Regime, preparation: Preparation
) -> list[tuple[ActivityVerdict, Taken]]:
    """Return each activity with the reading taken for it.

    Raises:
        BadInput: when a choice gives no reason or no name, is later than the document, or names no
            activity, no reading of it, or the default.
    """
    held = list(activities)
    for name, choice in preparation.chosen.items():
        _refuse_unsaid(name, choice, preparation)
        fitting = [item for item in held if item.id == name]
        if not fitting:
            known = ", ".join(item.id for item in held) or "none"
            raise _refused("unknown", f"there is no activity {name!r}.", f"Known: {known}.")
        if not any(_find(item, choice.reading, law) for item in fitting):
            known = ", ".join(reading.id for item in fitting for reading in item.readings[1:])
            what = f"{name} has no reading {choice.reading!r}."
            raise _refused("unknown", what, f"Known: {known}.")
    return [(item, _taken(item, law, preparation)) for item in held]


def chosen_readings(item: ActivityVerdict, taken: Taken, law: Regime) -> Iterator[ChosenReading]:
    """Yield the option taken for each question that the law leaves open."""
    for dimension in law.readings:
        if dimension.applies_to != item.kind:
            continue
        wanted = taken.options.get(dimension.id, dimension.default.id)
        option = next(each for each in dimension.options if each.id == wanted)
        yield ChosenReading(
            dimension=dimension.id,
            question=dimension.question.en,
            option=option.id,
            title=option.title.en,
            citation=cite(option.citation),
            because=taken.because if dimension.id in taken.options else None,
        )


def other_readings(item: ActivityVerdict, taken: Taken, law: Regime) -> Iterator[Reading]:
    """Yield every reading but the one taken; the default first, where it is not taken."""
    default = item.readings[0]
    for reading in item.readings:
        if reading.id == taken.reading.id:
            continue
        detail = dict(reading.detail)
        yield Reading(
            id=reading.id,
            title=_title(reading, law),
            choices=dict(reading.choices),
            verdict=reading.verdict.value,
            amount=Amount.of(reading.amount),
            comparison=reading.comparison,
            flips=reading.verdict is not taken.reading.verdict,
            default=reading is default,
            machines=detail.get("machines"),
            devices=detail.get("devices"),
        )


def _taken(item: ActivityVerdict, law: Regime, preparation: Preparation) -> Taken:
    choice = preparation.chosen.get(item.id)
    found = _find(item, choice.reading, law) if choice else None
    if choice is None or found is None:
        return Taken(item.readings[0], _DEFAULT_TITLE, {}, None)
    if found is item.readings[0]:
        what = f"{choice.reading!r} is the cautious default of {item.id}: it is taken anyway."
        raise _refused("default", what, "Leave the choice out.")
    try:
        because = Confirmation(reason=choice.reason.strip(), by=choice.by.strip(), on=choice.on)
    except ValidationError:
        raise _refused(
            "unsaid",
            f"the reason for the reading of {item.id} cannot stand in a document.",
            "Write plain text of up to 20,000 characters, without tabs.",
        ) from None
    return Taken(found, _title(found, law), _differing(found, law), because)


def _find(item: ActivityVerdict, name: str, law: Regime) -> ReadingVerdict | None:
    """Return a reading by its id, or by the one option in which it differs: `link=single`."""
    dimension, _, option = name.partition("=")
    for reading in item.readings:
        if reading.id == name or (option and _differing(reading, law) == {dimension: option}):
            return reading
    return None


def _differing(reading: ReadingVerdict, law: Regime) -> dict[str, str]:
    """Return the options that are not the default of their question.

    A variation of one more question carries it in its id: `.../rails=separate`.
    """
    variation = [part.partition("=")[::2] for part in reading.id.split("/") if "=" in part]
    defaults = {dimension.id: dimension.default.id for dimension in law.readings}
    options = dict((*reading.choices, *variation))
    return {name: option for name, option in options.items() if defaults.get(name) != option}


def _title(reading: ReadingVerdict, law: Regime) -> str:
    """Return the options in which a reading differs from the default, in the law's words."""
    titles = {
        (dimension.id, option.id): option.title.en
        for dimension in law.readings
        for option in dimension.options
    }
    other = {
        name.replace("_", " "): titles.get((name, option), option.replace("_", " "))
        for name, option in _differing(reading, law).items()
    }
    if len(other) > _MOST_NAMED:
        return f"The other reading of every question at once: {', '.join(other)}"
    return "; ".join(f"{name}: {title}" for name, title in other.items()) or _DEFAULT_TITLE


def _refuse_unsaid(name: str, choice: ReadingChoice, preparation: Preparation) -> None:
    if not choice.reason.strip() or not choice.by.strip():
        raise _refused(
            "unsaid",
            f"the reading chosen for {name} has no reason, or nobody who gives it.",
            "Write why this reading is the right one (--because), and who says so.",
        )
    if choice.on > preparation.prepared_on:
        raise _refused(
            "later",
            f"the reading for {name} was chosen on {choice.on}, after this document is prepared.",
            f"Prepare it on {choice.on} or later.",
        )


def _refused(code: str, what: str, mend: str) -> BadInput:
    return bad_input(f"file.choice_{code}", what, mend=mend, field=_FIELD)
