"""Reading the files of one log: the format they are in, and what they recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from declarant.compute.readers.registry import FORMATS, NOTHING_GIVEN, Given
from declarant.compute.readers.source import Advance, Source
from declarant.compute.recording import Recording
from declarant.problems import bad_input


def read_recording(
    paths: Sequence[Path],
    given: Given = NOTHING_GIVEN,
    *,
    format: str | None = None,
    shown: Mapping[Path, str] | None = None,
    advance: Advance | None = None,
) -> Recording:
    """Read files that are the parts of one log, in their order, or one folder.

    Args:
        paths: the files; all in one format.
        given: what is known of the run beside them.
        format: registered name of the format; found from the content when None.
        shown: paths as messages and evidence should name them.
        advance: called as advance(done, total) in bytes while a file is read.

    Raises:
        BadInput: when a file is missing or empty, is in no known format, the files are in several
            formats, or the reader cannot go on. The finding names the file and the mend.
    """
    names = shown or {}
    sources = [Source(path, names.get(path, str(path)), advance) for path in paths]
    if not sources:
        raise bad_input("file.none", "no file is named.", mend="Name a log.")
    chosen = [
        FORMATS.named(format) if format else FORMATS.sniffed(source.sample(), source.shown)
        for source in sources
    ]
    for source, other in zip(sources, chosen, strict=True):
        if other.name != chosen[0].name:
            raise bad_input(
                "file.formats_mixed",
                f"is in format {other.name}, and {sources[0].shown} is in {chosen[0].name}.",
                mend="Read the files of one log together, and each log by itself.",
                file=source.shown,
            )
    return chosen[0].read(sources, given)
