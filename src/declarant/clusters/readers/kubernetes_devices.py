"""Which accelerators one Kubernetes node holds, from its labels and its capacity.

A resource counts what may be asked for, which is not always a device: MIG profiles and time
slicing multiply `nvidia.com/gpu`, partitions multiply `amd.com/gpu`, a Neuron core is a part of a
chip. Devices are counted, and where only parts are known the count is unknown.
Sources: NVIDIA GPU feature discovery (generated labels), AMD node labeller, GKE node labels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from declarant.clusters.readers.columns import MOST_DEVICES, UNKNOWN_COUNT

NVIDIA = "nvidia.com/gpu"
_PARTS = re.compile(r"-MIG-(?:(\d{1,2})g\.|INVALID)")
_MIG_RESOURCE = re.compile(r"nvidia\.com/mig-\d{1,2}g\.")
_COUNT = re.compile(r"(\d{1,12})(k?)")
_NO_CLIQUE = "00000000-0000-0000-0000-000000000000"

# resource -> labels that name the device
_NAMED_BY: dict[str, tuple[str, ...]] = {
    "amd.com/gpu": ("amd.com/gpu.product-name", "beta.amd.com/gpu.product-name"),
    "google.com/tpu": ("cloud.google.com/gke-tpu-accelerator",),
    "habana.ai/gaudi": ("habana.ai/gaudi.product", "habana.ai/device"),
    "aws.amazon.com/neuron": (),
    "aws.amazon.com/neurondevice": (),
    "alibabacloud.com/gpu-count": ("alibabacloud.com/gpu-card-model",),
    "aliyun.com/gpu-count": ("aliyun.accelerator/nvidia_name",),
    "huawei.com/Ascend910": ("node.kubernetes.io/npu.chip.name", "accelerator-type"),
    "gpu.intel.com/i915": ("gpu.intel.com/product",),
    "gpu.intel.com/xe": ("gpu.intel.com/product",),
}
_SAME_DEVICES = {"aws.amazon.com/neurondevice": "aws.amazon.com/neuron"}
_PARTS_OF_DEVICES = {
    *("alibabacloud.com/gpu-milli", "aliyun.com/gpu-mem", "aws.amazon.com/neuroncore"),
    *("nvidia.com/gpu.shared", "gpu.intel.com/i915_monitoring", "gpu.intel.com/xe_monitoring"),
}
_LOOKS_LIKE_ONE = re.compile(
    r"(?:^|[/._-])v?(?:x?gpu|tpu|npu|hpu|mlu|dcu|gcu|gaudi|neuron\w*|ascend\w*|accelerator)",
    re.IGNORECASE,
)
_NVIDIA_PRODUCT_LABELS = ("cloud.google.com/gke-accelerator",)
_INSTANCE_TYPE = ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")


@dataclass(slots=True)
class NodeDevices:
    """What one node holds.

    Attributes:
        rows: (device as printed, "" unknown; count, -1 unknown).
        clique: the scale-up domain, "" none or unknown.
        sliced: parts of devices are counted where devices should be.
        unnamed: a device has a count and no name.
        unreadable: a count that is none ("" when all are).
        unknown_resource: a resource that may be an accelerator and is not known here.
        from_instance_type: the instance type stood in for what the node does not say.
    """

    rows: list[tuple[str, int]] = field(default_factory=list)
    clique: str = ""
    sliced: bool = False
    unnamed: bool = False
    unreadable: str = ""
    unknown_resource: str = ""
    from_instance_type: str = ""

    def add(self, device: str, count: int) -> None:
        """Add devices; none are no row."""
        if count:
            self.rows.append((device, count))
            self.unnamed = self.unnamed or not device


def devices_of(labels: Mapping[str, str], capacity: Mapping[str, str]) -> NodeDevices:
    """Return the accelerators of a node with these labels and this capacity (not allocatable)."""
    found = NodeDevices()
    _add_nvidia(labels, capacity, found)
    for resource, named_by in _NAMED_BY.items():
        if resource in capacity and _SAME_DEVICES.get(resource) not in capacity:
            device = next((labels[key] for key in named_by if labels.get(key)), "")
            count = _count(capacity[resource], found)
            if resource == "amd.com/gpu" and _is_partitioned(labels):
                count, found.sliced = UNKNOWN_COUNT, True
            found.add(device, count)
    if not found.rows:
        _add_unknown(capacity, found)
    _fill_from_instance_type(labels, found)
    found.clique = _clique(labels, capacity)
    return found


def _add_nvidia(labels: Mapping[str, str], capacity: Mapping[str, str], found: NodeDevices) -> None:
    counted = _count(labels.get("nvidia.com/gpu.count", "0"), found)
    asked_for = _count(capacity.get(NVIDIA, "0"), found)
    product = labels.get("nvidia.com/gpu.product", "").removesuffix("-SHARED")
    product = product or next((labels[k] for k in _NVIDIA_PRODUCT_LABELS if labels.get(k)), "")
    if parts := _PARTS.search(product):
        # strategy "single": the label counts slices; half of a device or more is alone on it
        alone = parts[1] is not None and int(parts[1]) >= 4
        found.add(product[: parts.start()], counted if alone and counted else UNKNOWN_COUNT)
        found.sliced = not (alone and counted)
        return
    replicas = _count(labels.get("nvidia.com/gpu.replicas", "1"), found) or 1
    shared = replicas > 1 or labels.get("nvidia.com/gpu.sharing-strategy", "none") != "none"
    shared = shared or labels.get("nvidia.com/gpu.product", "").endswith("-SHARED")
    mixed = any(_MIG_RESOURCE.match(resource) for resource in capacity)
    if counted:
        found.add(product, counted)
        if asked_for > counted and not shared:  # two products; the labels tell of one
            found.add("", asked_for - counted)
    elif shared or mixed or "nvidia.com/gpu.shared" in capacity:
        exact = replicas > 1 and asked_for and not asked_for % replicas and not mixed
        found.add(product, asked_for // replicas if exact else UNKNOWN_COUNT)
        found.sliced = not exact
    else:
        found.add(product, asked_for)


def _is_partitioned(labels: Mapping[str, str]) -> bool:
    """Whether each device shows as several (DPX, QPX, CPX); SPX is one."""
    mode = labels.get("amd.com/compute-memory-partition", "spx").lower()
    return not mode.startswith("spx")


def _add_unknown(capacity: Mapping[str, str], found: NodeDevices) -> None:
    for resource, amount in capacity.items():
        if resource in _NAMED_BY or resource == NVIDIA or amount == "0":
            continue
        if resource in _PARTS_OF_DEVICES or re.match(r"amd\.com/[sdqc]px_", resource):
            found.add("", UNKNOWN_COUNT)
            found.sliced = True
            return
        if _LOOKS_LIKE_ONE.search(resource):
            found.add("", UNKNOWN_COUNT)
            found.unknown_resource = resource
            return


def _fill_from_instance_type(labels: Mapping[str, str], found: NodeDevices) -> None:
    """Take device and count from the provider's catalogue where the node does not say them."""
    name = next((labels[key] for key in _INSTANCE_TYPE if labels.get(key)), "")
    if not name or (found.rows and all(device and count > 0 for device, count in found.rows)):
        return
    from declarant.hardware import instance_type

    known = instance_type(name)
    if known is None or len(found.rows) > 1:
        return
    device, count = found.rows[0] if found.rows else ("", UNKNOWN_COUNT)
    found.rows = [(device or known.device.name, known.devices if count < 0 else count)]
    found.unnamed = found.sliced = False
    found.unknown_resource = ""
    found.from_instance_type = name


def _clique(labels: Mapping[str, str], capacity: Mapping[str, str]) -> str:
    clique = labels.get("nvidia.com/gpu.clique", "")
    if clique and not clique.startswith(_NO_CLIQUE):
        return clique
    # a multi-host TPU slice is one node pool, and its topology names more chips than one host has
    chips = 1
    for part in labels.get("cloud.google.com/gke-tpu-topology", "").split("x"):
        chips *= int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 0
    here = capacity.get("google.com/tpu", "")
    if here.isascii() and here.isdigit() and len(here) < 6 and chips > int(here) > 0:
        pool = labels.get("cloud.google.com/gke-nodepool", "")
        return f"tpu slice {pool}" if pool else ""
    return ""


def _count(text: str, found: NodeDevices) -> int:
    match = _COUNT.fullmatch(text)
    count = int(match[1]) * (1000 if match[2] else 1) if match else MOST_DEVICES + 1
    if count > MOST_DEVICES:
        found.unreadable = text[:40]
        return 0
    return count
