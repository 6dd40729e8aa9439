"""Accelerators: dense peaks with sources, the names tools print for them, and instance types."""

from declarant.hardware.device import Clocks, Confidence, Device, Peak, Role, Source
from declarant.hardware.instance_types import InstanceType, instance_type, instance_types
from declarant.hardware.names import DeviceMatch, device, devices, match_device

__all__ = [
    "Clocks",
    "Confidence",
    "Device",
    "DeviceMatch",
    "InstanceType",
    "Peak",
    "Role",
    "Source",
    "device",
    "devices",
    "instance_type",
    "instance_types",
    "match_device",
]
