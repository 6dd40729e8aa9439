"""`declarant hardware`: the catalogue of accelerators, and how names are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from declarant.cli.arguments import JsonOption

if TYPE_CHECKING:
    from declarant.hardware import Device

app = typer.Typer(
    help="Accelerators: dense peaks with their sources, and the names tools print.",
    no_args_is_help=True,
)


@app.command("list")
def list_devices(as_json: JsonOption = False) -> None:
    """List every device with its dense peak by number format."""
    from declarant.cli import output
    from declarant.hardware import devices
    from declarant.quantities import FormatClass, show_interval

    if as_json:
        output.print_json({"devices": [_json(device) for device in devices()]})
        return
    shown = [item for item in FormatClass if item is not FormatClass.BITS_6]
    rows = []
    for device in devices():
        peaks = [device.peak(item) for item in shown]
        rows.append([device.name, *(show_interval(peak) if peak else "-" for peak in peaks)])
    page = output.console()
    page.print(
        output.table(
            "Dense peak, operations per second, without sparsity",
            ["device", *(item.value for item in shown)],
            rows,
        )
    )
    page.print("A dash: not offered. Two figures: sources conflict. `show NAME` gives the sources.")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A device's id or name, such as h100-sxm.")],
    as_json: JsonOption = False,
) -> None:
    """Show one device: each rate with its source and confidence."""
    from declarant.cli import output
    from declarant.hardware import device, match_device
    from declarant.problems import bad_input
    from declarant.quantities import show_interval

    found = device(name)
    if found is None:
        raise bad_input(
            "hardware.unknown_device",
            f"{match_device(name).why}.",
            mend="Give one device; `declarant hardware list` lists them.",
        )
    if as_json:
        output.print_json(_json(found))
        return
    page = output.console()
    page.print(
        output.table(
            f"{found.name} ({found.maker}, {found.role.value})",
            ["format", "dense peak/s", "confidence", "source"],
            [
                (
                    number_format.value,
                    show_interval(peak.interval, 5),
                    peak.confidence.value,
                    f"{peak.source.title} {peak.source.url or ''} {peak.note}".strip(),
                )
                for number_format, peak in found.peaks.items()
            ],
        )
    )
    if found.note:
        page.print(found.note)


@app.command()
def match(
    name: Annotated[str, typer.Argument(help="A name as a tool prints it.")],
    naming: Annotated[
        str, typer.Option(help="The tool: nvidia-smi, kubernetes, slurm, rocm-smi, jax.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Say which device a printed name means; exit status 1 when it means none."""
    from declarant.cli import output
    from declarant.hardware import match_device

    found = match_device(name, naming)
    if as_json:
        output.print_json(
            {
                "name": name,
                "devices": [item.id for item in found.devices],
                "per_name": str(found.per_name),
                "why": found.why,
            }
        )
    else:
        output.console().print(output.plain(found.why))
    if not found.devices:
        raise typer.Exit(1)


def _json(device: Device) -> dict[str, Any]:
    return {
        "id": device.id,
        "name": device.name,
        "maker": device.maker,
        "role": device.role.value,
        "note": device.note,
        "peaks": {
            number_format.value: {
                "low": str(peak.low),
                "high": str(peak.high),
                "confidence": peak.confidence.value,
                "source": peak.source.title,
                "url": peak.source.url,
                "note": peak.note,
            }
            for number_format, peak in device.peaks.items()
        },
    }
