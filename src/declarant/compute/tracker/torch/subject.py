"""A tracked model: what its steps are told apart by, and whose ledger they go to."""

from __future__ import annotations

from itertools import count
from operator import attrgetter
from typing import Any, Protocol

import torch

from declarant.compute.tracker.step_count import StepCount
from declarant.compute.tracker.torch.signature import Head, tokens_of

_numbers = count(1)
_is_trained = attrgetter("requires_grad")


class Owner(Protocol):
    """Whose ledger a model's steps go to, and how they are counted; see `Tracker`."""

    purpose: str
    most_shapes: int
    recounts: bool

    @property
    def step(self) -> int | None:
        """Number of the optimizer step under way, None unknown."""

    def register(self, text: str, count: StepCount) -> int:
        """Return the ledger's number for a step of that cost."""

    def add(self, number: int, purpose: str, step: int | None) -> None:
        """Count one step."""


class Subject:
    """One tracked module.

    Attributes:
        number: unique in the process.
        module: the model as it was given.
        name: of its class, without wrappers.
        owner: whose ledger its steps go to.
    """

    def __init__(self, module: Any, owner: Owner) -> None:
        self.number = next(_numbers)
        self.module = module
        self.owner = owner
        inner = unwrapped(module)
        self.name = type(inner).__name__
        config = getattr(inner, "config", None)
        self._encoder_decoder = bool(getattr(config, "is_encoder_decoder", False))
        self._parameters: list[Any] = []
        self._trained = 0
        self.device = "cpu"
        self.refresh()

    def refresh(self) -> None:
        """Look at the parameters again: adapters may have been added, or the model moved."""
        self._parameters = list(self.module.parameters())
        if self._parameters:
            self.device = self._parameters[0].device.type

    @property
    def trains(self) -> bool:
        """Whether some parameter was trained at the last forward pass that records gradients."""
        return self._trained > 0

    def head(self, training: bool, recording: bool, *, whole_step: bool = False) -> Head:
        """Return what changes a pass's cost without showing in its inputs; no data is read."""
        if recording:
            self._trained = sum(map(_is_trained, self._parameters))
        autocast = torch.is_autocast_enabled(self.device)
        return Head(
            self.number,
            whole_step,
            training,
            self._trained if recording else -1,
            str(torch.get_autocast_dtype(self.device)) if autocast else "",
        )

    def tokens(self, key: tuple[Any, ...]) -> int | None:
        """Return the positions of the main sequence in a call."""
        return tokens_of(key, encoder_decoder=self._encoder_decoder)


def unwrapped(module: Any) -> Any:
    """Return the model inside wrappers of parallelism and of the compiler."""
    for _ in range(8):
        inner = getattr(module, "_orig_mod", None)
        if inner is None and type(module).__name__ in _WRAPPERS:
            inner = getattr(module, "module", None)
        if inner is None:
            return module
        module = inner
    return module


_WRAPPERS = {"DistributedDataParallel", "FullyShardedDataParallel", "DeepSpeedEngine"}
