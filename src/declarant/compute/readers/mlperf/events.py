"""The events of an MLPerf log, put together into one run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from declarant.compute.progress import Mark
from declarant.compute.readers.source import Source

if TYPE_CHECKING:
    from declarant.compute.readers.mlperf.units import Unit

_MARK = b":::MLLOG "
_LARGEST = 10**18
_EARLIEST, _LATEST = 10**11, 10**14  # milliseconds: from 1973 to 5138
_MOST_BLOCKS = 1_000_000
_COUNT = re.compile(r"^\d+ ?[xX] ?")
_BLOCK = ("block_start", "block_stop", "epoch_start", "epoch_stop")
_WANTED = frozenset(
    {
        *_BLOCK, "run_start", "run_stop", "eval_start", "eval_stop", "eval_accuracy", "init_start",
        "global_batch_size", "max_sequence_length", "train_samples", "trained_samples",
        "samples_count", "eval_samples", "submission_platform", "submission_benchmark",
        "submission_org", "init_checkpoint_step", "opt_name", "gradient_accumulation_steps",
        "num_nodes", "number_of_nodes", "accelerators_per_node", "number_of_ranks", "seed",
        "submission_division",
    }
)  # fmt: skip


@dataclass(slots=True)
class Block:
    """A stretch of training between two evaluations, in the log's own unit of epochs."""

    first: int | None
    count: int | None
    began: int
    ended: int | None = None


@dataclass(slots=True)
class Run:
    """What the events say; times in milliseconds since 1970, None when not logged.

    Attributes:
        stated: the number of samples the log gives at its end, in its own unit.
        platform: the system's name as submitted.
        status: of run_stop: "success" or "aborted".
        repeated: events that another rank had logged before.
        disordered: run_stop is dated before run_start, and neither is taken.
    """

    blocks: list[Block] = field(default_factory=list)
    started: int | None = None
    stopped: int | None = None
    status: str = ""
    stated: int | None = None
    batch: int | None = None
    length: int | None = None
    evaluation_samples: int | None = None
    evaluations: int = 0
    evaluation_milliseconds: int = 0
    initialised: int = 0
    caches_cleared: int = 0
    checkpoint_step: int | None = None
    platform: str = ""
    benchmark: str = ""
    devices: int | None = None
    facts: tuple[tuple[str, str], ...] = ()
    damaged: int = 0
    damaged_at: tuple[str, int] | None = None
    repeated: int = 0
    runs: int = 0
    disordered: bool = False

    @property
    def name(self) -> str:
        """The benchmark, and the system's name."""
        return " ".join(item for item in (self.benchmark, self.platform) if item)

    @property
    def ranks(self) -> int | None:
        """How many ranks logged that they began, when several did."""
        return self.initialised if self.initialised > 1 else None

    @property
    def device(self) -> str:
        """The system's name as submitted, without a number of machines before it."""
        return _COUNT.sub("", self.platform)

    @property
    def trained(self) -> int | None:
        """What was trained between run_start and run_stop, in the log's unit.

        From the blocks: from where the first begins to where the last one ends, so that neither
        the work of the checkpoint it starts from nor a block of two ranks is counted twice.
        """
        sized = [block for block in self.blocks if block.count is not None]
        if not sized:
            return self.stated
        return sum(block.count or 0 for block in sized if block.ended is not None)

    @property
    def begun(self) -> int:
        """What blocks that were begun and not ended would have added, in the log's unit."""
        return sum(block.count or 0 for block in self.blocks if block.ended is None)

    @property
    def training_milliseconds(self) -> int | None:
        """Time inside the blocks of training; from run_start to run_stop when there are none."""
        spans = [block.ended - block.began for block in self.blocks if block.ended is not None]
        if spans:
            return sum(spans)
        if self.started is None or self.stopped is None:
            return None
        return max(0, self.stopped - self.started - self.evaluation_milliseconds)

    def marks(self, unit: Unit) -> Iterator[Mark]:
        """Yield how far the run was at the end of each block."""
        done = 0
        for block in self.blocks:
            if block.ended is None or block.count is None:
                continue
            done += block.count
            samples, tokens = unit.samples(done), unit.tokens(done)
            if samples is None or samples.best is None or not self.batch:
                return
            moment = datetime.fromtimestamp(block.ended / 1000, UTC)
            known = None if tokens is None or tokens.best is None else round(tokens.best)
            yield Mark(moment, round(samples.best / self.batch), known)


class Events:
    """Takes the lines of a log; what several ranks log alike is taken once."""

    def __init__(self) -> None:
        self._run = Run()
        self._values: dict[str, Any] = {}
        self._open: Block | None = None
        self._seen: set[tuple[str, int | None]] = set()
        self._evaluating: int | None = None
        self._evaluated: set[object] = set()

    def read(self, source: Source) -> None:
        """Take every event of a file, with whatever a launcher wrote before it on the line."""
        for number, line in source.lines_with(_MARK):
            at = line.find(_MARK)
            if b'"cache_clear"' in line:
                self._run.caches_cleared += 1
                continue
            if b'"init_start"' in line:
                self._run.initialised += 1
                continue
            event = _event(line[at + len(_MARK) :])
            if event is None:
                self._run.damaged += 1
                self._run.damaged_at = self._run.damaged_at or (source.shown, number)
            elif event[0] in _WANTED:
                self._take(*event)

    def run(self) -> Run:
        """Return the run, once every file was read."""
        run, values = self._run, self._values
        run.batch = _whole(values.get("global_batch_size"))
        run.length = _whole(values.get("max_sequence_length"))
        run.evaluation_samples = _whole(values.get("eval_samples"))
        run.checkpoint_step = _whole(values.get("init_checkpoint_step"))
        run.stated = _whole(values.get("trained_samples")) or _whole(values.get("train_samples"))
        run.platform = str(values.get("submission_platform") or "")[:200]
        run.benchmark = str(values.get("submission_benchmark") or "")[:200]
        nodes = _whole(values.get("num_nodes")) or _whole(values.get("number_of_nodes"))
        each = _whole(values.get("accelerators_per_node"))
        run.devices = nodes * each if nodes and each else None
        run.facts = tuple(
            (name, str(value)[:200])
            for name, value in sorted(values.items())
            if isinstance(value, str | int | float)
        )
        if run.started is not None and run.stopped is not None and run.stopped < run.started:
            run.disordered = True
            run.started = run.stopped = None
        return run

    def _take(self, key: str, time: int, value: Any, metadata: dict[str, Any]) -> None:
        run = self._run
        if key == "run_start":
            run.runs += 1
            run.started = time if run.started is None else min(run.started, time)
        elif key == "run_stop":
            run.stopped = time if run.stopped is None else max(run.stopped, time)
            run.status = str(metadata.get("status") or run.status)[:100]
        elif key == "block_start":
            self._begin(time, metadata)
        elif key == "block_stop":
            self._end(time, metadata)
        elif key == "eval_start":
            self._evaluating = time
        elif key == "eval_stop":
            if self._evaluating is not None and time > self._evaluating:
                run.evaluation_milliseconds += time - self._evaluating
            self._evaluating = None
        elif key == "eval_accuracy":
            epoch = metadata.get("epoch_num", metadata.get("samples_count"))
            mark = epoch if isinstance(epoch, int | float | str) else time
            if mark in self._evaluated:
                run.repeated += 1
            elif len(self._evaluated) < _MOST_BLOCKS:
                self._evaluated.add(mark)
                run.evaluations += 1
        elif key not in _BLOCK and isinstance(value, str | int | float):
            self._values[key] = value

    def _begin(self, time: int, metadata: dict[str, Any]) -> None:
        first = _whole(metadata.get("first_epoch_num"), least=0)
        count = _whole(metadata.get("epoch_count"))
        samples = _whole(metadata.get("samples_count"), least=0)
        if first is None and samples is not None:
            first = samples
        if ("start", first) in self._seen:
            self._run.repeated += 1
            return
        self._seen.add(("start", first))
        if len(self._run.blocks) < _MOST_BLOCKS:
            self._open = Block(first, count, time)
            self._run.blocks.append(self._open)

    def _end(self, time: int, metadata: dict[str, Any]) -> None:
        first = _whole(metadata.get("first_epoch_num"), least=0)
        samples = _whole(metadata.get("samples_count"), least=0)
        block = self._open
        if block is None or ("stop", block.first) in self._seen:
            self._run.repeated += 1
            return
        if first is not None and samples is None and block.first not in (first, None):
            self._run.repeated += 1
            return
        self._seen.add(("stop", block.first))
        if block.count is None and samples is not None and block.first is not None:
            block.count = max(0, samples - block.first) or None
        block.ended = max(time, block.began)
        self._open = None


def _event(text: bytes) -> tuple[str, int, Any, dict[str, Any]] | None:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict):
        return None
    key, time, metadata = event.get("key"), event.get("time_ms"), event.get("metadata")
    if not isinstance(key, str) or isinstance(time, bool) or not isinstance(time, int | float):
        return None
    if not _EARLIEST <= time <= _LATEST:
        return None
    return key, int(time), event.get("value"), metadata if isinstance(metadata, dict) else {}


def _whole(value: Any, least: int = 1) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 18:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value) if abs(value) <= _LARGEST else None
    if isinstance(value, int) and least <= value <= _LARGEST:
        return value
    return None
