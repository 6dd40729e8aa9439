"""The registry of what trainers and schedulers write: a reader is a small module here.

To add a format, write a module in this folder; it is found by being there. It holds one function:

    @reader("megatron-log", shows="Megatron-LM log", suffixes=(".log",), sniff=_is_megatron)
    def read(sources: Sequence[Source], given: Given) -> Recording:
        ...

`sources` are the files of one log, in the order given (a log is often cut by restarts); a format
that lives in a folder gets the folder as its one source. `sniff` must be strict, since a file that
two readers claim is refused. A reader streams: it never holds a file whole. It raises `BadInput`
when it cannot go on, and otherwise says in findings what it passed over or mended, with the line
and what that does to the total. Optional libraries are imported inside `read`, see `extras`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TypeVar

from declarant.compute.architecture import Architecture, Recompute
from declarant.compute.readers.source import Source
from declarant.compute.recording import Recording
from declarant.formats import FormatRegistry, Sniff


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of the run beside its files; None where it is not. A file's own word wins.

    Attributes:
        sequence_length: tokens in a sequence.
        devices: how many worked.
        device: their name, as people or tools write it.
        number_format: of the matrix arithmetic ("bf16", "fp8").
        architecture: the model, for closed forms and for converting a trainer's convention.
        recompute: whether activations were recomputed.
        zone: of the moments that a file writes without one.
    """

    sequence_length: int | None = None
    devices: int | None = None
    device: str | None = None
    number_format: str | None = None
    architecture: Architecture | None = None
    recompute: Recompute = Recompute.UNKNOWN
    zone: tzinfo | None = None


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True)
class Reader:
    """One registered format: its name, what it is called among people, and its functions."""

    name: str
    shows: str
    suffixes: tuple[str, ...]
    sniff: Sniff
    read: Callable[[Sequence[Source], Given], Recording]


FORMATS = FormatRegistry[Reader]("declarant.compute.readers")

Decorated = TypeVar("Decorated", bound=Callable[[Sequence[Source], Given], Recording])


def reader(
    name: str, *, shows: str, sniff: Sniff, suffixes: tuple[str, ...] = ()
) -> Callable[[Decorated], Decorated]:
    """Register the decorated function as the reader of format `name`."""

    def register(read: Decorated) -> Decorated:
        FORMATS.add(Reader(name, shows, suffixes, sniff, read), read.__module__)
        return read

    return register


def readers() -> Mapping[str, Reader]:
    """Return every reader of this folder by its name, in order of name."""
    return FORMATS.all()
