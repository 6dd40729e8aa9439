"""`declarant estimate`: a newcomer's first question, without a register."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from declarant.cli.arguments import JsonOption, given_to, today

if TYPE_CHECKING:
    from rich.table import Table

    from declarant.compute.architecture import Architecture, Estimate


def estimate(
    configuration: Annotated[
        Path,
        typer.Argument(
            metavar="CONFIG", help="A model's config.json, or the folder that holds it."
        ),
    ],
    tokens: Annotated[str, typer.Option(help="Tokens seen in training, such as 15.6e12.")],
    sequence_length: Annotated[
        str | None, typer.Option(help="Length in tokens. Default: what the configuration names.")
    ] = None,
    encoder_length: Annotated[
        str | None, typer.Option(help="Of the encoder's sequences. Default: as long.")
    ] = None,
    recompute: Annotated[
        str, typer.Option(help="Activation recomputation: none, full or unknown.")
    ] = "none",
    lora_rank: Annotated[
        str | None, typer.Option(help="Train only adapters of this rank on attention.")
    ] = None,
    trained_parameters: Annotated[
        str | None, typer.Option(help="Train only so many parameters (adapters).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Estimate the operations of a training run from the model's configuration and its tokens."""
    from declarant.cli import output
    from declarant.compute.architecture import (
        adapter_parameters,
        read_configuration,
    )
    from declarant.compute.architecture import estimate as closed_form
    from declarant.problems import bad_input

    count = _whole(tokens, "--tokens")
    length = _optional(sequence_length, "--sequence-length")
    architecture = read_configuration(configuration)
    trained = _optional(trained_parameters, "--trained-parameters")
    rank = _optional(lora_rank, "--lora-rank")
    if rank is not None:
        if trained is not None:
            raise bad_input(
                "estimate.adapters",
                "a rank says how many parameters are trained; both are given.",
                mend="Give --lora-rank or --trained-parameters, not both.",
                field="--lora-rank",
            )
        trained = adapter_parameters(architecture, rank)
    adapters = "--trained-parameters" if rank is None else "--lora-rank"
    with (
        given_to("--tokens", ("estimate.tokens",)),
        given_to("--sequence-length", ("estimate.sequence_length",)),
        given_to("--encoder-length", ("estimate.encoder_length",)),
        given_to(adapters, ("estimate.trained_parameters",)),
    ):
        result = closed_form(
            architecture,
            count,
            sequence_length=length,
            encoder_length=_optional(encoder_length, "--encoder-length"),
            recompute=_recompute(recompute),
            trained_parameters=trained,
        )
    thresholds = _thresholds(result)
    if as_json:
        output.print_json(_json(architecture, result, count, thresholds))
        return
    _show(architecture, result, count, thresholds)


def _whole(text: str, option: str) -> int:
    from declarant.problems import bad_input
    from declarant.quantities import parse_number

    with given_to(option):
        number = parse_number(text)
    if number < 1 or number.denominator != 1:
        raise bad_input(
            "estimate.whole",
            f"{text!r} is no whole number from 1 on.",
            mend="Write a number such as 15.6e12 or 8192.",
            field=option,
        )
    return int(number)


def _optional(text: str | None, option: str) -> int | None:
    return None if text is None else _whole(text, option)


def _recompute(text: str) -> Any:
    from declarant.compute.architecture import Recompute
    from declarant.problems import bad_input

    known = [item.value for item in Recompute]
    if text not in known:
        raise bad_input(
            "estimate.recompute",
            f"{text!r} is no kind of recomputation.",
            mend=f"Choose one of: {', '.join(known)}.",
            field="--recompute",
        )
    return Recompute(text)


def _thresholds(result: Estimate) -> list[dict[str, str]]:
    """Compare executed operations (cautious) with each law's threshold on training compute."""
    from declarant.law import load_regime, regime_ids

    rows = []
    day = today()
    for regime_id in regime_ids():
        regime = load_regime(regime_id).on(day)
        for activity in regime.activities:
            if activity.kind != "training_run":
                continue
            amount = (
                result.model_operations
                if regime.recomputation == "out"
                else result.executed_operations
            )
            limit = activity.limit_on("operations", day)
            rows.append(
                {
                    "regime": regime_id,
                    "activity": activity.id,
                    "limit": str(limit.value),
                    "comparison": amount.compared_with(limit.value).value,
                    "status": regime.status_on(day).name.en,
                }
            )
    return rows


def _json(
    architecture: Architecture, result: Estimate, tokens: int, thresholds: list[dict[str, str]]
) -> dict[str, Any]:
    return {
        "family": architecture.family,
        "parameters": {
            "total": str(result.parameters_total),
            "active": str(result.parameters_active),
        },
        "tokens": str(tokens),
        "sequence_length": str(result.sequence_length),
        "sequence_length_from": result.sequence_from,
        "short_form": str(result.short_form),
        "model_operations": result.model_operations.as_json(),
        "executed_operations": result.executed_operations.as_json(),
        "terms": {term.value: str(amount) for term, amount in result.terms.items()},
        "explanations": {term.value: words for term, words in result.explanations.items()},
        "formula": result.formula,
        "formula_version": result.formula_version,
        "thresholds": thresholds,
        "input": {"path": architecture.file, "sha256": architecture.sha256},
        "findings": [finding.as_json() for finding in result.findings],
    }


def _show(
    architecture: Architecture, result: Estimate, tokens: int, thresholds: list[dict[str, str]]
) -> None:
    from declarant.cli import output
    from declarant.quantities import show_interval, show_operations

    page = output.console()
    page.print(
        f"[bold]{output.plain(architecture.family)}[/], "
        f"{show_operations(result.parameters_total, 4)} parameters, "
        f"{show_operations(result.parameters_active, 4)} active; "
        f"{show_operations(tokens)} tokens in sequences of {result.sequence_length} "
        f"({output.plain(result.sequence_from)})\n"
    )
    assumed = [item for item in result.findings if item.code.endswith("sequence_length_assumed")]
    for finding in assumed:
        page.print(f"[yellow]Assumed:[/] {output.plain(finding.what)} Give --sequence-length.\n")
    page.print(f"Model operations     [bold]{show_interval(result.model_operations)}[/]")
    page.print(f"Executed operations  [bold]{show_interval(result.executed_operations)}[/]")
    page.print(f"Short form, 6 N D    {show_operations(result.short_form)}\n")
    page.print(_terms(result))
    page.print(
        output.table(
            "Compared with thresholds",
            ["law", "limit", "this run", "status of the law"],
            [
                (
                    f"{row['regime']} ({row['activity'].replace('_', ' ')})",
                    f"> {show_operations(int(row['limit']))}",
                    row["comparison"],
                    row["status"],
                )
                for row in thresholds
            ],
        )
    )
    page.print(f"[dim]{output.plain(result.formula)}[/]")
    output.show_findings(result.findings)


def _terms(result: Estimate) -> Table:
    from declarant.cli import output
    from declarant.quantities import show_operations

    total = sum(result.terms.values())
    return output.table(
        "Where they go",
        ["term", "operations", "share", "forward, for one token"],
        [
            (
                term.words,
                show_operations(amount),
                f"{amount / total:.1%}",
                result.explanations[term],
            )
            for term, amount in sorted(result.terms.items(), key=lambda item: -item[1])
        ],
        right=["operations", "share"],
    )
