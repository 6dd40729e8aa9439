"""MLflow's store as a folder: EXPERIMENT/RUN/{meta.yaml, params/, metrics/, tags/}."""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from declarant.compute.ledger import Evidence
from declarant.compute.readers.registry import Given
from declarant.compute.readers.source import Source
from declarant.compute.readers.stores.mlflow_run import MOST_PARAMETERS, StoredRun, new_run
from declarant.compute.readers.stores.run_scalars import MOST_NAMES
from declarant.compute.readers.stores.run_store import MOST_RUNS
from declarant.compute.readers.stores.tags import tag_of
from declarant.problems import BadInput, Finding, Place, bad_input

_MOST_OPEN = 128  # metrics read side by side, so that those of one step come together
_SHORT = 8192  # bytes of a parameter, a tag or a description that are looked at
_LINE = re.compile(r"(run_name|lifecycle_stage|status|end_time|run_id)\s*:\s*(.*)")
_RUNNING = ("1", "2", "RUNNING", "SCHEDULED")

_Point = tuple[float, str, int, float]  # seconds since 1970, name, step, value


def read_folder(source: Source, given: Given, findings: list[Finding]) -> list[StoredRun]:
    """Read every run of a store, of an experiment, or the one run whose folder is given.

    Raises:
        BadInput: when there is no run, or there are too many.
    """
    runs: list[StoredRun] = []
    for folder in _run_folders(source.path):
        if len(runs) >= MOST_RUNS:
            raise bad_input(
                "mlflow.too_many_runs",
                f"holds more than {MOST_RUNS:,} runs.",
                mend="Name the folder of an experiment or of a run.",
                file=source.shown,
            )
        inner = folder.relative_to(source.path).as_posix()
        shown = source.shown if inner == "." else f"{source.shown}/{inner}"
        runs.append(_read_run(folder, shown, given, findings))
    if not runs:
        raise bad_input(
            "mlflow.no_runs",
            "holds no run: no folder with meta.yaml and metrics.",
            mend="Name the folder mlruns itself.",
            file=source.shown,
        )
    return runs


def evidence_of(source: Source) -> Iterator[Evidence]:
    """Yield the files that were read: descriptions, parameters and metrics, not artifacts."""
    for folder in _run_folders(source.path):
        files = [folder / "meta.yaml"]
        files += [path for part in ("params", "metrics") for path in _files(folder / part)]
        for path in files:
            if path.is_file():
                shown = f"{source.shown}/{path.relative_to(source.path).as_posix()}"
                yield Evidence(shown, Source(path).evidence[0].sha256)


def _run_folders(root: Path) -> Iterator[Path]:
    for pattern in ("meta.yaml", "*/meta.yaml", "*/*/meta.yaml", "*/*/*/meta.yaml"):
        for meta in sorted(root.glob(pattern)):
            if (meta.parent / "metrics").is_dir() or (meta.parent / "params").is_dir():
                yield meta.parent


def _read_run(folder: Path, shown: str, given: Given, findings: list[Finding]) -> StoredRun:
    meta = _meta(folder / "meta.yaml")
    name = meta.get("run_name") or _short(folder / "tags" / "mlflow.runName")
    run = new_run(name, meta.get("run_id") or folder.name, shown)
    run.is_deleted = meta.get("lifecycle_stage") == "deleted"
    run.is_running = meta.get("status") in _RUNNING and not meta.get("end_time")
    run.parent = _short(folder / "tags" / "mlflow.parentRunId").strip()
    parameters = sorted(_files(folder / "params"))[:MOST_PARAMETERS]
    run.scalars.parameters += [
        (path.relative_to(folder / "params").as_posix(), _short(path)) for path in parameters
    ]
    run.settle(given)
    for moment, metric, step, value in _points(folder / "metrics", shown, findings):
        run.scalars.add(metric, step, value, moment)
    return run


def _points(folder: Path, shown: str, findings: list[Finding]) -> Iterator[_Point]:
    files = sorted(_files(folder))
    named = [(path.relative_to(folder).as_posix(), path) for path in files]
    known = [(name, path) for name, path in named if tag_of(name) is not None][:_MOST_OPEN]
    held = {name for name, _ in known}
    streams = [_metric(name, path, shown, findings) for name, path in known]
    yield from heapq.merge(*streams, key=lambda point: point[0])
    for name, path in [item for item in named if item[0] not in held][:MOST_NAMES]:
        yield from _metric(name, path, shown, findings)


def _metric(name: str, path: Path, shown: str, findings: list[Finding]) -> Iterator[_Point]:
    place = f"{shown}/metrics/{name}"
    bad, first = 0, 0
    try:
        for number, line in Source(path, place).lines():
            point = _point(name, line)
            if point is not None:
                yield point
            elif line.strip():
                bad += 1
                first = first or number
    except BadInput as damaged:
        findings += damaged.findings
    if bad:
        findings.append(
            Finding(
                "mlflow.line_damaged",
                f"{bad:,} lines are no `timestamp value step`; passed over.",
                Place(place, first),
                "Copy the store again.",
                effect=f"leaves out {bad:,} points of {name[:80]}",
            )
        )


def _point(name: str, line: bytes) -> _Point | None:
    parts = line[:200].split()
    if len(parts) not in (2, 3):
        return None
    try:
        moment, value = int(parts[0]) / 1000, float(parts[1])
        step = int(parts[2]) if len(parts) == 3 else 0
    except (ValueError, OverflowError):
        return None
    return (moment if math.isfinite(moment) else 0.0, name, step, value)


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else ()


def _short(path: Path) -> str:
    try:
        with path.open("rb") as content:
            return content.read(_SHORT).decode("utf-8", "replace")
    except OSError:
        return ""


def _meta(path: Path) -> dict[str, str]:
    held: dict[str, str] = {}
    for line in _short(path).splitlines():
        match = _LINE.match(line)
        if match is not None and len(match[2]) <= 1000:
            value = _plain(match[2])
            held[match[1]] = "" if value is None else str(value)
    return held


def _plain(text: str) -> Any:
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return text
    return value if isinstance(value, (str, int, float)) else None
