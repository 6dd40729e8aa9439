"""Answers of Prometheus to a range query (`/api/v1/query_range`), as JSON, read as a stream.

The matrix is `{"metric": {...}, "values": [[seconds, "value"], ...]}` for each series; see
https://prometheus.io/docs/prometheus/latest/querying/api/. Such an answer is one line of any
length, so it is never parsed whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from declarant.compute.meter.prometheus import SeriesStage
from declarant.compute.meter.rules import Known
from declarant.compute.meter.sources.registry import Part, telemetry
from declarant.compute.meter.stage import milliseconds
from declarant.compute.readers.source import Source, opened
from declarant.formats import Sample
from declarant.problems import bad_input

CHUNK = 1 << 20
_LONGEST = 1 << 18  # characters of one series' labels
_METRIC = re.compile(r'"metric"\s*:\s*(?=\{)')
_VALUES = re.compile(r'\s*,\s*"(values?)"\s*:\s*\[\s*')
_PAIR = re.compile(r'\s*\[\s*([-+\d.eE]{1,40})\s*,\s*"([^"]{0,64})"\s*\]\s*([,\]])')
_NEEDED = 256  # characters that a pair may need
_DECODER = json.JSONDecoder()


def _is_matrix(sample: Sample) -> bool:
    head = sample.head
    return head.lstrip()[:1] == "{" and '"resultType"' in head and '"metric"' in head


@telemetry(
    "prometheus-range",
    shows="DCGM metrics as a Prometheus range query",
    sniff=_is_matrix,
    suffixes=(".json",),
)
def read(source: Source, folder: Path, known: Known) -> Part:
    """Write the series as Parquet.

    Raises:
        BadInput: when it is no matrix, or holds no tensor activity.
    """
    if re.search(r'"resultType"\s*:\s*"(vector|scalar|string)"', source.sample().head):
        raise bad_input(
            "meter.instant",
            "is the answer to an instant query: one value a series.",
            mend="Ask /api/v1/query_range for a start, an end and a step.",
            file=source.shown,
        )
    stage = SeriesStage(folder, source.shown)
    with opened(source.path) as raw:
        _Scan(raw, stage).run()
    return stage.part(known)


class _Scan:
    """Goes through the text once: to the next series, through its labels, through its pairs."""

    def __init__(self, raw: IO[bytes], stage: SeriesStage) -> None:
        self._chunks: Iterator[bytes] = iter(lambda: raw.read(CHUNK), b"")
        self._stage = stage
        self._text = ""
        self._at = 0

    def run(self) -> None:
        """Take every series."""
        while self._to_series():
            held = self._labels()
            if held is None:
                self._stage.malformed += 1
                continue
            name = held.get("__name__", "")
            wanted = self._stage.wants(name)
            key = json.dumps(held, sort_keys=True) if wanted else ""
            row = self._stage.series(key, name, held) if wanted else None
            self._pairs(row)

    def _more(self) -> bool:
        try:
            chunk = next(self._chunks, b"")
        except (OSError, EOFError):
            return False
        self._text = self._text[self._at :] + chunk.decode("utf-8", "replace")
        self._at = 0
        return bool(chunk)

    def _to_series(self) -> bool:
        while True:
            match = _METRIC.search(self._text, self._at)
            if match:
                self._at = match.end()
                return True
            self._at = max(self._at, len(self._text) - 64)
            if not self._more():
                return False

    def _labels(self) -> dict[str, str] | None:
        while True:
            try:
                held, self._at = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                if len(self._text) - self._at > _LONGEST or not self._more():
                    return None
                continue
            return {str(key): value for key, value in held.items() if isinstance(value, str)}

    def _pairs(self, row: tuple[str, ...] | None) -> None:
        while len(self._text) - self._at < _NEEDED and self._more():
            pass
        begun = _VALUES.match(self._text, self._at)
        if begun is None:
            self._stage.malformed += 1
            return
        self._at = begun.end()
        if self._text[self._at : self._at + 1] == "]":
            return
        while True:
            if len(self._text) - self._at < _NEEDED:
                self._more()
            match = _PAIR.match(self._text, self._at)
            if match is None:
                self._stage.malformed += 1
                return
            self._at = match.end()
            if row is not None:
                self._take(row, match[1], match[2])
            if match[3] == "]":
                return

    def _take(self, row: tuple[str, ...], time: str, text: str) -> None:
        moment = milliseconds(time)
        try:
            value = float(text)
        except ValueError:
            value = None
        if moment is None or value is None:
            self._stage.malformed += 1
        else:
            self._stage.add(row, moment, value)
