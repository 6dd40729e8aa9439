"""What hangs together: readers of fabrics and inventories, the fabric, and its assessment.

    fabric = Fabric.join([read_file(Path("links.csv")), read_file(Path("machines.csv"))])
    found = assess(fabric, Limits(operations_per_second=..., link_bits_per_second=...))

`Fabric.join` takes observations, or `Evidence` (an observation with a site, a status, devices that
a person assumes); `declared_machines` stands for machines that no file describes.
"""

from declarant.clusters.assess import assess
from declarant.clusters.assessment import ClusterAssessment, Flip, Limits, ReadingResult
from declarant.clusters.evidence import AssumedDevices, Evidence, declared_machines
from declarant.clusters.fabric import Fabric
from declarant.clusters.observation import Observation, Status
from declarant.clusters.readers import read_file
from declarant.clusters.reading import DIMENSIONS, Reading

__all__ = [
    "DIMENSIONS",
    "AssumedDevices",
    "ClusterAssessment",
    "Evidence",
    "Fabric",
    "Flip",
    "Limits",
    "Observation",
    "Reading",
    "ReadingResult",
    "Status",
    "assess",
    "declared_machines",
    "read_file",
]
