"""The public line: `with declarant.track(model, run="atlas-2"):`."""

from __future__ import annotations

import atexit
import logging
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import torch

from declarant.compute.tracker.step_count import StepCount
from declarant.compute.tracker.torch.attachment import attach
from declarant.compute.tracker.torch.eager import is_compiled
from declarant.compute.tracker.torch.facts import facts_of, place_in_world
from declarant.compute.tracker.torch.formulas import Formula
from declarant.compute.tracker.torch.process import PROCESS
from declarant.compute.tracker.torch.subject import Subject
from declarant.problems import bad_input

LOG = logging.getLogger("declarant")
MOST_SHAPES = 256
"""Distinct shapes of one form that are counted each; see `memo`."""


class Writer(Protocol):
    """What a tracker needs of a ledger."""

    def signature(self, key: str, count: StepCount) -> int:
        """Register a distinct step and return its number."""

    def add(self, signature: int, purpose: str = "", step: int | None = None) -> None:
        """Count one step."""

    def close(self) -> None:
        """Write the rest."""


Opens = Callable[[int, int, Mapping[str, str]], Writer]
"""Opens a ledger, given the rank, the number of ranks and the facts."""


class Tracker:
    """Counts the steps of one or more models into one ledger, from now until `close`.

    Use it as a context manager, or let it end with the process. Made by `track`.

    Attributes:
        purpose: what computation is spent for at the moment, in the ledger's words; "" is the
            run's own training. A forward pass in `eval()` mode that no backward pass goes through
            is "evaluation" by itself.
        most_shapes: distinct shapes of one form that are counted each.
        recounts: whether a step may be counted again later in the run.
    """

    def __init__(
        self,
        models: Sequence[Any],
        opens: Opens,
        *,
        purpose: str = "",
        first_step: int | None = None,
        formulas: Mapping[Any, Formula] | None = None,
        most_shapes: int = MOST_SHAPES,
        recounts: bool | None = None,
    ) -> None:
        self.purpose = purpose
        self.most_shapes = most_shapes
        compiled = any(is_compiled(model) for model in models)
        self.recounts = not compiled if recounts is None else recounts
        self._step = first_step
        self._steps_are_given = False
        self._optimizer: weakref.ref[Any] | None = None
        self._registered: dict[str, tuple[StepCount, int]] = {}
        self._warned: set[str] = set()
        self._closed = False
        self._subjects = [Subject(model, self) for model in models]
        self._parameters = {id(parameter) for model in models for parameter in model.parameters()}
        rank, world_size = place_in_world()
        self._writer = opens(rank, world_size, facts_of(self._subjects))
        PROCESS.formulas.update(formulas or {})
        PROCESS.begin(self)
        self._detach = [attach(subject, PROCESS.watch) for subject in self._subjects]
        atexit.register(self.close)

    def __enter__(self) -> Tracker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def step(self) -> int | None:
        """Number of the optimizer step under way; None unless the trainer gave one."""
        return self._step

    @step.setter
    def step(self, number: int) -> None:
        """Tell the trainer's own number of the step; from then on optimizers are not asked."""
        self._step = number
        self._steps_are_given = True

    @property
    def registered(self) -> tuple[StepCount, ...]:
        """What each distinct step costs, in the order they first came."""
        return tuple(count for count, _ in self._registered.values())

    @contextmanager
    def counting_as(self, purpose: str) -> Iterator[None]:
        """Tag what happens inside: "synthetic_data", "teacher", "evaluation" ..."""
        before, self.purpose = self.purpose, purpose
        try:
            yield
        finally:
            self.purpose = before

    @contextmanager
    def whole_step(self, batch: Any) -> Iterator[None]:
        """Count everything inside as one step, told from others by the shapes in `batch`.

        For training that does not call the model itself: compiled training steps, pipelines,
        models whose output holds no tensor.
        """
        self.begin_step(batch)
        try:
            yield
        except BaseException:
            self.end_step(failed=True)
            raise
        self.end_step()

    def begin_step(self, batch: Any) -> None:
        """Begin a step that is given as a whole; see `whole_step`."""
        PROCESS.watch().begin_region(self._subjects[0], batch)

    def end_step(self, *, failed: bool = False) -> None:
        """End it. A step that failed is not counted."""
        PROCESS.watch().end_region(failed)

    def optimizer_begins(self) -> None:
        """Say that the rest of a whole step is the optimizer's, where no hook can see it."""
        PROCESS.watch().idle()

    def close(self) -> None:
        """Take every hook off and close the ledger; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        try:
            for detach in self._detach:
                detach()
            PROCESS.end(self)
        finally:
            self._writer.close()

    # What the watch asks of a ledger's owner.

    def register(self, text: str, count: StepCount) -> int:
        """Return the ledger's number of a step; a step whose cost has changed gets a new one."""
        named, version = text, 1
        while named in self._registered:
            known, number = self._registered[named]
            if known == count:
                return number
            version += 1
            named = f"{text} (version {version})"
        self._warn(count)
        number = self._writer.signature(named, count)
        self._registered[named] = (count, number)
        return number

    def add(self, number: int, purpose: str, step: int | None) -> None:
        """Count one step."""
        self._writer.add(number, purpose, step)

    def optimizer_stepped(self, optimizer: Any) -> None:
        """Count the steps of the first optimizer that works on the tracked models.

        Only from a number that was given: steps numbered from nothing would look, after a restart,
        like steps done twice.
        """
        if self._steps_are_given or self._step is None:
            return
        mine = None if self._optimizer is None else self._optimizer()
        if mine is None and self._trains(optimizer):
            mine, self._optimizer = optimizer, weakref.ref(optimizer)
        if mine is optimizer:
            self._step += 1

    def _warn(self, count: StepCount) -> None:
        for item in count.uncounted:
            if item.name not in self._warned:
                self._warned.add(item.name)
                LOG.warning(
                    "The operations of %s are known within bounds only: %s. If you know them: "
                    "declarant.track(..., formulas={%r: function}).",
                    item.name,
                    item.why,
                    item.name,
                )

    def _trains(self, optimizer: Any) -> bool:
        return any(
            id(parameter) in self._parameters
            for group in optimizer.param_groups
            for parameter in group["params"]
        )


def track(
    model: Any,
    run: str,
    *,
    folder: Path | str = "declarant-ledger",
    purpose: str = "",
    first_step: int | None = None,
    formulas: Mapping[Any, Formula] | None = None,
    most_shapes: int = MOST_SHAPES,
    recounts: bool | None = None,
    flush_seconds: float = 10.0,
) -> Tracker:
    """Count the operations of a training run from here on, into a ledger on disk.

    `with declarant.track(model, run="atlas-2"):` around an ordinary training loop is all. Without
    `with`, counting ends with the process.

    Args:
        model: the module that the loop calls (with its wrapper, where it has one), or several of
            them that belong to one run.
        run: the training run's name, as the register calls it.
        folder: where ledgers are kept; each rank writes a file of its own.
        purpose: for a run that is not training of the run's own ("teacher", "reward_model").
        first_step: number of the optimizer step that comes next: of the first 0, after loading a
            checkpoint the checkpoint's. Only with it are steps that a restart repeats told apart.
        formulas: operations of kernels that PyTorch has no formula for, by operator or by name; a
            function of the operator's arguments and `out_val`, which returns a whole number or
            `Bounds`.
        most_shapes: distinct shapes that are counted each; more are bounded by their neighbours.
        recounts: whether a step may be counted again at its 16th time and its doublings; by default
            unless the model is compiled.
        flush_seconds: time between writes; a kill loses twice as much at the most.

    Raises:
        BadInput: when `model` is not a PyTorch module, or one that cannot be followed; when `run`
            is empty or a number is out of bounds.
    """
    from declarant.compute.tracker.rank_file import run_folder
    from declarant.compute.tracker.writer import LedgerWriter

    _check_settings(run, first_step, flush_seconds)
    if first_step is None and run_folder(Path(folder), run).exists():
        LOG.warning(
            "%s holds a ledger of the run %r already, and steps carry no numbers: steps that are "
            "done twice after a restart cannot be told apart. Give first_step, the number of the "
            "step that comes next.",
            folder,
            run,
        )

    models = list(model) if isinstance(model, (list, tuple)) else [model]
    _check(models)

    def opens(rank: int, world_size: int, facts: Mapping[str, str]) -> Writer:
        return LedgerWriter(
            Path(folder),
            run,
            rank=rank,
            world_size=world_size,
            flush_seconds=flush_seconds,
            facts=facts,
        )

    return Tracker(
        models,
        opens,
        purpose=purpose,
        first_step=first_step,
        formulas=formulas,
        most_shapes=most_shapes,
        recounts=recounts,
    )


def _check_settings(run: str, first_step: object, flush_seconds: float) -> None:
    if not run.strip():
        raise bad_input(
            "track.run",
            "the run has no name.",
            mend='Name it as the register does: run="atlas-2".',
            field="run",
        )
    is_number = isinstance(first_step, int) and not isinstance(first_step, bool)
    # `is_number` has looked at the type, where mypy does not follow
    if first_step is not None and (not is_number or int(first_step) < 0):  # type: ignore[call-overload]
        raise bad_input(
            "track.first_step",
            f"{first_step!r} is no number of a step.",
            mend="Give a whole number from 0 on, or leave it out.",
            field="first_step",
        )
    if not flush_seconds > 0:
        raise bad_input(
            "track.flush_seconds",
            f"{flush_seconds!r} is no time between writes.",
            mend="Give seconds above zero, such as 10.",
            field="flush_seconds",
        )


def _check(models: Sequence[Any]) -> None:
    if not models:
        raise bad_input(
            "track.model", "no model was given to track.", mend="Give the module that is trained."
        )
    for model in models:
        if not isinstance(model, torch.nn.Module):
            raise bad_input(
                "track.model",
                f"a {type(model).__name__} cannot be tracked: it is not a PyTorch module.",
                mend="Give the module that the training loop calls, or a list of modules.",
            )
        if isinstance(model, torch.nn.DataParallel):
            raise bad_input(
                "track.data_parallel",
                "torch.nn.DataParallel runs in threads, where nothing can be counted.",
                mend="Use DistributedDataParallel, which is faster as well.",
            )
