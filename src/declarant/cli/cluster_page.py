"""What `declarant cluster` shows to people: the verdict first, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from declarant.cli.verdicts import SHOWN

if TYPE_CHECKING:
    from rich.console import Console

    from declarant.clusters import ClusterAssessment, Fabric, ReadingResult

_LISTED = 8  # machines and links of the witness, and examples, on a screen
_STEPS = 6


def show(page: Console, regime: str, status: str, found: ClusterAssessment, fabric: Fabric) -> None:
    """Print an assessment; `status` says in a few words whether the regime is law."""
    from declarant.cli import output

    for part in (
        _verdict(regime, status, found, fabric),
        "",
        _table(found),
        *_other_readings(found),
    ):
        page.print(part)
    page.print("\n[bold]What would change the verdict[/]")
    for flip in found.flips:
        page.print(f"  - {output.plain(flip.what)}")
    if not found.flips:
        page.print("  - No single change of reading, link speed or number of devices.")
    for line in (*_speeds(found), *_witness(found), *_unattributed(found)):
        page.print(line)
    page.print(_inputs(fabric))
    output.show_findings(found.findings)


def _fastest(fabric: Fabric) -> int:
    """Return the rate of the fastest link that any file knows, bit/s."""
    edges = fabric.wiring.edges
    return int(max(edges.active.max(initial=0), edges.supported.max(initial=0)))


def _verdict(regime: str, status: str, found: ClusterAssessment, fabric: Fabric) -> str:
    from declarant.cli import output
    from declarant.quantities import show_bits_per_second, show_interval, show_rate

    default, limits = found.default, found.limits
    speed = show_bits_per_second(limits.link_bits_per_second)
    networking = f"by networking above {speed}"
    most = default.at_most_machines
    may = f" (at most {most:,} may be)" if most > default.machines else ""
    if default.machines > 1:
        machines = f"{default.machines:,} machines"
        if most > default.machines:
            machines = f"At least {default.machines:,}, at most {most:,} machines"
        held = f"{default.devices:,} devices" if default.devices_known else "devices not known"
        set_of = f"{machines} ({held}) are transitively connected {networking}"
    elif default.switches > 1:
        set_of = (
            f"No two machines are known to be transitively connected {networking}, only "
            f"{default.switches:,} switches{may}"
        )
    elif _fastest(fabric) <= limits.link_bits_per_second:
        set_of = f"No link above {speed} is known, and no two machines are joined{may}"
    else:
        set_of = f"No two machines are known to be transitively connected {networking}{may}"
    sites = f", at {', '.join(map(output.plain, default.sites[:_LISTED]))}" if default.sites else ""
    open_because = f" The bounds are open because of {default.peak.reason}."
    return (
        f"{SHOWN[found.verdict]} under the cautious default reading {default.reading.id}\n"
        f"{set_of}{sites}. {'Their' if default.machines > 1 else 'The largest known'} peak is "
        f"[bold]{show_interval(default.peak)}/s[/], the limit "
        f"{show_rate(limits.operations_per_second)} ({regime}, {status})."
        f"{open_because if default.peak.reason else ''}"
    )


def _table(found: ClusterAssessment) -> Any:
    """Return the table of readings; two that differ in scale-up only and agree share a row."""
    from declarant.cli import output
    from declarant.quantities import show_interval

    outcomes: dict[tuple[str, str], set[tuple[object, ...]]] = {}
    for result in found.readings:
        key = (result.reading.number_format, result.reading.link)
        outcomes.setdefault(key, set()).add(_outcome(result))
    rows = []
    told: set[tuple[str, str]] = set()
    for result in found.readings:
        reading = result.reading
        key = (reading.number_format, reading.link)
        alike = len(outcomes[key]) == 1
        if alike and key in told:
            continue
        told.add(key)
        scale_up = "" if alike else f", scale-up {reading.scale_up.replace('_', ' ')}"
        rows.append(
            (
                f"{reading.number_format}, {reading.link}{scale_up}",
                f"{result.machines:,}",
                _devices(result),
                show_interval(result.peak),
                SHOWN[result.verdict],
            )
        )
    return output.table(
        "The largest connected set under each reading: format, link",
        ["reading", "machines", "devices", "peak/s", "verdict"],
        rows,
        right=["machines", "devices"],
    )


def _other_readings(found: ClusterAssessment) -> Iterator[str]:
    """Say what single changes of the other dimensions come to."""
    from declarant.quantities import show_interval

    same = []
    for result in found.variations:
        if result.reading.standing != found.default.reading.standing:
            continue  # no reading of words
        changed = result.reading.id.split("/")[-1].replace("_", " ").replace("=", " ")
        if _outcome(result) == _outcome(found.default):
            same.append(changed)
            continue
        yield (
            f"With {changed}: {result.machines:,} machines, {_devices(result)} devices, "
            f"{show_interval(result.peak)}/s, {SHOWN[result.verdict]}."
        )
    if same:
        yield f"The same as by default with: {'; '.join(same)}."


def _outcome(result: ReadingResult) -> tuple[object, ...]:
    return (result.verdict, result.machines, result.devices, result.peak)


def _devices(result: ReadingResult) -> str:
    return f"{result.devices:,}" if result.devices_known else "not known"


def _speeds(found: ClusterAssessment) -> Iterator[str]:
    """Say what would be connected for every other limit on links."""
    from declarant.quantities import show_bits_per_second, show_interval

    if len(found.speeds) < 2:
        return
    yield "\n[bold]For every limit on links[/] (default reading otherwise)"
    for step in found.speeds[:_STEPS]:
        above = f"{show_bits_per_second(step.above)} or more"
        below = f"less than {show_bits_per_second(step.below)}" if step.below else ""
        range_of = " and ".join(part for part in (above if step.above else "", below) if part)
        joined = f"{step.machines:,} machines, {show_interval(step.peak)}/s"
        yield f"  {range_of}: {joined if step.machines > 1 else 'no two machines'}"
    if len(found.speeds) > _STEPS:
        yield f"  and {len(found.speeds) - _STEPS} more steps"


def _witness(found: ClusterAssessment) -> Iterator[str]:
    from declarant.cli import output
    from declarant.quantities import show_bits_per_second

    if found.witness is None:
        return
    names = ", ".join(output.plain(name) for name in found.witness.machines[:_LISTED])
    yield f"\n[bold]Why they are transitively connected[/]: for example {names}, joined by"
    for link in found.witness.links[:_LISTED]:
        times = f"{link.count} x " if link.count > 1 else ""
        yield (
            f"  {output.plain(link.a)} -- {output.plain(link.b)}  "
            f"{times}{show_bits_per_second(link.bits_per_second)}"
        )


def _unattributed(found: ClusterAssessment) -> Iterator[str]:
    from declarant.cli import output

    if not found.unattributed:
        return
    yield "\n[bold]What could not be attributed[/]"
    for item in found.unattributed:
        examples = ", ".join(output.plain(name) for name in item.examples[:_LISTED])
        yield f"  - {item.count:,} {output.plain(item.what)} ({examples}): {item.effect}"


def _inputs(fabric: Fabric) -> Any:
    from declarant.cli import output

    return output.table(
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
