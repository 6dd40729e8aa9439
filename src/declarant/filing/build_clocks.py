"""The clocks that a filing carries: its own date, and every date that follows once it is sent."""

from __future__ import annotations

from dataclasses import replace

from declarant.determination.citing import cite
from declarant.determination.clocks import clocks_that_follow
from declarant.determination.verdict import ClockVerdict, Determination
from declarant.filing.parts import Clock
from declarant.law import Due, Quarter, Regime
from declarant.register.facts import Facts, Filing, FilingKind


def clocks_of_filing(
    facts: Facts,
    law: Regime,
    determination: Determination,
    quarter: Quarter,
    kind: FilingKind,
    dues: tuple[Due, ...],
) -> tuple[Clock, ...]:
    """Return the clocks in order of date; `dues` is the filing's own date under each reading."""
    clocks = (_own(law, quarter, dues), *_following(facts, law, determination, quarter, kind))
    return tuple(sorted(clocks, key=lambda clock: clock.due))


def _own(law: Regime, quarter: Quarter, dues: tuple[Due, ...]) -> Clock:
    return Clock(
        duty=dues[0].duty,
        title=f"{law.clock(dues[0].duty).title.en}: {quarter} (this document)",
        due=dues[0].due,
        worked_out=tuple(step.en for step in dues[0].worked_out),
        citation=cite(dues[0].citation),
        other_readings={due.roll: due.due for due in dues[1:]},
    )


def _following(
    facts: Facts, law: Regime, determination: Determination, quarter: Quarter, kind: FilingKind
) -> tuple[Clock, ...]:
    """Return the clocks that run on once this document is sent."""
    sent = Filing(str(quarter), kind, determination.as_of)
    after = replace(facts, filings=(*facts.filings, sent))
    clocks, _ = clocks_that_follow(after, law, determination.any_applicable, determination.as_of)
    return tuple(_clock(item, law) for item in clocks)


def _clock(item: ClockVerdict, law: Regime) -> Clock:
    return Clock.model_validate(
        {
            "duty": item.duty,
            "title": f"{law.clock(item.duty).title.en}: {item.about}",
            "due": item.due,
            "worked_out": item.worked_out,
            "citation": item.citation or None,
            "other_readings": dict(item.under_other_readings),
        }
    )
