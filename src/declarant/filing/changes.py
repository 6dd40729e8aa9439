"""What is new, changed or the same since the former filing, activity by activity.

Only what the activity says of itself is compared, and a reading that was chosen for it: another
default or wording of the law is no change of the activity.
"""

from __future__ import annotations

from collections.abc import Iterator

from declarant.filing.activities import Activity, Change, Standing, TrainingRun
from declarant.filing.documents import Document, Notification
from declarant.filing.parts import FormerFiling
from declarant.filing.wording import VERDICTS, WHEN, day, exact, figure


def standing(
    activity: Activity, former: Document | None, filed: FormerFiling | None
) -> tuple[Standing, tuple[Change, ...]]:
    """Return how an activity stands against the former filing, and each field that differs.

    `filed` is what is known of the former filing, `former` its document when that is at hand. An
    affirmation told of no activity, so nothing needs its document to be new since.
    """
    if former is None:
        if filed is None:
            return "first", ()
        return ("new" if filed.kind == "affirmation" else "not_compared"), ()
    before = _activities(former).get((activity.kind, activity.id))
    if before is None:
        return "new", ()
    changes = tuple(_changes(dict(_compared(before)), dict(_compared(activity))))
    return ("changed" if changes else "same"), changes


def no_longer(activities: tuple[Activity, ...], former: Document | None) -> tuple[str, ...]:
    """Return the names of the former filing's activities that are not among `activities`."""
    kept = {(item.kind, item.id) for item in activities}
    before = _activities(former) if former else {}
    return tuple(item.name for key, item in before.items() if key not in kept)


def _activities(document: Document) -> dict[tuple[str, str], Activity]:
    held = document.activities if isinstance(document, Notification) else ()
    return {(item.kind, item.id): item for item in held}


def _changes(before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for field in dict.fromkeys((*before, *after)):
        if before.get(field) != after.get(field):
            yield Change(field=field, before=before.get(field), after=after.get(field))


def _compared(item: Activity) -> Iterator[tuple[str, str]]:
    yield "Name", item.name
    yield "Verdict", VERDICTS[item.verdict]
    yield "When", WHEN[item.when]
    yield "Amount", f"{figure(item.amount)} ({exact(item.amount)})"
    for choice in item.chosen_otherwise:
        yield f"Reading chosen, {choice.dimension.replace('_', ' ')}", choice.title
    yield "Limit passed on", day(item.crosses)
    if isinstance(item, TrainingRun):
        yield "Model", item.model
        yield "Status", item.status.replace("_", " ")
        yield "Days", f"{day(item.begins)} to {day(item.ends)}"
        yield "Cluster", item.cluster or "not named"
        methods = {segment.method.replace("_", " "): None for segment in item.segments}
        yield "Methods", ", ".join(methods) or "none"
    else:
        yield "Location", item.location or "not known"
        yield "Possession", item.possession or "not known"
        for group in item.groups:
            since = f" since {day(group.since)}" if group.since else ""
            said = f"{group.status}{since}, {group.site or 'site not known'}"
            yield f"Group {group.id}", said
    for file in item.evidence:
        yield f"Evidence {file.path}", file.sha256
