"""Write the bulky evidence of the example registers: inventories, links, dumps, logs.

The files stand in the repository as written by this script; a test writes them again and compares.
Names, serials and sites are invented. Usage: python examples/make_evidence.py [FOLDER]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from measured_run import accounting, megatron_log, metered

EXAMPLES = Path(__file__).parent


def main(folder: Path = EXAMPLES) -> None:
    """Write every generated file below `folder`."""
    cedar = folder / "cedar-ridge" / "evidence" / "phoenix"
    write(cedar / "machines.csv", machines("phx", 3072, "NVIDIA H100 80GB HBM3", 8, "Goodyear AZ"))
    write(cedar / "links.csv", two_tier_links("phx", 3072, 32, 8, 400))
    write(cedar / "lab-ibnetdiscover.txt", rail_dump("lab", machines_count=48, rails=8, spines=6))
    write(cedar / "lab-scontrol.txt", scontrol_nodes("lab", 48))
    halcyon = folder / "halcyon" / "evidence"
    write(
        halcyon / "larkspur" / "machines.csv",
        machines("lks", 8192, "NVIDIA H100 80GB HBM3", 8, "Quincy WA"),
    )
    write(halcyon / "larkspur" / "links.csv", two_tier_links("lks", 8192, 32, 8, 400))
    write(halcyon / "teasel" / "machines.csv", machines("tsl", 7168, "NVIDIA H200", 8, "Sines PT"))
    write(halcyon / "teasel" / "links.csv", two_tier_links("tsl", 7168, 32, 16, 200))
    juniper = folder / "juniper" / "evidence"
    write(juniper / "train.log", megatron_log())
    write(juniper / "sacct.txt", accounting())
    metered((juniper / "sacct.txt").resolve(), (juniper / "metered.parquet").resolve())


def write(file: Path, lines: Iterator[str]) -> None:
    """Write lines with Unix line ends."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"{line}\n" for line in lines)


def machines(prefix: str, count: int, device: str, devices: int, site: str) -> Iterator[str]:
    """Rows of an inventory: one a machine."""
    yield "name,device,count,site,status,owner"
    for number in range(count):
        yield f"{prefix}{number:05d},{device},{devices},{site},in_service,"


def two_tier_links(prefix: str, count: int, per_leaf: int, links: int, gbit: int) -> Iterator[str]:
    """Rows of links: each machine to its leaf, each leaf to each of eight spines."""
    yield "a,b,gbit_s,count,status"
    for number in range(count):
        yield f"{prefix}{number:05d},{prefix}-leaf{number // per_leaf:03d},{gbit},{links},connected"
    for leaf in range(-(-count // per_leaf)):
        for spine in range(8):
            uplinks = per_leaf * links // 8
            yield f"{prefix}-leaf{leaf:03d},{prefix}-spine{spine},{gbit},{uplinks},connected"


def rail_dump(prefix: str, machines_count: int, rails: int, spines: int) -> Iterator[str]:
    """Lines as ibnetdiscover prints them: one leaf a rail, every leaf to every spine, 4xNDR."""
    leaf_guid = [0x9C0591030085A000 + 0x40 * rail for rail in range(rails)]
    spine_guid = [0x9C05910300F1C000 + 0x40 * spine for spine in range(spines)]
    card_guid = [
        [0xA088C20300560000 + 0x100 * machine + 0x8 * rail for rail in range(rails)]
        for machine in range(machines_count)
    ]
    uplinks = 2
    yield "#"
    yield "# Topology file: generated on Mon Nov 16 06:12:44 2026"
    yield "#"
    yield f"# Initiated from node {card_guid[0][0]:016x} port {card_guid[0][0]:016x}"
    for rail, guid in enumerate(leaf_guid):
        yield from _switch_head(guid, f"MF0;{prefix}-leaf{rail + 1}:MQM9700/U1", lid=10 + rail)
        for machine in range(machines_count):
            card = card_guid[machine][rail]
            yield (
                f'[{machine + 1}]\t"H-{card:016x}"[1]({card:x}) \t\t'
                f'# "{prefix}{machine:03d} mlx5_{rail}" lid {100 + machine * rails + rail} 4xNDR'
            )
        for spine, above in enumerate(spine_guid):
            for lane in range(uplinks):
                port = machines_count + 1 + spine * uplinks + lane
                yield (
                    f'[{port}]\t"S-{above:016x}"[{rail * uplinks + lane + 1}]\t\t'
                    f'# "MF0;{prefix}-spine{spine + 1}:MQM9700/U1" lid {40 + spine} 4xNDR'
                )
    for spine, guid in enumerate(spine_guid):
        yield from _switch_head(guid, f"MF0;{prefix}-spine{spine + 1}:MQM9700/U1", lid=40 + spine)
        for rail, below in enumerate(leaf_guid):
            for lane in range(uplinks):
                port = machines_count + 1 + spine * uplinks + lane
                yield (
                    f'[{rail * uplinks + lane + 1}]\t"S-{below:016x}"[{port}]\t\t'
                    f'# "MF0;{prefix}-leaf{rail + 1}:MQM9700/U1" lid {10 + rail} 4xNDR'
                )
    for machine in range(machines_count):
        for rail in range(rails):
            card, lid = card_guid[machine][rail], 100 + machine * rails + rail
            yield ""
            yield "vendid=0x2c9"
            yield "devid=0x1021"
            yield f"sysimgguid=0x{card:x}"
            yield f"caguid=0x{card:x}"
            yield f'Ca\t1 "H-{card:016x}"\t\t# "{prefix}{machine:03d} mlx5_{rail}"'
            yield (
                f'[1]({card:x}) \t"S-{leaf_guid[rail]:016x}"[{machine + 1}]\t\t# lid {lid} lmc 0 '
                f'"MF0;{prefix}-leaf{rail + 1}:MQM9700/U1" lid {10 + rail} 4xNDR'
            )


def _switch_head(guid: int, name: str, lid: int) -> Iterator[str]:
    yield ""
    yield "vendid=0x2c9"
    yield "devid=0xd2f2"
    yield f"sysimgguid=0x{guid:x}"
    yield f"switchguid=0x{guid:x}({guid:x})"
    yield f'Switch\t65 "S-{guid:016x}"\t\t# "{name}" enhanced port 0 lid {lid} lmc 0'


def scontrol_nodes(prefix: str, count: int) -> Iterator[str]:
    """Lines as `scontrol show node` prints them."""
    for number in range(count):
        name = f"{prefix}{number:03d}"
        yield f"NodeName={name} Arch=x86_64 CoresPerSocket=56 "
        yield "   CPUAlloc=224 CPUEfctv=224 CPUTot=224 CPULoad=31.07"
        yield "   AvailableFeatures=h100,ndr"
        yield "   ActiveFeatures=h100,ndr"
        yield "   Gres=gpu:nvidia_h100_80gb_hbm3:8(S:0-1)"
        yield f"   NodeAddr={name} NodeHostName={name} Version=24.05.3"
        yield "   OS=Linux 5.15.0-118-generic #128-Ubuntu SMP Fri Jul 5 09:28:59 UTC 2024 "
        yield "   RealMemory=2063838 AllocMem=2031616 FreeMem=1420133 Sockets=2 Boards=1"
        yield "   State=ALLOCATED ThreadsPerCore=2 TmpDisk=0 Weight=1 Owner=N/A MCS_label=N/A"
        yield "   Partitions=train "
        yield "   CfgTRES=cpu=224,mem=2063838M,billing=224,gres/gpu=8"
        yield "   AllocTRES=cpu=224,mem=2031616M,gres/gpu=8"
        yield ""


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
