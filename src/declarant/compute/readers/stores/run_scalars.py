"""The scalars of one run, from any store, as pieces of work: steps, tokens, operations, lost steps.

TensorBoard, MLflow and Weights & Biases hold the same thing in different files: named numbers at
steps. This module takes them one by one, in the order written, and keeps a bounded summary.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from declarant.compute.progress import Mark, Progress, Thinned
from declarant.compute.readers.stores.scalar_track import Track, as_moment
from declarant.compute.readers.stores.tags import Quantity, Tag, has_other_axis, tag_of

MOST_NAMES = 2000
"""Names of scalars that are followed in one run; of more, only the number is told."""
_MOST_STEP = 10**15
_MARKS = 2048
_TELLS = {Quantity.STEP_SECONDS, Quantity.DEVICE_RATE, Quantity.RATE, Quantity.EXECUTED_DEVICE_RATE}


@dataclass(slots=True)
class Rated:
    """Operations from a rate and the seconds of a step, one trainer's word for both.

    `amount` is the sum of rate x seconds x steps: of one device, or of all.
    """

    tag: Tag
    amount: float = 0.0
    steps: int = 0


@dataclass(slots=True)
class RunScalars:
    """What one run logged.

    Attributes:
        name: of the run as the store has it, "" none.
        format: of the store, for the codes of findings.
        file: where it is, for the places of findings.
        parameters: the run's parameters or configuration as text.
        length: tokens in a sequence, where the reader knows it before the scalars.
        narrow: values are kept in 32 bits, so that a counter is right to 24 bits only.
        tracks: by the name of the scalar.
        tags: what the names mean, where the table tells.
        rated: by the name of the rate.
        other_axes: names whose axis is not the step.
        beyond: points of names beyond `MOST_NAMES`.
        not_numbers: points that are no number, or stand at no step.
        notes: numbers that the store's reader counted on the way, by code.
    """

    name: str
    format: str
    file: str
    parameters: list[tuple[str, str]] = field(default_factory=list)
    length: int | None = None
    narrow: bool = False
    tracks: dict[str, Track] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    rated: dict[str, Rated] = field(default_factory=dict)
    other_axes: set[str] = field(default_factory=set)
    beyond: int = 0
    not_numbers: int = 0
    notes: Counter[str] = field(default_factory=Counter)
    _thinned: dict[str, Thinned] = field(default_factory=dict)
    _latest: dict[tuple[str, Quantity], tuple[int, float]] = field(default_factory=dict)

    def add(self, name: str, step: int, value: float, moment: float | None = None) -> None:
        """Take one point: a scalar's value at a step, at a moment in seconds since 1970."""
        if not math.isfinite(value) or not 0 <= step < _MOST_STEP or abs(value) > 1e40:
            self.not_numbers += 1
            return
        track = self.tracks.get(name)
        if track is None:
            track = self._begun(name)
            if track is None:
                return
        tag = self.tags.get(name)
        if tag is not None:
            value *= tag.scale
            if value < 0 and tag.quantity is not Quantity.MARK:
                self.not_numbers += 1
                return
        stands_for = track.add(step, value, moment)
        if stands_for == 0:
            return
        if tag is not None and tag.quantity in _TELLS:
            self._rate(name, tag, step, value, stands_for)
        if name in self._thinned:
            self._mark(name, step, moment)

    def of(self, quantity: Quantity) -> tuple[Tag, Track] | None:
        """Return the scalar that tells a quantity, the one with most points where several do."""
        found = [
            (self.tags[name], track)
            for name, track in self.tracks.items()
            if name in self.tags and self.tags[name].quantity is quantity and track.points
        ]
        return max(found, key=lambda item: item[1].points, default=None)

    def axis(self) -> Track | None:
        """Return the scalar whose steps stand for the run's: the longest that the table knows."""
        known = [track for name, track in self.tracks.items() if name in self.tags and track.points]
        every = known or [track for track in self.tracks.values() if track.points]
        return max(every, key=self._worth, default=None)

    def progress(self) -> Progress | None:
        """Return how far the run was at moments; None when nothing is dated."""
        axis = self.axis()
        thinned = self._thinned.get(axis.name) if axis else None
        return thinned.progress() if thinned else None

    @property
    def unknown(self) -> list[str]:
        """Names that the table does not hold, in order."""
        return sorted(name for name in self.tracks if name not in self.tags)

    def _worth(self, track: Track) -> tuple[int, int, int]:
        tag = self.tags.get(track.name)
        counts = (Quantity.SAMPLES, Quantity.TOKENS)  # their marks hold what was seen by then
        kind = counts.index(tag.quantity) + 1 if tag and tag.quantity in counts else 0
        return track.points, kind, track.last_step

    def _begun(self, name: str) -> Track | None:
        if has_other_axis(name) and tag_of(name) is None:
            if len(self.other_axes) < MOST_NAMES:
                self.other_axes.add(name)
            return None
        if len(self.tracks) >= MOST_NAMES:
            self.beyond += 1
            return None
        track = self.tracks[name] = Track(name)
        tag = tag_of(name)
        if tag is not None:
            self.tags[name] = tag
        if len(self._thinned) < 32 and (tag is not None or len(self._thinned) < 4):
            self._thinned[name] = Thinned(_MARKS)
        return track

    def _rate(self, name: str, tag: Tag, step: int, value: float, stands_for: int) -> None:
        self._latest[tag.trainer, tag.quantity] = (step, value)
        seconds = self._latest.get((tag.trainer, Quantity.STEP_SECONDS))
        if seconds is None or seconds[0] != step:
            return
        if tag.quantity is Quantity.STEP_SECONDS:
            for other, known in self.tags.items():
                if known.trainer == tag.trainer and known.quantity in _TELLS - {tag.quantity}:
                    at = self._latest.get((known.trainer, known.quantity))
                    if at is not None and at[0] == step:
                        self._sum(other, known, at[1] * value, stands_for)
        else:
            self._sum(name, tag, value * seconds[1], stands_for)

    def _sum(self, name: str, tag: Tag, amount: float, stands_for: int) -> None:
        rated = self.rated.setdefault(name, Rated(tag))
        rated.amount += amount * stands_for
        rated.steps += stands_for

    def _mark(self, name: str, step: int, moment: float | None) -> None:
        when = as_moment(moment)
        if when is None:
            return
        self._thinned[name].add(Mark(when, step, self._tokens()))

    def _tokens(self) -> int | None:
        """Return the tokens seen so far, by a counter of tokens, else of samples."""
        for quantity, factor in ((Quantity.TOKENS, 1), (Quantity.SAMPLES, self.length)):
            for name, tag in self.tags.items():
                track = self.tracks[name]
                if tag.quantity is quantity and track.points and factor:
                    return int(track.carried + track.last_value) * factor
        return None


def joined(names: Iterable[str], most: int = 20) -> str:
    """Return names in one line, the first `most` and how many more, each cut short."""
    held = list(names)
    text = ", ".join(name[:80] for name in held[:most])
    return f"{text} and {len(held) - most} more" if len(held) > most else text
