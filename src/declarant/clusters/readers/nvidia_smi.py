"""`nvidia-smi -q -x`: the GPUs of one machine, whatever slices they are cut into.

The file does not name its machine; the file's own name does. MIG devices stand inside their GPU
and are not counted. Source: nvsmi_device.dtd, nvidia-smi(1).
"""

from __future__ import annotations

from pathlib import PurePath
from xml.etree.ElementTree import Element

from declarant.clusters.observation import Observation, Status
from declarant.clusters.readers.columns import MOST_DEVICES, MachineRows
from declarant.clusters.readers.guarded_xml import child, parse_xml, tag, text_of
from declarant.clusters.readers.registry import ReadContext, reader
from declarant.formats import Sample
from declarant.problems import Finding, Severity, bad_input

_NO_FABRIC = "00000000-0000-0000-0000-000000000000"


def _is_nvidia_smi(sample: Sample) -> bool:
    return "<nvidia_smi_log" in sample.head


@reader("nvidia-smi", shows="nvidia-smi -q -x", suffixes=(".xml",), sniff=_is_nvidia_smi)
def read(content: bytes, context: ReadContext) -> Observation:
    """Read one machine; its name is the file's, without the suffix.

    GPUs that are attached but not described (`-i` was given) become devices without a name.

    Raises:
        BadInput: when it is not XML of nvidia-smi, or describes no GPU.
    """
    root = parse_xml(content, "nvidia_smi_log", context)
    machine = PurePath(context.file).name.removesuffix(".xml") or "unnamed"
    findings = [_name_finding(machine, context)]
    found: dict[tuple[str, str], int] = {}
    uuids: dict[str, int] = {}
    for number, gpu in enumerate(part for part in root if tag(part) == "gpu"):
        place = f"gpu[{number}]"
        uuid = text_of(gpu, "uuid")
        if uuid and uuid in uuids:
            findings.append(_duplicate(uuid, uuids[uuid], place, context))
            continue
        uuids[uuid] = number
        device = text_of(gpu, "product_name")
        if not device:
            findings.append(_unnamed(place, context))
        kind = (device, _clique(child(gpu, "fabric")))
        found[kind] = found.get(kind, 0) + 1
    if not found:
        raise bad_input(
            "nvidia-smi.no_gpus",
            "describes no GPU.",
            mend="Write it on the machine, where the driver runs: nvidia-smi -q -x.",
            file=context.file,
        )
    described = sum(found.values())
    attached = _attached(root)
    if attached is not None and attached != described:
        findings.append(_attached_differ(attached, described, context))
    rows = MachineRows()
    for (device, clique), count in found.items():
        rows.add(machine, device, count, status=Status.IN_SERVICE, clique=clique)
    if attached is not None and attached > described:
        rows.add(machine, "", attached - described, status=Status.IN_SERVICE)
    return context.observation(machines=rows.machines("nvidia-smi"), findings=tuple(findings))


def _clique(fabric: Element | None) -> str:
    """Return `ClusterUUID.CliqueID`, as the Kubernetes label nvidia.com/gpu.clique has it."""
    if fabric is None:
        return ""
    values = {tag(part).lower(): (part.text or "").strip() for part in fabric}
    cluster, clique = values.get("clusteruuid", ""), values.get("cliqueid", "")
    if not cluster or cluster in ("N/A", _NO_FABRIC):
        return ""
    return f"{cluster}.{clique}" if clique and clique != "N/A" else cluster


def _attached(root: Element) -> int | None:
    text = text_of(root, "attached_gpus")
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    return count if count is not None and count <= MOST_DEVICES else None


def _name_finding(machine: str, context: ReadContext) -> Finding:
    return context.finding(
        "nvidia-smi.machine_name",
        f"does not name its machine, which is taken as {machine!r} after the file.",
        mend="Name each file after its machine: nvidia-smi -q -x > $(hostname).xml.",
        severity=Severity.NOTE,
    )


def _duplicate(uuid: str, first: int, place: str, context: ReadContext) -> Finding:
    return context.finding(
        "nvidia-smi.duplicate",
        f"repeats the GPU {uuid[:60]!r} of gpu[{first}]; it is counted once.",
        mend="Write the file again.",
        field=place,
    )


def _unnamed(place: str, context: ReadContext) -> Finding:
    return context.finding(
        "nvidia-smi.no_product",
        "is a GPU without a product name.",
        mend="Write the file again with a driver that knows the GPU.",
        field=f"{place}.product_name",
        effect="the peak has no upper bound",
    )


def _attached_differ(attached: int, described: int, context: ReadContext) -> Finding:
    more = attached > described
    return context.finding(
        "nvidia-smi.attached",
        f"says that {attached} GPUs are attached and describes {described}"
        f"{'; the others count as devices without a name' if more else ''}.",
        mend="Write it again without -i, and unchanged.",
        field="attached_gpus",
        effect="the peak has no upper bound" if more else "",
    )
