r"""Prometheus text exposition with times: what dcgm-exporter serves, scrapes one after another.

A line is `NAME{label="value",...} VALUE [TIME]`, the time in ms (OpenMetrics: seconds); see
https://prometheus.io/docs/instrumenting/exposition_formats/.
"""

from __future__ import annotations

import re
from pathlib import Path

from declarant.compute.meter.prometheus import SeriesStage
from declarant.compute.meter.rules import Known
from declarant.compute.meter.sources.registry import Part, telemetry
from declarant.compute.meter.stage import milliseconds
from declarant.compute.readers.source import Source
from declarant.formats import Sample

_LINE = re.compile(
    r"^\s*(?P<name>[A-Za-z_:][\w:]*)\s*(?:\{(?P<labels>.*)\})?\s+(?P<value>\S+)"
    r"(?:\s+(?P<time>-?[\d.eE+]+))?\s*(?:#.*)?$"
)
_LABEL = re.compile(r'([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_SNIFFED = re.compile(r"^(?:# (?:HELP|TYPE) )?DCGM_FI_\w+[ {]", re.MULTILINE)
_LONGEST = 16_384  # characters of a line; a longer one is no sample


def _is_text(sample: Sample) -> bool:
    return sample.head[:1] not in "{[" and _SNIFFED.search(sample.head) is not None


@telemetry(
    "prometheus-text",
    shows="DCGM metrics as Prometheus text",
    sniff=_is_text,
    suffixes=(".prom", ".txt"),
)
def read(source: Source, folder: Path, known: Known) -> Part:
    """Write the samples as Parquet.

    Raises:
        BadInput: when no sample has a time, or none is of tensor activity.
    """
    stage = SeriesStage(folder, source.shown)
    for _, raw in source.lines():
        if raw[:1] == b"#" or not raw.strip():
            continue
        line = raw.decode("utf-8", "replace")
        match = _LINE.match(line) if len(line) <= _LONGEST else None
        if match is None:
            stage.malformed += 1
            continue
        name = match["name"]
        if not stage.wants(name):
            continue
        moment = milliseconds(match["time"]) if match["time"] else None
        if moment is None:
            stage.undated += 1
            continue
        key = f"{name}{{{match['labels']}"
        row = stage.known(key) or stage.series(key, name, _labels(match["labels"] or ""))
        try:
            value = float(match["value"])
        except ValueError:
            stage.malformed += 1
            continue
        stage.add(row, moment, value)
    return stage.part(known)


def _labels(text: str) -> dict[str, str]:
    return {name: _ESCAPED.sub(_unescaped, value) for name, value in _LABEL.findall(text)}


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]
