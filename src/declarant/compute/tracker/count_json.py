"""A step count as a ledger holds it, and back: whole numbers as decimal strings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from declarant.compute.tracker.step_count import Bounds, StepCount, UncountedKernel


def as_json(count: StepCount) -> dict[str, Any]:
    """Return the count as JSON, every field of it."""
    return {
        "model": _bounds(count.model),
        "executed": _bounds(count.executed),
        "method": count.method,
        "by_kernel": {name: str(amount) for name, amount in count.by_kernel.items()},
        "by_format": {name: str(amount) for name, amount in count.by_format.items()},
        "uncounted": [
            {
                "name": kernel.name,
                "calls": kernel.calls,
                "bounds": _bounds(kernel.bounds),
                "why": kernel.why,
            }
            for kernel in count.uncounted
        ],
        "samples": None if count.samples is None else str(count.samples),
        "tokens": None if count.tokens is None else str(count.tokens),
        "notes": list(count.notes),
    }


def from_json(held: object) -> StepCount:
    """Read a count back.

    Raises:
        ValueError: when a field is missing or is not what it should be.
    """
    fields = _mapping(held)
    return StepCount(
        _read_bounds(fields.get("model")),
        _read_bounds(fields.get("executed")),
        _text(fields.get("method")),
        _amounts(fields.get("by_kernel")),
        _amounts(fields.get("by_format")),
        tuple(_kernel(item) for item in _list(fields.get("uncounted"))),
        _optional(fields.get("samples")),
        _optional(fields.get("tokens")),
        tuple(_text(note) for note in _list(fields.get("notes"))),
    )


def _bounds(bounds: Bounds) -> dict[str, str | None]:
    return {
        "low": str(bounds.low),
        "best": None if bounds.best is None else str(bounds.best),
        "high": None if bounds.high is None else str(bounds.high),
    }


def _read_bounds(held: object) -> Bounds:
    fields = _mapping(held)
    low, best, high = _whole(fields.get("low")), fields.get("best"), fields.get("high")
    bounds = Bounds(low, _optional(best), _optional(high))
    inside = low if bounds.best is None else bounds.best
    if inside < low or (bounds.high is not None and bounds.high < inside):
        raise ValueError("bounds are out of order")
    return bounds


def _kernel(held: object) -> UncountedKernel:
    fields = _mapping(held)
    calls = fields.get("calls")
    if not isinstance(calls, int) or isinstance(calls, bool) or calls < 0:
        raise ValueError("calls of a kernel are no whole number")
    bounds = _read_bounds(fields.get("bounds"))
    return UncountedKernel(_text(fields.get("name")), calls, bounds, _text(fields.get("why")))


def _amounts(held: object) -> dict[str, int]:
    return {_text(name): _whole(amount) for name, amount in _mapping(held).items()}


def _optional(held: object) -> int | None:
    return None if held is None else _whole(held)


def _whole(held: object) -> int:
    if not isinstance(held, str) or not (held.isascii() and held.isdigit()) or len(held) > 60:
        raise ValueError(f"{held!r:.40} is no whole number")
    return int(held)


def _text(held: object) -> str:
    if not isinstance(held, str):
        raise ValueError(f"{held!r:.40} is no text")
    return held


def _list(held: object) -> list[Any]:
    if not isinstance(held, list):
        raise ValueError(f"{held!r:.40} is no list")
    return held


def _mapping(held: object) -> Mapping[str, Any]:
    if not isinstance(held, dict):
        raise ValueError(f"{held!r:.40} is no object")
    return held
