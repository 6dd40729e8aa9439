"""Records of a `.wandb` file, which Weights & Biases writes while a run goes on.

The file is LevelDB's log format behind a header of its own: `:W&B`, the number 0xBEE1 and a
version, then blocks of 32 KiB that hold chunks, each with a checksum, a length and a kind (whole,
first, middle, last part of a record). A record is a message `Record` of wandb_internal.proto.
Sources: LevelDB, doc/log_format.md; wandb, core/pkg/leveldb (the checksum is CRC-32 over kind and
data). Earlier releases of wandb held a reader for it in Python and 0.31 does not, so the framing is
read here; the messages are the library's.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from declarant.problems import bad_input

HEADER = b":W&B\xe1\xbe"
_BLOCK = 32_768
_FRAME = struct.Struct("<IHB")
_WHOLE, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_LONGEST = 64 << 20  # bytes of a record; a longer one is passed over


class RecordFile:
    """One file.

    Attributes:
        size: bytes.
        lost: bytes passed over for damage.
    """

    def __init__(self, path: Path, shown: str) -> None:
        self.path = path
        self.shown = shown
        self.size = path.stat().st_size
        self.lost = 0

    def records(self) -> Iterator[bytes]:
        """Yield the records in the order written; past damage, from the next block on.

        Raises:
            BadInput: when the file does not begin as such a file does.
        """
        begun: bytearray | None = None
        with self.path.open("rb") as content:
            header = content.read(7)
            if header[:6] != HEADER or len(header) < 7:
                raise bad_input(
                    "wandb-offline.header",
                    "does not begin as a .wandb file does.",
                    mend="Name the file run-ID.wandb in the folder wandb/offline-run-….",
                    file=self.shown,
                )
            block = content.read(_BLOCK - 7)
            while block:
                for kind, data in self._chunks(block):
                    if kind == _WHOLE:
                        self._drop(begun)
                        begun = None
                        yield data
                    elif kind == _FIRST:
                        self._drop(begun)
                        begun = bytearray(data)
                    elif begun is None:
                        self.lost += len(data)
                    elif len(begun) + len(data) > _LONGEST:
                        self._drop(begun)
                        begun = None
                    else:
                        begun += data
                        if kind == _LAST:
                            yield bytes(begun)
                            begun = None
                block = content.read(_BLOCK)
        self._drop(begun)

    def _chunks(self, block: bytes) -> Iterator[tuple[int, bytes]]:
        at = 0
        while len(block) - at >= _FRAME.size:
            checksum, length, kind = _FRAME.unpack_from(block, at)
            if checksum == length == kind == 0 and not any(block[at:]):
                return  # the rest of a block that was never written
            data = block[at + _FRAME.size : at + _FRAME.size + length]
            is_whole = len(data) == length and _WHOLE <= kind <= _LAST
            if not is_whole or zlib.crc32(data, zlib.crc32(bytes([kind]))) != checksum:
                self.lost += len(block) - at
                return
            yield kind, data
            at += _FRAME.size + length
        rest = block[at:]
        if any(rest):
            self.lost += len(rest)

    def _drop(self, begun: bytearray | None) -> None:
        self.lost += len(begun) if begun else 0
