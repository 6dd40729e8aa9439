"""Worked cases that lie beside a regime: a question to its law, and the answer it must give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from declarant.law.activities import LimitKind
from declarant.law.clocks import due
from declarant.law.counting import Purpose, Treatment
from declarant.law.quarters import Quarter, affirmations_owed, months_after
from declarant.law.regime import Regime
from declarant.law.status import State
from declarant.law.text import Day, Id, LawModel, Words
from declarant.problems import BadInput, Finding, Severity
from declarant.quantities import (
    Interval,
    parse_bits_per_second,
    parse_operations,
    parse_rate,
)
from declarant.yaml_source import read_yaml, validated


def _written_start(given: object) -> object:
    if not isinstance(given, str):
        raise ValueError("a start is a day, or a moment with its offset")
    return date.fromisoformat(given) if len(given) == 10 else datetime.fromisoformat(given)


Start = Annotated[date | datetime, BeforeValidator(_written_start)]


class ClockCase(LawModel):
    """A duty that starts on a day or at a moment, and when it falls due."""

    what: Words
    duty: Id
    start: Start = Field(alias="from")
    roll: Id | None = None
    due: Day
    moment: Words | None = None
    quarter: Words | None = None
    window_end: Day | None = None


class LimitCase(LawModel):
    """An amount beside a limit: above it, or not."""

    what: Words
    activity: Id
    limit: LimitKind
    on: Day
    amount: Words | int
    exceeded: bool


class StatusCase(LawModel):
    """What became of the rule by a day."""

    on: Day
    state: State
    in_force: bool


class CountingCase(LawModel):
    """How a purpose is treated on a day."""

    purpose: Purpose
    on: Day
    treatment: Treatment


class AffirmationCase(LawModel):
    """The quarters that owe an affirmation after a notification."""

    last_notification: Words
    owed: tuple[Words, ...]


class MonthsCase(LawModel):
    """A day some months after another."""

    day: Day
    months: int
    result: Day


class CasesFile(LawModel):
    """A file in the folder `cases` of a regime."""

    clocks: tuple[ClockCase, ...] = ()
    limits: tuple[LimitCase, ...] = ()
    status: tuple[StatusCase, ...] = ()
    counting: tuple[CountingCase, ...] = ()
    affirmations: tuple[AffirmationCase, ...] = ()
    months: tuple[MonthsCase, ...] = ()


def failed_cases(regime: Regime, file: Path) -> Iterator[Finding]:
    """Run the cases of one file; yield a finding, with its line, for each that fails.

    Raises:
        BadInput: when the file itself is wrong.
    """
    document = read_yaml(file)
    cases = validated(CasesFile, document)
    for kind in CasesFile.model_fields:
        for index, case in enumerate(getattr(cases, kind)):
            try:
                expected, got = _answers(regime, case)
            except BadInput as error:
                expected, got = "an answer", str(error)
            if expected != got:
                yield Finding(
                    "law.case_failed",
                    f"expected {expected}, got {got}.",
                    document.place(kind, index),
                    "Correct the case, or the law.",
                    Severity.ERROR,
                )


def count_cases(file: Path) -> int:
    """Return the number of cases in a file."""
    cases = validated(CasesFile, read_yaml(file))
    return sum(len(getattr(cases, kind)) for kind in CasesFile.model_fields)


_PARSERS: dict[LimitKind, Callable[[str | int], Fraction | int]] = {
    "operations": parse_operations,
    "operations_per_second": parse_rate,
    "link_bits_per_second": parse_bits_per_second,
}


def _answers(regime: Regime, case: LawModel) -> tuple[str, str]:
    """Return what a case expects and what the law gives, as text to be compared."""
    if isinstance(case, ClockCase):
        given = due(regime, case.duty, case.start, roll=case.roll)
        wanted = [str(case.due)]
        got = [str(given.due)]
        for expected, found in (
            (case.moment, given.moment and given.moment.isoformat(timespec="minutes")),
            (case.quarter, given.quarter),
            (case.window_end, given.window_end),
        ):
            if expected is not None:
                wanted.append(str(expected))
                got.append(str(found))
        return ", ".join(wanted), ", ".join(got)
    if isinstance(case, LimitCase):
        limit = regime.activity(case.activity).limit_on(case.limit, case.on)
        amount = Interval.exactly(_PARSERS[case.limit](case.amount))
        compared = amount.compared_with(limit.value)
        return "above" if case.exceeded else "below", compared.value
    if isinstance(case, StatusCase):
        expected_state = f"{case.state}, in force: {case.in_force}"
        state = regime.status_on(case.on).state
        return expected_state, f"{state}, in force: {regime.in_force_on(case.on)}"
    if isinstance(case, CountingCase):
        return case.treatment, regime.counting_rule(case.purpose, case.on).treatment
    if isinstance(case, AffirmationCase):
        owed = affirmations_owed(regime, Quarter.parse(case.last_notification, regime))
        return ", ".join(case.owed), ", ".join(str(quarter) for quarter in owed)
    assert isinstance(case, MonthsCase)  # noqa: S101 - no other kind of case is read
    return str(case.result), str(months_after(case.day, case.months))
