"""`declarant cluster`: which machines are connected, their peak, and what changes the verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from declarant.cli.arguments import (
    REPORTING_RULE,
    AsOfOption,
    JsonOption,
    RegimeOption,
    given_to,
    read_day,
    today,
)

if TYPE_CHECKING:
    from datetime import date

    from declarant.clusters import (
        AssumedDevices,
        ClusterAssessment,
        Fabric,
        Limits,
    )


def cluster(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Fabric dumps, link lists, inventories."),
    ],
    machines: Annotated[
        list[Path] | None,
        typer.Option("--machines", help="Inventory of machines; may be repeated."),
    ] = None,
    node_names: Annotated[
        Path | None, typer.Option("--node-names", help="Map of GUIDs to names for fabric dumps.")
    ] = None,
    file_format: Annotated[
        str | None, typer.Option("--format", help="Format of every FILE. Default: found.")
    ] = None,
    devices_per_machine: Annotated[
        int | None,
        typer.Option(help="Devices of machines that no inventory describes; with --device.", min=0),
    ] = None,
    device: Annotated[
        str | None, typer.Option(help='Their name, such as "H100 SXM"; with the option above.')
    ] = None,
    regime: RegimeOption = REPORTING_RULE,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the machines that form one cluster, its peak, and the verdict under every reading."""
    from declarant.cli import output
    from declarant.cli.cluster_page import show
    from declarant.clusters import Evidence, Fabric, assess, read_file
    from declarant.law import load_regime

    day = read_day(as_of, "--as-of") or today()
    assumed = _assumed(device, devices_per_machine)
    limits, horizon = _limits(regime, day)
    with output.progress("Reading") as advance:
        evidence = [
            Evidence(read_file(file, file_format, node_names, advance=advance), assumed)
            for file in files
        ]
        evidence += [Evidence(read_file(file, advance=advance)) for file in machines or ()]
    fabric = Fabric.join(evidence)
    with output.progress("Assessing") as advance:
        found = assess(fabric, limits, horizon=horizon.isoformat(), advance=advance)
    if as_json:
        output.print_json(_json(regime, day, found, fabric))
    else:
        status = load_regime(regime).status[-1].name.en
        show(output.console(), regime, status, found, fabric)


def _assumed(device: str | None, per_machine: int | None) -> AssumedDevices | None:
    from declarant.clusters import AssumedDevices
    from declarant.problems import bad_input

    if device is None and per_machine is None:
        return None
    if device is None or per_machine is None:
        raise bad_input(
            "cluster.assumption",
            "--device and --devices-per-machine go together.",
            mend='Give both, such as --devices-per-machine 8 --device "H100 SXM".',
            field="--device" if device is None else "--devices-per-machine",
        )
    return AssumedDevices(device, per_machine)


def _limits(regime: str, day: date) -> tuple[Limits, date]:
    """Return what the law of the day says must be exceeded, and how far its look-ahead reaches."""
    from declarant.determination.clusters import limits_of
    from declarant.law import load_regime, months_after
    from declarant.problems import bad_input

    with given_to("--regime"):
        named = load_regime(regime)
    with given_to("--as-of"):
        for activity in named.on(day).activities:
            if activity.kind == "cluster":
                return limits_of(activity, day), months_after(day, activity.look_ahead_on(day))
    raise bad_input(
        "cluster.no_such_activity",
        f"{regime} has no threshold on computing clusters.",
        mend="Name a regime that has one, such as us-bis-702-7.",
        field="--regime",
    )


def _json(regime: str, day: date, found: ClusterAssessment, fabric: Fabric) -> dict[str, Any]:
    return {
        "regime": regime,
        "as_of": day.isoformat(),
        **found.as_json(),
        "inputs": [item.as_json() for item in fabric.inputs],
    }
