"""Whether a document says of the law what the law's data says: status, dates, limits.

One function a rule; its docstring is the rule. The law is that of the day the document was
prepared, so a filing of years ago is held against the law of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from declarant.filing.documents import Affirmation, Document, Notification
from declarant.filing.published import Published
from declarant.filing.verification.report import error
from declarant.law import Quarter, Regime, affirmations_owed, due_under_each_reading
from declarant.law.activities import LimitKind
from declarant.problems import Finding, Place
from declarant.quantities import show_operations

LawRule = Callable[[Document, Regime], Iterator[Finding]]
_CORRECT = "Write the document anew with the law's data of this program, or update it."
_ASK_WHY = "Ask the sender for the reason in writing; file anew with it (declarant file --because)."


def status_stated(document: Published, law: Regime) -> Iterator[Finding]:
    """Require the status that the law had on the day it is stated for, and its effect."""
    stated = document.regime
    event = law.status_on(stated.status.on)
    if (stated.status.state, stated.in_force) != (event.state, event.in_force):
        what = (
            f"says that the law was {stated.status.state!r} on {stated.status.on}; it was "
            f"{event.state!r}."
        )
        yield error("law.status", what, Place(field="$.regime.status"), _CORRECT)
    if stated.voluntary == stated.in_force:
        what = "a filing is voluntary exactly when the law is not in force."
        yield error("law.voluntary", what, Place(field="$.regime.voluntary"), _CORRECT)


def due_date(document: Document, law: Regime) -> Iterator[Finding]:
    """Require the quarter's due date, under one of the readings of weekends and holidays."""
    nominal = Quarter.parse(document.quarter, law).notification_due
    possible = {due.due: due.roll for due in due_under_each_reading(law, document.kind, nominal)}
    if document.due not in possible:
        dates = " or ".join(f"{due} ({roll})" for due, roll in possible.items())
        what = f"says {document.due}; the {document.kind} for {document.quarter} is due {dates}."
        yield error("law.due", what, Place(field="$.due"), _CORRECT)


def window(document: Document, law: Regime) -> Iterator[Finding]:
    """Require a window that begins with the quarter and ends where its look-ahead does."""
    quarter = Quarter.parse(document.quarter, law)
    stated = document.window
    right = (quarter.first_day, quarter.notification_due, quarter.window_end)
    if (stated.begins, stated.look_ahead_from, stated.ends) != right:
        what = (
            f"says {stated.begins} to {stated.ends}, looking ahead from {stated.look_ahead_from}; "
            f"for {quarter} it is {right[0]} to {right[2]}, looking ahead from {right[1]}."
        )
        yield error("law.window", what, Place(field="$.window"), _CORRECT)


def limits(document: Document, law: Regime) -> Iterator[Finding]:
    """Require activities that the law names, of their kind, held against the law's limit."""
    if not isinstance(document, Notification):
        return
    known = {activity.id: activity for activity in law.on(document.prepared_on).activities}
    for number, item in enumerate(document.activities):
        where = Place(field=f"$.activities[{number}]")
        named = known.get(item.activity)
        if named is None or named.kind != item.kind:
            what = f"{law.id} names no activity {item.activity!r} that is a {item.kind}."
            yield error("law.activity", what, where, _CORRECT)
            continue
        unit: LimitKind = "operations" if item.kind == "training_run" else "operations_per_second"
        limit = named.limit_on(unit, document.prepared_on).value
        if (item.limit.unit, int(item.limit.value)) != (unit, limit):
            what = (
                f"is held against {show_operations(int(item.limit.value))} {item.limit.unit}; the "
                f"law's limit is {show_operations(limit)} {unit}."
            )
            yield error("law.limit", what, where, _CORRECT)


def affirmations(document: Document, law: Regime) -> Iterator[Finding]:
    """Require the quarters owed that the law counts from the last notification."""
    if not isinstance(document, Affirmation) or document.former is None:
        return
    if document.former.kind != "notification":
        return  # the last notification lies further back, and the document does not name it
    owed = affirmations_owed(law, Quarter.parse(document.former.quarter, law))
    if document.owed != tuple(map(str, owed)):
        listed = ", ".join(map(str, owed))
        what = f"after {document.former.quarter} affirmations are owed for {listed}."
        yield error("law.affirmations", what, Place(field="$.owed"), _CORRECT)


def readings_chosen(document: Document, law: Regime) -> Iterator[Finding]:
    """Require options that the law leaves open, and a reason for each that is not the default.

    What the cautious default says must then stand beside it, once; and nothing is chosen after the
    day the document was prepared.
    """
    if not isinstance(document, Notification):
        return
    for number, item in enumerate(document.activities):
        path = f"$.activities[{number}]"
        open_questions = {each.id: each for each in law.readings if each.applies_to == item.kind}
        departs = False
        for place, choice in enumerate(item.chosen):
            where = Place(field=f"{path}.chosen[{place}]")
            question = open_questions.get(choice.dimension)
            if question is None or choice.option not in {each.id for each in question.options}:
                what = f"{law.id} leaves no option {choice.dimension}={choice.option} open."
                yield error("reading.unknown", what, where, _CORRECT)
                continue
            is_default = choice.option == question.default.id
            departs |= not is_default
            reason = choice.because.reason.strip() if choice.because else ""
            if is_default == bool(reason):
                what = (
                    f"gives a reason for {choice.option!r}, which is the cautious default."
                    if is_default
                    else f"{choice.option!r} is taken in the place of the cautious default "
                    f"{question.default.id!r}, without a reason."
                )
                yield error("reading.no_reason", what, where, _ASK_WHY)
            if choice.because and choice.because.on > document.prepared_on:
                what = f"was chosen on {choice.because.on}, after the document was prepared."
                yield error("reading.chosen_later", what, where, _ASK_WHY)
        if sum(reading.default for reading in item.readings) != int(departs):
            what = (
                "another reading was chosen, and what the cautious default says is not there once."
                if departs
                else "names a default besides the verdict, which takes the default already."
            )
            yield error("reading.default", what, Place(field=f"{path}.readings"), _CORRECT)


LAW_RULES: tuple[LawRule, ...] = (
    status_stated,
    due_date,
    window,
    limits,
    affirmations,
    readings_chosen,
)
