"""One run of Weights & Biases, from its records: configuration, history, environment, metrics."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from declarant.compute.readers.registry import Given
from declarant.compute.readers.stores.run_scalars import RunScalars
from declarant.compute.readers.stores.tags import SEQUENCE_LENGTH, Quantity, parameter, tag_of
from declarant.compute.readers.stores.wandb_metrics import SystemMetrics
from declarant.problems import Finding, Place, Severity

_MOST_PARAMETERS = 2000
_LONGEST_JSON = 1 << 20
_OWN = ("_step", "_timestamp", "_runtime", "_wandb")


class OfflineRun:
    """Takes the records of a run.

    Attributes:
        identity: the run's id.
        scalars: its history.
        metrics: its system metrics.
        ended: whether the run said that it was over.
    """

    def __init__(self, identity: str, shown: str, given: Given) -> None:
        self.identity = identity
        self.scalars = RunScalars(identity, "wandb-offline", shown)
        self.scalars.length = given.sequence_length
        self.metrics = SystemMetrics()
        self.ended = False
        self._given = given
        self._has_own_step = False
        self._node = ""

    def add(self, record: Any) -> None:
        """Take one record."""
        kind = record.WhichOneof("record_type")
        if kind == "history":
            self._add_history(record.history)
        elif kind == "stats":
            moment = record.stats.timestamp.seconds + record.stats.timestamp.nanos / 1e9
            self.metrics.add(moment, _numbers(record.stats.item))
        elif kind == "run":
            self.identity = record.run.run_id or self.identity
            self.scalars.name = (record.run.display_name or self.identity)[:200]
            self._add_parameters(record.run.config.update)
        elif kind == "config":
            self._add_parameters(record.config.update)
        elif kind == "environment":
            self._add_environment(record.environment)
        elif kind == "exit":
            self.ended = True

    def facts(self) -> Iterator[tuple[str, str]]:
        """Yield what people compare."""
        if self._node:
            yield (f"GPUs of the machine that logged {self.scalars.name}", self._node)
        for name, value in self.metrics.facts():
            yield (f"{name}, {self.scalars.name}", value)

    def findings(self) -> Iterator[Finding]:
        """Yield what is to be known of the run beside its scalars."""
        place = Place(self.scalars.file)
        if self._node:
            yield Finding(
                "wandb-offline.one_machine",
                f"W&B names the GPUs of the machine that logged ({self._node}), not of the run.",
                place,
                "Give the number of devices of the run.",
                Severity.NOTE,
                "no total rests on that number",
            )
        if not self.ended and self.scalars.tracks:
            yield Finding(
                "wandb-offline.not_ended",
                f"Run {self.scalars.name!r} does not say that it ended: it still goes on, or was "
                "killed.",
                place,
                "Read it again when it has ended; a resumed run has another file of the same id.",
                effect="counted as far as it went",
            )
        yield from self.metrics.findings("wandb-offline", self.scalars.file)

    def _add_history(self, history: Any) -> None:
        row = _numbers(history.item)
        step = row.get("_step", float(history.step.num))
        own = [
            value
            for name, value in row.items()
            if (tag := tag_of(name)) is not None and tag.quantity is Quantity.STEP
        ]
        if own:
            self._has_own_step = True
            step = own[0]
        elif self._has_own_step:
            return  # a row of the logger's own, between the trainer's steps
        if not math.isfinite(step) or not 0 <= step < 1e15:
            self.scalars.not_numbers += 1
            return
        for name, value in row.items():
            if name not in _OWN:
                self.scalars.add(name, int(step), value, row.get("_timestamp"))

    def _add_parameters(self, items: Any) -> None:
        for item in items:
            key = ".".join(item.nested_key) or item.key
            if key == "_wandb" or len(item.value_json) > _LONGEST_JSON:
                continue
            try:
                value = json.loads(item.value_json)
            except (ValueError, RecursionError):
                continue
            for name, text in _flat(key, value):
                if len(self.scalars.parameters) < _MOST_PARAMETERS:
                    self.scalars.parameters.append((name, text))
        found = parameter(self.scalars.parameters, SEQUENCE_LENGTH)
        self.scalars.length = found or self._given.sequence_length

    def _add_environment(self, environment: Any) -> None:
        count = getattr(environment, "gpu_count", 0)
        kind = getattr(environment, "gpu_type", "")
        if count or kind:
            self._node = f"{count or 'unknown number of'} x {kind[:80] or 'unknown'}"


def _numbers(items: Any) -> dict[str, float]:
    row = {}
    for item in items:
        text = item.value_json
        if len(text) > 64:
            continue
        try:
            value = float(text)
        except ValueError:
            continue
        if math.isfinite(value):
            row[".".join(getattr(item, "nested_key", ())) or item.key] = value
    return row


def _flat(key: str, value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the leaves of a configuration under dotted names, some levels deep."""
    if isinstance(value, dict) and depth < 6:
        for name, inner in value.items():
            yield from _flat(f"{key}.{name}", inner, depth + 1)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield key[:500], str(value)[:1000]
