"""`declarant law`: what the law says, and when its duties fall due."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from declarant.cli.arguments import JsonOption, given_to, read_day, today
from declarant.cli.moments import read_day_or_moment

if TYPE_CHECKING:
    from declarant.law import Due, Regime, StatusEvent

app = typer.Typer(help="What the law says, with citations and status.", no_args_is_help=True)


class Language(StrEnum):
    """The languages that texts of the law stand in."""

    EN = "en"
    ZH_HANT = "zh-Hant"


# what goes wrong with a clock because of the day it starts on
_BY_START = ("law.no_zone", "law.beyond_calendar", "law.no_value_on_day")

RegimeId = Annotated[str, typer.Argument(metavar="REGIME", help="Id of a regime; see `law list`.")]
LanguageOption = Annotated[Language, typer.Option("--language", help="Language of the texts.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="The law and its status on this day. Default: today."
    ),
]


@app.command("list")
def list_regimes(
    language: LanguageOption = Language.EN, as_of: AsOf = None, as_json: JsonOption = False
) -> None:
    """List the regimes and whether each is in force."""
    from declarant.cli import output
    from declarant.law import load_regime, regime_ids

    day = read_day(as_of, "--as-of") or today()
    regimes = [load_regime(name) for name in regime_ids()]
    if as_json:
        output.print_json(
            {
                "as_of": day.isoformat(),
                "regimes": [
                    {
                        "id": regime.id,
                        "title": regime.short_title.in_language(language),
                        "jurisdiction": regime.jurisdiction.in_language(language),
                        "status": _status(regime, day, language),
                    }
                    for regime in regimes
                ],
            }
        )
        return
    english = language is Language.EN
    head = (
        ("Regime", "In force", "Status", "Title") if english else ("規範", "施行", "狀態", "名稱")
    )
    rows = []
    for regime in regimes:
        event = _event(regime, day)
        bound = event is not None and event.in_force
        word = ("yes" if bound else "NO") if english else ("是" if bound else "否")
        state = event.name.in_language(language) if event else "-"
        title = regime.short_title.in_language(language)
        colour = "green" if bound else "red"
        rows.append((regime.id, f"[{colour}]{word}[/]", output.plain(state), output.plain(title)))
    output.console().print(output.table("", head, rows))


@app.command()
def show(
    regime_id: RegimeId,
    language: LanguageOption = Language.EN,
    as_of: AsOf = None,
    as_json: JsonOption = False,
) -> None:
    """Show a regime: its status first, then all it says, with citations."""
    from declarant.cli import output
    from declarant.law import load_regime

    with given_to("REGIME"):
        regime = load_regime(regime_id)
    day = read_day(as_of, "--as-of") or today()
    if as_json:
        with given_to("--as-of"):
            event = regime.status_on(day)
        law = regime.on(day).model_dump(mode="json", by_alias=True, exclude_none=True)
        status = {
            **event.model_dump(mode="json", by_alias=True, exclude_none=True),
            "in_force": event.in_force,
            "name": event.name.model_dump(by_alias=True),
        }
        history = law.pop("status")
        output.print_json(
            {
                "regime": law.pop("id"),
                "as_of": day.isoformat(),
                "status": status,
                "history": history,
                **law,
            }
        )
        return
    from declarant.cli.law_page import LawPage

    with given_to("--as-of"):
        LawPage(output.console(), language, day).print(regime)


@app.command()
def clock(
    regime_id: RegimeId,
    duty: Annotated[
        str, typer.Argument(metavar="DUTY", help="A duty of the regime, such as answer.")
    ],
    start: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="DATE",
            help="Day or moment that starts the clock: 2026-12-20, 2026-12-20T23:30-05:00, "
            "or '2026-12-20 23:30 America/New_York'.",
        ),
    ],
    roll: Annotated[
        str | None,
        typer.Option(
            "--roll",
            metavar="READING",
            help="Reading of weekends and holidays: no_roll or next_business_day. "
            "Default: the cautious one.",
        ),
    ] = None,
    language: LanguageOption = Language.EN,
    as_of: AsOf = None,
    as_json: JsonOption = False,
) -> None:
    """Work out when a duty falls due, step by step, under each reading of weekends."""
    from declarant.cli import output
    from declarant.law import due, due_under_each_reading, load_regime

    with given_to("REGIME"):
        regime = load_regime(regime_id)
    with given_to("DUTY"):
        regime.clock(duty)
    begins = read_day_or_moment(start, "--from")
    with given_to("--roll", only=("law.unknown_roll",)), given_to("--from", only=_BY_START):
        answer = due(regime, duty, begins, roll=roll)
    readings = due_under_each_reading(regime, duty, begins)
    day = read_day(as_of, "--as-of") or today()
    if as_json:
        output.print_json(
            {
                "regime": regime.id,
                "duty": answer.duty,
                "from": start,
                "start": answer.start.isoformat(),
                "due": answer.due.isoformat(),
                **_more(answer),
                "roll": answer.roll,
                "worked_out": [step.in_language(language) for step in answer.worked_out],
                "readings": [{"roll": each.roll, "due": each.due.isoformat()} for each in readings],
                "citation": answer.citation.model_dump(exclude_none=True),
                "status": _status(regime, day, language),
            }
        )
        return
    _show_clock(regime, answer, readings, language, day)


def _show_clock(
    regime: Regime, answer: Due, readings: tuple[Due, ...], language: str, day: date
) -> None:
    from declarant.cli import output
    from declarant.cli.law_page import LawPage
    from declarant.law.steps import shown_day, shown_moment

    page = LawPage(output.console(), language, day)
    event = _event(regime, day)
    if event:
        page.status(event, regime)
    page.line(f"{page.say(regime.clock(answer.duty).title)} ({answer.duty})")
    when = shown_moment(answer.moment) if answer.moment else page.say(shown_day(answer.due))
    page.line(f"{page.label('due')}{page.colon}{when}", style="bold")
    page.console.print()
    page.numbered(answer.worked_out)
    page.citation(answer.citation, 5)
    if len(readings) > 1:
        page.console.print()
        for each in readings:
            mark = ">" if each.roll == answer.roll else "-"
            option = next(o for o in regime.reading("roll").options if o.id == each.roll)
            shown = page.say(shown_day(each.due))
            page.line(f"{mark} {each.roll:<18} {shown}  {page.say(option.title)}", 2)
    page.advice()


def _more(answer: Due) -> dict[str, str]:
    """Return the parts of an answer that not every duty has."""
    more: dict[str, str] = {}
    if answer.moment:
        more["moment"] = answer.moment.isoformat(timespec="minutes")
    if answer.quarter:
        more["quarter"] = str(answer.quarter)
    if answer.window_end:
        more["window_end"] = answer.window_end.isoformat()
    return more


def _event(regime: Regime, day: date) -> StatusEvent | None:
    return regime.status_on(day) if regime.status[0].day <= day else None


def _status(regime: Regime, day: date, language: str) -> dict[str, Any] | None:
    event = _event(regime, day)
    if event is None:
        return None
    return {
        "as_of": day.isoformat(),
        "state": event.state,
        "in_force": event.in_force,
        "since": event.day.isoformat(),
        "name": event.name.in_language(language),
        "text": event.text.in_language(language),
    }
