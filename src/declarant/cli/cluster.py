"""`declarant cluster`: which machines hang together, their peak, and what changes the verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from declarant.cli.arguments import (
    REPORTING_RULE,
    AsOfOption,
    JsonOption,
    RegimeOption,
    read_day,
    today,
)
from declarant.cli.verdicts import SHOWN

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from declarant.clusters import (
        AssumedDevices,
        ClusterAssessment,
        Evidence,
        Fabric,
        Limits,
        ReadingResult,
    )

_LISTED = 8  # machines and links of the witness, and examples, on a screen


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
        str | None, typer.Option("--format", help="Format of every FILE. [default: found]")
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
    from declarant.clusters import Evidence, Fabric, assess, read_file

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
        _show(output.console(), regime, found, evidence, fabric)


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

    law = load_regime(regime).on(day)
    for activity in law.activities:
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


def _show(
    page: Console,
    regime: str,
    found: ClusterAssessment,
    evidence: list[Evidence],
    fabric: Fabric,
) -> None:
    from declarant.cli import output
    from declarant.law import load_regime
    from declarant.quantities import show_bits_per_second, show_interval, show_rate

    default, limits = found.default, found.limits
    page.print(f"{SHOWN[found.verdict]} under the cautious default reading {default.reading.id}")
    page.print(
        f"{default.machines:,} machines with {default.devices:,} devices hang together through "
        f"links above {show_bits_per_second(limits.link_bits_per_second)}; their peak is "
        f"[bold]{show_interval(default.peak)}/s[/], the limit "
        f"{show_rate(limits.operations_per_second)} ({regime}, "
        f"{load_regime(regime).status[-1].name.en}).\n"
    )
    page.print(_readings(found))
    same = [item for item in found.variations if _outcome(item) == _outcome(default)]
    if same:
        named = "; ".join(item.reading.id.split("/")[-1].replace("_", " ") for item in same)
        page.print(f"The same as by default under: {named}.")
    page.print("\n[bold]What would change the verdict[/]")
    for flip in found.flips:
        page.print(f"  - {output.plain(flip.what)}")
    if not found.flips:
        page.print("  - No single change of reading, link speed or number of devices.")
    _show_witness(page, found)
    _show_unattributed(page, found)
    page.print(
        output.table(
            "\nInputs",
            ["file", "format", "machines", "switches", "adapters", "links"],
            [
                (
                    output.plain(item.path),
                    item.format,
                    *(f"{n:,}" for n in (item.machines, item.switches, item.adapters, item.links)),
                )
                for item in fabric.inputs
            ],
            right=["machines", "switches", "adapters", "links"],
        )
    )
    output.show_findings(found.findings)


def _readings(found: ClusterAssessment) -> Any:
    """Return the table of readings; two that differ in scale-up only and agree share a row."""
    from declarant.cli import output
    from declarant.quantities import show_interval

    rows: list[list[str]] = []
    told: set[tuple[object, ...]] = set()
    outcomes: dict[tuple[str, str], set[tuple[object, ...]]] = {}
    for result in found.readings:
        key = (result.reading.number_format, result.reading.link)
        outcomes.setdefault(key, set()).add(_outcome(result))
    differing = [item for item in found.variations if _outcome(item) != _outcome(found.default)]
    for result in (*found.readings, *differing):
        reading = result.reading
        key = (reading.number_format, reading.link)
        rest = ", ".join(reading.id.split("/")[3:])
        either = not rest and len(outcomes[key]) == 1
        if either and key in told:
            continue
        told.add(key)
        rows.append(
            [
                reading.number_format,
                reading.link,
                "either" if either else reading.scale_up.replace("_", " "),
                rest.replace("_", " "),
                f"{result.machines:,}",
                f"{result.devices:,}",
                show_interval(result.peak),
                SHOWN[result.verdict],
            ]
        )
    columns = ["format", "link", "scale-up", "else", "machines", "devices", "peak/s", "verdict"]
    if not differing:
        del columns[3]
        rows = [[*row[:3], *row[4:]] for row in rows]
    return output.table(
        "The largest connected set under each reading",
        columns,
        rows,
        right=["machines", "devices"],
    )


def _outcome(result: ReadingResult) -> tuple[object, ...]:
    return (result.verdict, result.machines, result.devices, result.peak)


def _show_witness(page: Console, found: ClusterAssessment) -> None:
    from declarant.cli import output
    from declarant.quantities import show_bits_per_second

    if found.witness is None:
        return
    names = ", ".join(output.plain(name) for name in found.witness.machines[:_LISTED])
    page.print(f"\n[bold]Why they hang together[/]: for example {names}, joined by")
    for link in found.witness.links[:_LISTED]:
        times = f"{link.count} x " if link.count > 1 else ""
        page.print(
            f"  {output.plain(link.a)} -- {output.plain(link.b)}  "
            f"{times}{show_bits_per_second(link.bits_per_second)}"
        )


def _show_unattributed(page: Console, found: ClusterAssessment) -> None:
    from declarant.cli import output

    if not found.unattributed:
        return
    page.print("\n[bold]What could not be attributed[/]")
    for item in found.unattributed:
        examples = ", ".join(output.plain(name) for name in item.examples[:_LISTED])
        page.print(f"  - {item.count:,} {output.plain(item.what)} ({examples}): {item.effect}")
