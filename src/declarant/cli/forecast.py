"""`declarant forecast`: when each run, and each sum a regime asks for, passes each threshold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from declarant.cli.arguments import (
    OUTSIDE_THE_LAW,
    REPORTING_RULE,
    AsOfOption,
    JsonOption,
    RegisterArgument,
    given_to,
    read_day,
    today,
)

if TYPE_CHECKING:
    from declarant.determination.forecast import Forecast
    from declarant.law import Regime

FEWEST_PATHS, MOST_PATHS = 100, 10_000
"""Fewer give chances that are mostly noise; more take long and tell nothing new."""


def forecast(
    register: RegisterArgument,
    run: Annotated[
        str | None, typer.Option("--run", help="Only sums that hold this training run.")
    ] = None,
    regime: Annotated[
        list[str] | None,
        typer.Option("--regime", help="Only this law; may be repeated. Default: all."),
    ] = None,
    as_of: AsOfOption = None,
    seed: Annotated[
        int,
        typer.Option("--seed", help="Of the paths, 0 or more; the same seed, the same answer."),
    ] = 0,
    paths: Annotated[
        int,
        typer.Option(
            "--paths", help=f"Paths drawn for each run, {FEWEST_PATHS:,} to {MOST_PATHS:,}."
        ),
    ] = 2000,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Write a fan chart to this .svg or .png file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Foretell when each run, and each sum a law asks for, passes each limit.

    By the plan exactly, and where a run's log shows its progress by paths drawn from that, with
    chances for each quarterly date; with the day by which notice is due.
    """
    from declarant.cli import forecast_page, output
    from declarant.determination.forecast import Draws
    from declarant.determination.forecast import forecast as foretell
    from declarant.law import load_regime
    from declarant.register import load_register

    with given_to("--regime"):
        laws = _laws(regime)
    day = read_day(as_of, "--as-of") or today()
    _refuse_draws(paths, seed)
    _refuse_suffix(plot)
    with output.progress("Reading evidence") as advance:
        facts = load_register(register, advance=advance)
    _refuse_unknown(run, [item.id for item in facts.runs])
    with given_to("--as-of", OUTSIDE_THE_LAW), output.progress("Drawing paths") as advance:
        made = foretell(
            facts,
            laws,
            load_regime(REPORTING_RULE),
            day,
            run=run,
            draws=Draws(paths, seed),
            advance=advance,
        )
    if plot is not None:
        _draw(made, run, plot)
    if as_json:
        output.print_json(made.as_json())
        return
    forecast_page.show(made, plot)


def _laws(named: list[str] | None) -> tuple[Regime, ...]:
    from declarant.law import load_regime, regime_ids

    return tuple(load_regime(each) for each in dict.fromkeys(named or regime_ids()))


def _refuse_unknown(run: str | None, known: list[str]) -> None:
    from declarant.problems import bad_input

    if run is not None and run not in known:
        raise bad_input(
            "forecast.unknown_run",
            f"there is no training run {run!r}.",
            mend=f"Known: {', '.join(known) or 'none'}.",
            field="--run",
        )


def _refuse_draws(paths: int, seed: int) -> None:
    from declarant.problems import bad_input

    if not FEWEST_PATHS <= paths <= MOST_PATHS:
        raise bad_input(
            "forecast.paths",
            f"{paths:,} paths cannot be drawn.",
            mend=f"Ask for {FEWEST_PATHS:,} to {MOST_PATHS:,}; 2,000 are drawn without the option.",
            field="--paths",
        )
    if seed < 0:
        raise bad_input(
            "forecast.seed",
            f"{seed} is no seed.",
            mend="Give a whole number, 0 or more; any of them will do.",
            field="--seed",
        )


def _refuse_suffix(plot: Path | None) -> None:
    from declarant.plots.render import SUFFIXES
    from declarant.problems import bad_input

    if plot is not None and plot.suffix.lower() not in SUFFIXES:
        raise bad_input(
            "plot.suffix",
            f"no picture is written to {str(plot)!r}.",
            mend=f"Give the file's name one of these endings: {', '.join(SUFFIXES)}.",
            field="--plot",
        )


def _draw(made: Forecast, run: str | None, plot: Path) -> None:
    from declarant.cli.files import write_public
    from declarant.plots.fan_chart import fan_chart
    from declarant.plots.render import render
    from declarant.problems import bad_input

    if not made.sums:
        raise bad_input(
            "forecast.nothing_to_draw",
            "the register holds no training runs.",
            mend="Leave --plot out, or name a register with runs.",
            field="--plot",
        )
    write_public(plot, render(fan_chart(made, run), plot.suffix))
