"""What was filed, and what is due: for lists, clocks, the overview, and the next draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from declarant.compute.ledger import Ledger
from declarant.desk.filer.filings.models import Filing
from declarant.desk.filer.register.kinds import Kind
from declarant.desk.filer.register.models import Record
from declarant.desk.today import day_of, today
from declarant.determination.clocks import clocks_that_follow, next_quarter
from declarant.law import (
    Quarter,
    Regime,
    affirmations_owed,
    due_under_each_reading,
    load_regime,
    regime_ids,
)
from declarant.law.quarters import REPORTING_RULE
from declarant.problems import BadInput
from declarant.register.facts import Facts, FilingKind, Person
from declarant.register.facts import Filing as SentFiling

SENT = (Filing.State.SENT, Filing.State.RECEIVED)


@dataclass(frozen=True, slots=True)
class DueFiling:
    """A report that is owed for a quarter, with the filing that is being made for it.

    Attributes:
        quarter: such as "2026Q4".
        duty: "notification" or "affirmation", as far as is known before it is built.
        due: the last day under the default reading.
        worked_out: the steps to that day.
        citation: the text of law it rests on.
        other_readings: the day under each other reading, by its id.
        overdue: whether that day is past.
        filing: what stands in this desk for the quarter; None when nothing was begun.
    """

    quarter: str
    duty: str
    due: date
    worked_out: tuple[str, ...]
    citation: str
    other_readings: dict[str, date]
    overdue: bool
    filing: Filing | None


def quarterly_regimes() -> tuple[Regime, ...]:
    """Return the laws that ask for a report each quarter."""
    laws = (load_regime(regime) for regime in regime_ids())
    return tuple(law for law in laws if any(clock.quarterly for clock in law.clocks))


def last_sent(regime: str = REPORTING_RULE, *, before: str | None = None) -> Filing | None:
    """Return the filing that stands: the last one sent, its latest version that was not set aside.

    Args:
        regime: id of the law.
        before: a quarter; only filings for earlier quarters are looked at.
    """
    rows = Filing.objects.filter(regime=regime, state__in=SENT)
    if before is not None:
        rows = rows.filter(quarter__lt=before)
    quarter = rows.order_by("-quarter").values_list("quarter", flat=True).first()
    return None if quarter is None else standing_version(regime, quarter)


def standing_version(regime: str, quarter: str) -> Filing | None:
    """Return the version that stands for a quarter.

    A correction stands from its acceptance on; until then an accepted former version does. Of
    versions that the agency never answered, the last one sent stands.
    """
    rows = Filing.objects.filter(regime=regime, quarter=quarter, state__in=SENT)
    held = list(rows.select_related("document").order_by("-version"))
    accepted = [row for row in held if row.state == Filing.State.RECEIVED]
    return next(iter(accepted or held), None)


def sent_here(regime: str) -> tuple[SentFiling, ...]:
    """Return what this desk sent, as the register tells of filings; one for each quarter."""
    law = load_regime(regime)
    rows = Filing.objects.filter(regime=regime, state__in=SENT).order_by("quarter", "version")
    by_quarter = {
        row.quarter: SentFiling(
            row.quarter, FilingKind(row.kind), day_of(row.sent, law), row.identity
        )
        for row in rows
    }
    return tuple(by_quarter.values())


def sent_before() -> tuple[SentFiling, ...]:
    """Return the filings that the register tells of."""
    contents = Record.objects.filter(kind=Kind.FILING, active=True).values_list(
        "content", flat=True
    )
    return tuple(
        SentFiling(
            str(content["quarter"]),
            FilingKind(str(content["kind"])),
            date.fromisoformat(str(content["sent"])),
            content.get("document"),
        )
        for content in contents
    )


def all_sent(regime: str) -> tuple[SentFiling, ...]:
    """Return what was sent, by this desk or before it; one filing for each quarter."""
    here = sent_here(regime)
    quarters = {item.quarter for item in here}
    return (*(item for item in sent_before() if item.quarter not in quarters), *here)


def filings_due(
    regime: str = REPORTING_RULE, *, applicable: bool = True, day: date | None = None
) -> tuple[DueFiling, ...]:
    """Return the reports that are owed and not sent, in order of their dates, overdue ones first.

    Those that are overdue and the one due next; affirmations further ahead are left out.

    Args:
        regime: id of the law.
        applicable: whether the next report has an activity that is, or may be, reportable.
        day: the day that is today; by the server's clock when None.
    """
    law = load_regime(regime)
    now = day or today(law)
    facts = _facts_of(all_sent(regime))
    upcoming = next_quarter(facts, law, now)
    if upcoming is None:
        return ()
    clocks, _findings = clocks_that_follow(facts, law, applicable, now)
    open_filings = _open(regime)
    by_day = _days_of(law, facts, upcoming)
    found: list[DueFiling] = []
    for clock in clocks:
        quarter = by_day.get(date.fromisoformat(clock.due))
        if quarter is None or any(item.quarter == str(quarter) for item in found):
            continue  # further ahead; or a notification and else an affirmation: one report
        found.append(
            DueFiling(
                quarter=str(quarter),
                duty=clock.duty,
                due=date.fromisoformat(clock.due),
                worked_out=clock.worked_out,
                citation=clock.citation,
                other_readings={
                    name: date.fromisoformat(other) for name, other in clock.under_other_readings
                },
                overdue=clock.overdue,
                filing=open_filings.get(str(quarter)),
            )
        )
    if not any(item.quarter == str(upcoming) for item in found):
        found.append(_first_report(law, upcoming, now, open_filings))
    return tuple(found)


def _first_report(
    law: Regime, quarter: Quarter, now: date, open_filings: dict[str, Filing]
) -> DueFiling:
    """Return the next quarter's report for a person who owes no affirmation: only if it applies."""
    dues = due_under_each_reading(law, "notification", quarter.notification_due)
    return DueFiling(
        quarter=str(quarter),
        duty="notification",
        due=dues[0].due,
        worked_out=tuple(step.in_language("en") for step in dues[0].worked_out),
        citation="",
        other_readings={each.roll: each.due for each in dues[1:]},
        overdue=dues[0].due < now,
        filing=open_filings.get(str(quarter)),
    )


def _open(regime: str) -> dict[str, Filing]:
    unsent = [Filing.State.DRAFT, Filing.State.READY, Filing.State.CERTIFIED]
    rows = Filing.objects.filter(regime=regime, state__in=unsent).select_related(
        "preparer", "officer"
    )
    return {row.quarter: row for row in rows.order_by("version")}


def _days_of(law: Regime, facts: Facts, upcoming: Quarter) -> dict[date, Quarter]:
    """Return the day of the next report, and of each former one that may be missing."""
    quarters = {upcoming}
    for item in facts.filings:
        if item.kind is FilingKind.NOTIFICATION:
            try:
                quarters.update(affirmations_owed(law, Quarter.parse(item.quarter, law)))
            except BadInput:  # before the law at hand begins: nothing follows from it
                continue
    return {
        due_under_each_reading(law, "notification", quarter.notification_due)[0].due: quarter
        for quarter in quarters
        if quarter <= upcoming
    }


def _facts_of(filings: Iterable[SentFiling]) -> Facts:
    """Return facts that hold filings and nothing else, which is all that quarterly dates need."""
    nobody = Person(name="", kind="legal", covered={})
    return Facts(nobody, (), None, (), (), (), Ledger(()), filings=tuple(filings))
