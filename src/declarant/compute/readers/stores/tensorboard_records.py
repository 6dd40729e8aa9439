"""Event files of TensorBoard, record by record, with what of a damaged file could be read.

The library stops without a word at a record that is cut off or does not match its checksum, so the
bytes it got through are compared with the file's size. Framing: each record is its length (8
bytes), the length's checksum (4), the data, and the data's checksum (4);
https://www.tensorflow.org/tutorials/load_data/tfrecord.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from declarant.compute.readers.extras import library

_FRAME = 16
_LONGEST_HEADER = 1 << 31


@dataclass(frozen=True, slots=True)
class Scalar:
    """One number: its name, step, value, and moment in seconds since 1970."""

    name: str
    step: int
    value: float
    moment: float


class EventFile:
    """One file.

    Attributes:
        size: bytes.
        read: bytes got through so far, up to the first damage.
        unreadable: records that hold no event.
        purged: `SessionLog` starts: the writer said that later steps of before do not count.
    """

    def __init__(self, path: Path, shown: str) -> None:
        self.path = path
        self.shown = shown
        self.size = path.stat().st_size
        self.read = 0
        self.unreadable = 0
        self.purged = 0

    def scalars(self) -> Iterator[Scalar]:
        """Yield the scalars in the order written.

        Raises:
            BadInput: when the library is not installed.
        """
        loader = library(
            "tensorboard.backend.event_processing.event_file_loader", "tensorboard", self.shown
        )
        event_pb2 = library("tensorboard.compat.proto.event_pb2", "tensorboard", self.shown)
        tensor_util = library("tensorboard.util.tensor_util", "tensorboard", self.shown)
        logging.getLogger("tensorboard").setLevel(logging.ERROR)
        for record in self._records(loader):
            try:
                event = event_pb2.Event.FromString(record)
            except Exception:  # the library's own kinds of error differ by its backend
                self.unreadable += 1
                continue
            if event.WhichOneof("what") == "session_log" and event.session_log.status == 1:
                self.purged += 1
            for value in event.summary.value:
                number = _number(value, tensor_util)
                if number is not None:
                    yield Scalar(value.tag, event.step, number, event.wall_time)

    def _records(self, loader: Any) -> Iterator[bytes]:
        try:
            for record in loader.RawEventFileLoader(str(self.path)).Load():
                self.read += len(record) + _FRAME
                yield record
        except Exception:  # a length beyond memory, or an error of the file system
            return


def _number(value: Any, tensor_util: Any) -> float | None:
    kind = value.WhichOneof("value")
    if kind == "simple_value":
        return float(value.simple_value)
    if kind != "tensor" or value.tensor.tensor_shape.dim or value.tensor.dtype not in _NUMBERS:
        return None
    try:
        return float(tensor_util.make_ndarray(value.tensor).item())
    except Exception:  # a tensor whose content does not match its type
        return None


_NUMBERS = {1, 2, 3, 9}  # DT_FLOAT, DT_DOUBLE, DT_INT32, DT_INT64
