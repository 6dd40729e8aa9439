"""What the form says of each activity, as plain text: rows and cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from declarant.filing.activities import (
    Activity,
    ChosenReading,
    Cluster,
    Reading,
    Segment,
    TrainingRun,
)
from declarant.filing.parts import Remark
from declarant.filing.wording import (
    STANDINGS,
    UNITS,
    VERDICTS,
    WHEN,
    cited,
    day,
    exact,
    figure,
    legible,
    powers,
)
from declarant.quantities import show_operations

Rows = list[list[str]]


def presented_activities(activities: tuple[Activity, ...]) -> Iterator[dict[str, Any]]:
    """Yield the activities; readings taken like those of an earlier one are named, not repeated."""
    first: dict[tuple[ChosenReading, ...], int] = {}
    for number, item in enumerate(activities, start=1):
        like = first.setdefault(item.chosen, number)
        shown = _activity(item)
        if like != number:
            shown |= {"chosen": [], "chosen_like": f"The same as for Activity {like}."}
        yield shown


def _activity(item: Activity) -> dict[str, Any]:
    unit = UNITS[item.limit.unit]
    limit = powers(show_operations(int(item.limit.value), 1))
    reading = "reading chosen" if item.chosen_otherwise else "default reading"
    rows = [
        ["Activity", f"{item.activity_title}{cited(item.activity_citation)}"],
        [f"Verdict, {reading}", f"{VERDICTS[item.verdict]}; {WHEN[item.when]}"],
        ["Amount", f"{figure(item.amount)} {unit}"],
        ["Amount in full", exact(item.amount)],
        ["Limit to be exceeded", f"{limit} {unit}{cited(item.limit.citation)}"],
        *_choice(item, unit),
    ]
    if item.crosses:
        under = ", default reading" if item.chosen_otherwise else ""
        rows.append([f"Limit passed on{under}", day(item.crosses)])
    flipping = [reading for reading in item.readings if reading.flips]
    steady = [reading for reading in item.readings if not reading.flips]
    return {
        "name": item.name,
        "id": item.id,
        "kind": item.kind,
        "rows": rows + (_run(item) if isinstance(item, TrainingRun) else _cluster(item)),
        "standing": STANDINGS[item.standing],
        "changes": [[c.field, c.before or "absent", c.after or "absent"] for c in item.changes],
        "chosen_like": "",
        "chosen": [
            [choice.question, choice.title, choice.citation or ""] for choice in item.chosen
        ],
        "flipping": [_reading(reading) for reading in flipping],
        "steady": _steady(steady),
        "turns_at": [legible(text) for text in item.turns_at],
        "why": [[legible(reason.text), reason.citation or ""] for reason in item.why],
        "segments": [_segment(segment) for segment in item.segments]
        if isinstance(item, TrainingRun)
        else [],
        "groups": [
            [group.id, group.site or "not known", group.status, day(group.since)]
            for group in item.groups
        ]
        if isinstance(item, Cluster)
        else [],
        "remarks": [presented_remark(remark) for remark in item.remarks],
        "evidence": [file.path for file in item.evidence],
    }


def verdict_in_words(item: Activity) -> str:
    """Return the verdict, and beside it that of the cautious default when another was chosen."""
    default = item.under_default
    if default is None:
        return VERDICTS[item.verdict]
    return (
        f"{VERDICTS[item.verdict]} (reading chosen); "
        f"{VERDICTS[default.verdict].lower()} (cautious default)"
    )


def _choice(item: Activity, unit: str) -> Rows:
    """Return what was chosen in the place of the default, why, and what the default says."""
    rows: Rows = []
    if item.under_default:
        default = item.under_default
        said = f"{VERDICTS[default.verdict]}; {figure(default.amount)} {unit}"
        rows.append(["Verdict, default reading", said])
    for choice in item.chosen_otherwise:
        rows.append(["Reading chosen", f"{choice.question} {choice.title}"])
    reasons = {choice.because: None for choice in item.chosen_otherwise if choice.because}
    for because in reasons:
        rows.append(["Chosen because", because.reason])
        rows.append(["Chosen by", f"{because.by}, {day(because.on)}"])
    return rows


def _run(item: TrainingRun) -> Rows:
    return [
        ["Model", item.model],
        ["Run", f"{item.status.replace('_', ' ')}; {day(item.begins)} to {day(item.ends)}"],
        ["Cluster", item.cluster or "not named"],
    ]


def _cluster(item: Cluster) -> Rows:
    possession = {"in_possession": "in possession"}.get(item.possession or "", item.possession)
    return [
        ["Location", item.location or "not known"],
        ["Possession", possession or "not known"],
    ]


def _reading(reading: Reading) -> list[str]:
    size = [
        f"{count:,} {what}"
        for count, what in ((reading.machines, "machines"), (reading.devices, "devices"))
        if count is not None
    ]
    return [reading.title, VERDICTS[reading.verdict], figure(reading.amount), ", ".join(size)]


def _steady(readings: list[Reading]) -> str:
    """Name the readings of one question each; their combinations are only counted."""
    single = [reading.title for reading in readings if ";" not in reading.title]
    if not readings:
        return ""
    more = len(readings) - len(single)
    combined = f", and under {more} combinations of readings" if more else ""
    named = f" under each of these readings: {'; '.join(single)}" if single else ""
    return f"The verdict is the same{named}{combined}."


def _segment(segment: Segment) -> list[str]:
    operations = [
        f"{figure(amount)} {column}"
        for column, amount in (
            ("model", segment.model_operations),
            ("executed", segment.executed_operations),
        )
        if amount is not None
    ]
    days = f"{day(segment.begins)} to {day(segment.ends)}"
    counted = "" if segment.preferred else " (a second count of the same work; not in the total)"
    return [
        f"{segment.stage}; {segment.purpose.replace('_', ' ')}; {segment.share}{counted}",
        days,
        f"{segment.method.replace('_', ' ')}: {legible(segment.formula)}",
        "; ".join(operations) or "not known",
    ]


def presented_remark(remark: Remark) -> list[str]:
    """Return weight, finding and the reason for which it stands."""
    place = f"{remark.where}: " if remark.where else ""
    effect = f" Effect: {legible(remark.effect)}." if remark.effect else ""
    confirmed = remark.confirmation
    unconfirmed = "" if remark.severity == "note" else "not confirmed"
    return [
        remark.severity,
        f"{place}{legible(remark.what)}{effect}",
        f"{confirmed.reason} ({confirmed.by}, {day(confirmed.on)})" if confirmed else unconfirmed,
    ]
