"""What a trainer_state.json holds, checked and bounded."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from declarant.compute.readers.source import Source
from declarant.problems import BadInput, bad_input

LARGEST_FILE = 64 << 20
"""Bytes; the history of a million entries is some 200 MB, of a usual run under 10."""
_LARGEST = 10**40
_FACTS = (
    "epoch",
    "max_steps",
    "num_train_epochs",
    "train_batch_size",
    "logging_steps",
    "save_steps",
)


@dataclass(frozen=True, slots=True)
class State:
    """A state of the trainer.

    Attributes:
        step: optimizer steps done.
        operations: total_flos, by the trainer's own convention.
        tokens_seen: num_input_tokens_seen; None when it is 0 or absent, as it is unless enabled.
        runtime: seconds of the last start, when the run ended.
        went_back: (step before, step after) where the history goes back.
        planned: max_steps.
        history: a digest of each entry of log_history, in order; empty when it cannot be its own.
    """

    file: str
    step: int
    operations: int
    tokens_seen: int | None
    runtime: Fraction | None
    went_back: tuple[tuple[int, int], ...]
    planned: int | None
    facts: tuple[tuple[str, str], ...]
    history: tuple[bytes, ...] = ()

    def is_earlier_than(self, other: State) -> bool:
        """Whether this is an earlier checkpoint of the run that the other one is of."""
        length = len(self.history)
        return (
            0 < length <= len(other.history)
            and self.step <= other.step
            and self.operations <= other.operations
            and self.history == other.history[:length]
        )


def read_state(source: Source) -> State:
    """Read one file.

    Raises:
        BadInput: when it is no such state, or is too large to be one.
    """
    document = _document(source)
    step = _whole(document.get("global_step"))
    operations = _whole(document.get("total_flos"))
    if step is None:
        raise _refused(source, "global_step", "is no whole number")
    if operations is None:
        raise _refused(source, "total_flos", "is no number of operations")
    history = document.get("log_history")
    if not isinstance(history, list):
        raise _refused(source, "log_history", "is no list")
    entries = [entry for entry in history if isinstance(entry, dict)]
    return State(
        source.shown,
        step,
        operations,
        _whole(document.get("num_input_tokens_seen")) or None,
        _seconds(entries),
        _went_back(entries),
        _whole(document.get("max_steps")) or None,
        tuple(
            (name, str(document[name])[:100])
            for name in _FACTS
            if isinstance(document.get(name), int | float)
        ),
        _digests(entries, step),
    )


def _digests(entries: list[dict[str, Any]], step: int) -> tuple[bytes, ...]:
    """Return a digest of each entry; none where the history is not that of so many steps."""
    if any((_whole(entry.get("step")) or 0) > step for entry in entries):
        return ()
    return tuple(
        hashlib.blake2b(json.dumps(entry, sort_keys=True).encode(), digest_size=16).digest()
        for entry in entries
    )


def _document(source: Source) -> dict[str, Any]:
    held, size = [], 0
    for _, line in source.lines():
        size += len(line) + 1
        if size > LARGEST_FILE or source.cut_lines:
            raise bad_input(
                "trainer_state.too_large",
                f"is larger than {LARGEST_FILE >> 20} MiB, or has a line of over 1 MiB.",
                mend="Name the trainer_state.json of a checkpoint; log_history may be left out.",
                file=source.shown,
            )
        held.append(line)
    try:
        document = json.loads(b"\n".join(held), parse_int=_digits)
    except (ValueError, RecursionError) as error:
        raise bad_input(
            "trainer_state.not_json",
            f"is no JSON: {str(error)[:200]}.",
            mend="Copy the file again; it may have been cut off while it was saved.",
            file=source.shown,
        ) from None
    if not isinstance(document, dict):
        raise _refused(source, "", "holds no object")
    return document


def _digits(text: str) -> int:
    if len(text) > 100:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _refused(source: Source, field: str, what: str) -> BadInput:
    return bad_input(
        "trainer_state.field",
        f"{field or 'the file'} {what}.",
        mend="Name the trainer_state.json that the Trainer saved beside a checkpoint.",
        file=source.shown,
        field=field or None,
    )


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return int(value) if 0 <= value <= _LARGEST else None


def _seconds(entries: list[dict[str, Any]]) -> Fraction | None:
    for entry in reversed(entries):
        value = entry.get("train_runtime")
        if isinstance(value, int | float) and not isinstance(value, bool):
            return Fraction(value) if math.isfinite(value) and 0 < value <= 10**10 else None
    return None


def _went_back(entries: list[dict[str, Any]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    before = 0
    for entry in entries:
        step = _whole(entry.get("step"))
        if step is None:
            continue
        if step < before and len(found) < 100:
            found.append((before, step))
        before = step
    return tuple(found)
