"""Readers of what trainers, schedulers, counters and the tracker wrote: one module a format."""

from declarant.compute.readers.read import read_recording
from declarant.compute.readers.registry import NOTHING_GIVEN, Given, Reader, reader, readers
from declarant.compute.readers.source import Source

__all__ = ["NOTHING_GIVEN", "Given", "Reader", "Source", "read_recording", "reader", "readers"]
