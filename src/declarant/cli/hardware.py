"""`declarant hardware`: the catalogue of accelerators, and how names are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from declarant.cli.arguments import JsonOption

if TYPE_CHECKING:
    from declarant.hardware import Device, InstanceType, Peak
    from declarant.quantities import Interval

app = typer.Typer(
    help="Accelerators: dense peaks with their sources, and the names tools print.",
    no_args_is_help=True,
)


@app.command("list")
def list_devices(as_json: JsonOption = False) -> None:
    """List every device with its dense peak by number format."""
    from declarant.cli import output
    from declarant.hardware import devices
    from declarant.quantities import FormatClass

    if as_json:
        output.print_json({"devices": [_json(device) for device in devices()]})
        return
    shown = (FormatClass.HIGHEST, FormatClass.BITS_16, FormatClass.BITS_8)
    rows = [
        [
            device.id,
            device.role.value,
            *(_tera(device.peak(item)) for item in shown),
            _least_confidence(device),
        ]
        for device in devices()
    ]
    page = output.console()
    page.print(
        output.table(
            "Dense peak, 10^12 operations per second, without sparsity",
            ["device", "made for", *(item.value for item in shown), "rests on"],
            rows,
            right=[item.value for item in shown],
        )
    )
    page.print(
        "A dash: not offered. Two figures: sources conflict. `declarant hardware show DEVICE` "
        "gives every format with its source."
    )


@app.command()
def show(
    name: Annotated[
        str, typer.Argument(help="A device's id or name, or an instance type (p5.48xlarge).")
    ],
    as_json: JsonOption = False,
) -> None:
    """Show one device, or what an instance type holds: each rate with source and confidence."""
    from declarant.cli import output
    from declarant.hardware import device, instance_type, match_device
    from declarant.problems import bad_input

    instance = instance_type(name)
    found = instance.device if instance else device(name)
    if found is None:
        raise bad_input(
            "hardware.unknown_device",
            f"{match_device(name).why}.",
            mend="Give one device; `declarant hardware list` lists them.",
            field="NAME",
        )
    if as_json:
        held = {"instance_type": _instance_json(instance)} if instance else {}
        output.print_json({**_json(found), **held})
        return
    page = output.console()
    if instance:
        page.print(_instance_line(instance))
    sources = list(dict.fromkeys(peak.source for peak in found.peaks.values()))
    page.print(
        output.table(
            f"{found.name} ({found.maker}, {found.role.value})",
            ["format", "dense peak, 10^12/s", "rests on", "source", "note"],
            [
                (
                    number_format.value,
                    _rate(peak),
                    peak.confidence.value,
                    str(sources.index(peak.source) + 1),
                    output.plain(peak.note),
                )
                for number_format, peak in found.peaks.items()
            ],
            right=["dense peak, 10^12/s"],
        )
    )
    for number, source in enumerate(sources, 1):
        page.print(output.plain(f"{number}. {source.title} {source.url or ''}".rstrip()))
    if found.note:
        page.print(output.plain(found.note))


@app.command()
def match(
    name: Annotated[str, typer.Argument(help="A name as a tool prints it.")],
    naming: Annotated[
        str,
        typer.Option(help="The tool: nvidia-smi, rocm-smi, kubernetes, slurm, gke, jax, mlperf."),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Say which device a printed name or an instance type means; exit status 1 when none."""
    from declarant.cli import output
    from declarant.hardware import instance_type, match_device

    found = match_device(name, naming)
    instance = None if found.devices else instance_type(name)
    if as_json:
        known = (instance.device,) if instance else found.devices
        output.print_json(
            {
                "name": name,
                "devices": [item.id for item in known],
                "per_name": str(instance.devices if instance else found.per_name),
                "why": _instance_line(instance) if instance else found.why,
            }
        )
    else:
        shown = _instance_line(instance) if instance else found.why
        output.console().print(output.plain(shown))
    if not found.devices and instance is None:
        raise typer.Exit(1)


def _tera(peak: Interval | None) -> str:
    """Print a peak in 10^12 operations per second, exactly: it is whole operations."""
    if peak is None:
        return "-"
    low = _exact(int(peak.low))
    if peak.is_exact:
        return low
    return f"at least {low}" if peak.high is None else f"{low} to {_exact(int(peak.high))}"


def _exact(rate: int) -> str:
    whole, rest = divmod(rate, 10**12)
    return f"{whole}.{rest:012d}".rstrip("0").rstrip(".")


def _rate(peak: Peak) -> str:
    if peak.rate_is_known:
        return _tera(peak.interval)
    return "unknown" if peak.high is None else f"unknown, at most {_exact(peak.high)}"


def _least_confidence(device: Device) -> str:
    from declarant.hardware import Confidence

    found = {peak.confidence for peak in device.peaks.values()}
    return [item for item in Confidence if item in found][-1].value


def _instance_line(instance: InstanceType) -> str:
    from declarant.quantities import show_bits_per_second

    rate = show_bits_per_second(instance.bits_per_second)
    return (
        f"{instance.name} ({instance.provider}): {instance.devices} x {instance.device.id}, "
        f"{instance.links} x {rate} ({instance.source.title} {instance.source.url or ''})"
    )


def _instance_json(instance: InstanceType) -> dict[str, Any]:
    return {
        "name": instance.name,
        "provider": instance.provider,
        "devices": instance.devices,
        "links": instance.links,
        "bits_per_second": str(instance.bits_per_second),
        "source": instance.source.title,
        "url": instance.source.url,
    }


def _json(device: Device) -> dict[str, Any]:
    return {
        "id": device.id,
        "name": device.name,
        "maker": device.maker,
        "role": device.role.value,
        "note": device.note,
        "peaks": {
            number_format.value: {
                "rate_is_known": peak.rate_is_known,
                "low": str(peak.low),
                "high": None if peak.high is None else str(peak.high),
                "confidence": peak.confidence.value,
                "source": peak.source.title,
                "url": peak.source.url,
                "note": peak.note,
            }
            for number_format, peak in device.peaks.items()
        },
    }
