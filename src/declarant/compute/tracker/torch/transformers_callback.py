"""A tracker for the Trainer of Hugging Face transformers, and of libraries built on it."""

from __future__ import annotations

from typing import Any

from declarant.problems import bad_input

try:
    from transformers import TrainerCallback
except ImportError as error:
    raise bad_input(
        "track.extra_missing",
        f"the callback for Hugging Face cannot be used: {error}.",
        mend="Install it: pip install transformers accelerate.",
    ) from None

from declarant.compute.tracker.torch.track import Tracker, track


class DeclarantCallback(TrainerCallback):  # type: ignore[misc]  # an extra: no types
    """Counts a training into a ledger: `Trainer(..., callbacks=[DeclarantCallback("atlas-2")])`.

    Evaluation during training is tagged as such, and steps carry the Trainer's own numbers, also
    after a checkpoint was loaded.

    Args:
        run: the training run's name, as the register calls it.
        settings: whatever else `declarant.track` takes.
    """

    def __init__(self, run: str, **settings: Any) -> None:
        self._run = run
        self._settings = settings
        self._tracker: Tracker | None = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Begin to count."""
        self._close()  # of a training that an error ended
        self._tracker = track(
            kwargs["model"], self._run, **{"first_step": state.global_step, **self._settings}
        )

    def on_step_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Take over the number of the step."""
        if self._tracker is not None:
            self._tracker.step = state.global_step

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Close the ledger."""
        self._close()

    def _close(self) -> None:
        if self._tracker is not None:
            self._tracker.close()
            self._tracker = None
