"""Steps that were done and are not in the ledger: after a kill, between sections, in broken parts.

They widen the total and never vanish. What is sure comes from the trainer's own step numbers: if a
section ends at step 100 and the next begins at 104, steps 101 to 103 were done and are in the
model. The rest is bounded by time and pace, and was rolled back where the next section's first
step shows that no checkpoint held it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from declarant.compute.tracker.loss import most_steps
from declarant.compute.tracker.reading.amounts import NOTHING, Amounts, amounts, any_of
from declarant.compute.tracker.reading.section import Section
from declarant.compute.tracker.step_count import StepCount
from declarant.quantities import Interval

UNBOUNDED = "steps may be missing whose number nothing bounds"


@dataclass(frozen=True, slots=True)
class Known:
    """What the whole ledger tells of steps, for sections that tell nothing themselves."""

    steps_per_second: float | None
    step: StepCount | None


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """Steps that a section's end or its broken parts leave open.

    Attributes:
        section: whose.
        why: "killed", "open" (no end and no successor), "between" or "broken".
        kept: of them, those that are in the model.
        lost: those that were rolled back.
        seconds: in which they were done, None unknown.
        sure: steps that the trainer's own numbers show, None where they tell nothing.
    """

    section: Section
    why: str
    kept: Amounts
    lost: Amounts
    seconds: float | None = None
    sure: int | None = None


def after(section: Section, following: Section | None, known: Known) -> Unrecorded | None:
    """Return what may be missing between the end of a section and the next of its rank."""
    between = _between(section, following)
    if section.ended == "closed":
        if not between:
            return None
        steps = Interval.between(0, between * _calls(section), between * _calls(section), _RAN)
        return Unrecorded(
            section, "between", _amounts(steps, section, known), NOTHING, None, between
        )
    seconds, high = _window(section, following, known)
    why = "open" if following is None else "killed"
    if between is None or following is None:
        steps = _up_to(high, f"the last {_shown(seconds)} of a process were not written")
        return Unrecorded(section, why, _amounts(steps, section, known), NOTHING, seconds, between)
    sure = between * _calls(section)
    if high is not None and sure > high:  # more than a kill explains
        kept = Interval.between(0, sure, sure, _RAN)
        return Unrecorded(section, why, _amounts(kept, section, known), NOTHING, seconds, between)
    rest = _up_to(None if high is None else high - sure, _ROLLED_BACK)
    return Unrecorded(
        section,
        why,
        _amounts(Interval.exactly(sure), section, known),
        _amounts(rest, section, known),
        seconds,
        between,
    )


def within(section: Section, known: Known) -> Unrecorded | None:
    """Return what may be missing where the chain of a section does not hold."""
    if not section.unread_ms and not section.unknown_steps:
        return None
    seconds = section.unread_ms / 1000
    high = most_steps(_pace(section, known), seconds) if seconds else 0
    high = None if high is None else high + section.unknown_steps
    steps = _up_to(high, "records are missing or cannot be relied on")
    return Unrecorded(section, "broken", _amounts(steps, section, known), NOTHING, seconds)


_RAN = "steps that the trainer's numbers show and the ledger does not hold"
_ROLLED_BACK = "steps not written before a kill, which no checkpoint held"


def _between(section: Section, following: Section | None) -> int | None:
    """Count the steps that lie between two sections, by the trainer's own numbers."""
    if following is None:
        return None
    last, first = section.last_step, following.first_step
    if last is None or first is None:
        return None
    return max(0, first - last - 1)


def _window(
    section: Section, following: Section | None, known: Known
) -> tuple[float | None, int | None]:
    """Return the seconds that were not written, and how many calls may lie in them."""
    gap = None
    if following is not None and following.start >= section.end:
        gap = (following.start - section.end).total_seconds()
    seconds = section.pace.window(gap)
    high = most_steps(_pace(section, known), seconds)
    said = None if section.resumed is None else section.resumed.steps_high
    if high is not None and said is not None:
        high = max(high, said)
    return seconds, high


def _pace(section: Section, known: Known) -> float | None:
    own = section.pace.steps_per_second
    return known.steps_per_second if own is None else own


def _calls(section: Section) -> Fraction:
    """Return the calls for each of the trainer's own steps: several with accumulation."""
    steps = calls = 0
    for spell in section.spells:
        if spell.first is not None and spell.last is not None:
            steps += spell.last - spell.first + 1
            calls += spell.counts.total()
    return Fraction(calls, steps) if steps else Fraction(1)


def _up_to(high: int | Fraction | None, reason: str) -> Interval:
    return Interval.between(0, high, 0, reason if high is not None else UNBOUNDED)


def _amounts(steps: Interval, section: Section, known: Known) -> Amounts:
    if steps.high == 0:
        return NOTHING
    used = {number for spell in section.spells for number in spell.counts}
    own = [section.signatures[number] for number in used] or list(section.signatures.values())
    step = any_of(own) if own else known.step
    if step is not None:
        return amounts(steps, step)
    nobody = Interval.between(0, None, 0, UNBOUNDED)
    return Amounts(steps, nobody, nobody, None, None)


def _shown(seconds: float | None) -> str:
    return "seconds" if seconds is None else f"{math.ceil(seconds * 10) / 10:g} seconds"
