"""`declarant log`: what a trainer's or scheduler's log recorded, without a register."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from declarant.cli.arguments import JsonOption, given_to

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from declarant.compute.architecture import Recompute
    from declarant.compute.readers import Given


def log(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="The files of one log in their order, or a folder."),
    ],
    format: Annotated[
        str | None, typer.Option("--format", help="Of the log. Default: found from its content.")
    ] = None,
    configuration: Annotated[
        Path | None,
        typer.Option("--configuration", help="The model's config.json, for a closed form."),
    ] = None,
    sequence_length: Annotated[
        str | None, typer.Option(help="In tokens, where the log does not say.")
    ] = None,
    device: Annotated[
        str | None, typer.Option(help="Name of the device, where the log does not say.")
    ] = None,
    devices: Annotated[
        str | None, typer.Option(help="How many worked, where the log does not say.")
    ] = None,
    number_format: Annotated[
        str | None, typer.Option(help="Of the matrix arithmetic, such as bf16 or fp8.")
    ] = None,
    recompute: Annotated[
        str, typer.Option(help="Activation recomputation: none, full or unknown.")
    ] = "unknown",
    zone: Annotated[
        str | None,
        typer.Option(
            help="Of moments written without one, such as America/New_York. Default: UTC."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a trainer's or scheduler's log recorded: work kept, work lost, what to know of it.

    Exit status 2 when the log cannot be read.
    """
    from declarant.cli import log_page, output
    from declarant.compute.readers import read_recording

    given = _given(configuration, sequence_length, device, devices, number_format, recompute, zone)
    with (
        output.progress("Reading the log") as advance,
        given_to("--format", ("file.format_unknown",)),
    ):
        recording = read_recording(files, given, format=format, advance=advance)
    shown = log_page.Shown.of(recording, given)
    if as_json:
        output.print_json(shown.as_json())
        return
    log_page.show(shown)


def _given(
    configuration: Path | None,
    sequence_length: str | None,
    device: str | None,
    devices: str | None,
    number_format: str | None,
    recompute: str,
    zone: str | None,
) -> Given:
    from declarant.compute.architecture import read_configuration
    from declarant.compute.readers import Given

    return Given(
        _whole(sequence_length, "--sequence-length", 10**9),
        _whole(devices, "--devices", 10**9),
        _device(device),
        _number_format(number_format),
        None if configuration is None else read_configuration(configuration),
        _recompute(recompute),
        _zone(zone),
    )


def _whole(text: str | None, option: str, most: int) -> int | None:
    from declarant.problems import bad_input
    from declarant.quantities import parse_number

    if text is None:
        return None
    with given_to(option):
        number = parse_number(text)
    if number.denominator != 1 or not 1 <= number <= most:
        raise bad_input(
            "log.whole",
            f"{text!r} is no whole number between 1 and {most}.",
            mend="Write a number such as 4096.",
            field=option,
        )
    return int(number)


def _device(name: str | None) -> str | None:
    from declarant.hardware import match_device
    from declarant.problems import bad_input

    if name is None:
        return None
    match = match_device(name)
    if not match.devices:
        raise bad_input(
            "log.device",
            f"{match.why}.",
            mend="Name a device of `declarant hardware list`.",
            field="--device",
        )
    return name


def _number_format(name: str | None) -> str | None:
    from declarant.quantities import WRITTEN

    return None if name is None else _chosen(name, list(WRITTEN), "--number-format")


def _recompute(text: str) -> Recompute:
    from declarant.compute.architecture import Recompute

    return Recompute(_chosen(text, [item.value for item in Recompute], "--recompute"))


def _zone(name: str | None) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from declarant.problems import bad_input

    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise bad_input(
            "log.zone",
            f"there is no time zone {name!r}.",
            mend="Write a name such as America/New_York, or Etc/GMT+8 for an offset of -08:00.",
            field="--zone",
        ) from None


def _chosen(text: str, known: list[str], option: str) -> str:
    from declarant.problems import bad_input

    if text not in known:
        raise bad_input(
            "log.choice",
            f"{text!r} is none of the words that {option} knows.",
            mend=f"Choose one of: {', '.join(known)}.",
            field=option,
        )
    return text
