"""One file named twice would count its work twice, or take it for lost: it is read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from declarant.compute.readers.source import Source
from declarant.problems import Finding, Place


def distinct(sources: Sequence[Source]) -> tuple[tuple[Source, ...], tuple[Finding, ...]]:
    """Return the sources without those whose content came before, and a finding for each of them.

    Content is compared by its digest, and only where two files are of one size.
    """
    sizes = [_size(source) for source in sources]
    often = {size for size, times in Counter(sizes).items() if size is not None and times > 1}
    seen: dict[str, Source] = {}
    kept: list[Source] = []
    findings: list[Finding] = []
    for source, size in zip(sources, sizes, strict=True):
        if size in often:
            digest = source.evidence[0].sha256
            if digest in seen:
                findings.append(
                    Finding(
                        "file.same_content",
                        f"holds the same as {seen[digest].shown}.",
                        Place(source.shown),
                        "Name each file of a log once.",
                        effect="it is read once; twice, its work would count as done again",
                    )
                )
                continue
            seen[digest] = source
        kept.append(source)
    return tuple(kept), tuple(findings)


def _size(source: Source) -> int | None:
    try:
        return source.path.stat().st_size if source.path.is_file() else None
    except OSError:
        return None
