"""A tracker for the Trainer of Lightning."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from declarant.problems import bad_input

if TYPE_CHECKING:
    from lightning.pytorch import Callback
else:
    try:
        if "pytorch_lightning" in sys.modules and "lightning" not in sys.modules:
            from pytorch_lightning import Callback
        else:
            from lightning.pytorch import Callback
    except ImportError as error:
        raise bad_input(
            "track.extra_missing",
            f"the callback for Lightning cannot be used: {error}.",
            mend="Install it: pip install lightning.",
        ) from None

from declarant.compute.tracker.torch.track import Tracker, track


class DeclarantCallback(Callback):  # type: ignore[misc]  # an extra: no types
    """Counts a training into a ledger: `Trainer(..., callbacks=[DeclarantCallback("atlas-2")])`.

    A Lightning module is trained through its `training_step`, whatever that calls: each batch is
    one step, told from others by the shapes in it. Validation and tests during training are tagged
    as evaluation, the sanity check at the beginning too.

    Args:
        run: the training run's name, as the register calls it.
        settings: whatever else `declarant.track` takes.
    """

    def __init__(self, run: str, **settings: Any) -> None:
        self._run = run
        self._settings = settings
        self._tracker: Tracker | None = None
        self._in_step = False

    def setup(self, trainer: Any, pl_module: Any, stage: str) -> None:
        """Begin to count, before the sanity check."""
        if stage == "fit":
            self._close()
            self._tracker = track(
                pl_module, self._run, **{"first_step": trainer.global_step, **self._settings}
            )

    def teardown(self, trainer: Any, pl_module: Any, stage: str) -> None:
        """Close the ledger."""
        self._close()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Close the ledger; a step that failed is not counted."""
        self._end(failed=True)
        self._close()

    def on_train_batch_start(self, trainer: Any, pl_module: Any, batch: Any, index: int) -> None:
        """Begin a step."""
        if self._tracker is not None:
            self._tracker.step = trainer.global_step
            self._begin(batch)

    def on_before_optimizer_step(self, trainer: Any, pl_module: Any, optimizer: Any) -> None:
        """Count no further: the optimizer's own work is left out."""
        if self._tracker is not None:
            self._tracker.optimizer_begins()

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, index: int
    ) -> None:
        """End the step."""
        self._end()

    def on_validation_batch_start(
        self, trainer: Any, pl_module: Any, batch: Any, index: int, loader: int = 0
    ) -> None:
        """Begin a step of evaluation."""
        self._begin(batch)

    def on_validation_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, index: int, loader: int = 0
    ) -> None:
        """End it."""
        self._end()

    def _begin(self, batch: Any) -> None:
        if self._tracker is not None:
            self._tracker.begin_step(batch)
            self._in_step = True

    def _end(self, *, failed: bool = False) -> None:
        if self._tracker is not None and self._in_step:
            self._tracker.end_step(failed=failed)
            self._in_step = False

    def _close(self) -> None:
        if self._tracker is not None:
            self._tracker.close()
            self._tracker = None
