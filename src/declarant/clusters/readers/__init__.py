"""Readers of what operators have: one module a format, found by being in this folder.

`registry` says how to write one; `read` chooses the reader for a file and runs it.
"""

from declarant.clusters.readers.read import read_file
from declarant.clusters.readers.registry import ReadContext, Reader, reader, readers
from declarant.formats import Sample

__all__ = ["ReadContext", "Reader", "Sample", "read_file", "reader", "readers"]
