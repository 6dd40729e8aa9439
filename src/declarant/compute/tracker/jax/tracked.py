"""A jitted step that counts itself: each distinct compiled signature once, then one call each.

On the hot path stand one call of the step, one look at how many programs jit has compiled for it,
and one append to a queue. Where jit holds several programs, compiled here, before or by another
tracked step, the shapes of the arguments are looked up at each call. Nothing waits for a device.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any

from declarant.compute.tracker.jax.count import count_traced, failed
from declarant.compute.tracker.jax.signature import Call, Fingerprints, abstract, shown
from declarant.compute.tracker.reading.merge import DATA_PARALLEL
from declarant.compute.tracker.writer import LedgerWriter

LOG = logging.getLogger("declarant.tracker")
MOST_KNOWN = 4096
"""Signatures remembered for one step."""
_NO_FACTS: Mapping[str, str] = MappingProxyType({})


class TrackedStep:
    """The step, called as before. Made by `tracked`.

    Attributes:
        writer: of the ledger; other steps of the run can share it.
    """

    def __init__(
        self,
        step: Any,
        writer: LedgerWriter,
        *,
        purpose: str,
        first_step: int | None,
        samples: Callable[..., int] | None,
        tokens: Callable[..., int] | None,
        owns_writer: bool,
    ) -> None:
        self.writer = writer
        self._step = step
        self._purpose = purpose
        self._number = first_step
        self._samples = samples
        self._tokens = tokens
        self._owns_writer = owns_writer
        self._compiled: Callable[[], int] | None = getattr(step, "_cache_size", None)
        self._warned = False
        self._seen = -1
        self._only: int | None = None
        self._fingerprints = Fingerprints()
        self._known: dict[Any, int] = {}
        self._programs: dict[Any, tuple[Any, int]] = {}

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Take one step."""
        result = self._step(*arguments, **keywords)
        signature = self._only
        if signature is None or self._compiled is None or self._compiled() != self._seen:
            signature = self._looked_up((arguments, keywords))
        number = self._number
        self.writer.add(signature, self._purpose, number)
        if number is not None:
            self._number = number + 1
        return result

    def at_step(self, number: int) -> None:
        """Say that the next call is optimizer step `number`, as after loading a checkpoint."""
        self._number = number

    def close(self) -> None:
        """Write the rest of the ledger, when it was opened for this step."""
        if self._owns_writer:
            self.writer.close()

    def __enter__(self) -> TrackedStep:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        """Give what the step itself has (`lower`, `trace`, `clear_cache`)."""
        if name.startswith("_"):
            raise AttributeError(name)
        if name == "clear_cache":
            self._only = None  # one program may come back as another
        return getattr(self._step, name)

    def _looked_up(self, call: Call) -> int:
        """Return the signature's number, after counting it when it is new."""
        try:
            size = self._compiled() if self._compiled is not None else -1
            number = self._known.get(self._fingerprints.of(call))
            if number is None or size != self._seen:
                number = self._count(call)
                if len(self._known) >= MOST_KNOWN:
                    self._known.clear()
                self._known[self._fingerprints.of(call)] = number
                self._seen = size
            # with one program in all, a call that compiles nothing can only be this one
            self._only = number if size == 1 and len(set(self._known.values())) == 1 else None
        except Exception as error:  # whatever it is, training goes on
            return self._unknown(error)
        return number

    def _count(self, call: Call) -> int:
        positional, named = shapes = abstract(call)
        traced = self._step.trace(*positional, **named)
        self._fingerprints.learn(call, traced.args_info)
        shape = shown(shapes)
        key = (id(traced.jaxpr), shape)  # jit traces once for each program, whatever the numbers
        if key in self._programs:
            return self._programs[key][1]
        count = count_traced(
            traced,
            samples=None if self._samples is None else int(self._samples(*positional, **named)),
            tokens=None if self._tokens is None else int(self._tokens(*positional, **named)),
        )
        number = self.writer.signature(f"{self._purpose}|{shape}|{len(self._programs)}", count)
        self._programs[key] = (traced.jaxpr, number)  # held, so that its id stays its own
        return number

    def _unknown(self, error: Exception) -> int:
        if not self._warned:
            self._warned = True
            LOG.warning(
                "declarant: a step could not be counted (%s); its operations stand as unknown.",
                error,
            )
        return self.writer.signature(f"{self._purpose}|not counted", failed(error))


def tracked(
    step: Any,
    *,
    run: str = "",
    folder: Path | str = "declarant-ledger",
    purpose: str = "",
    first_step: int | None = None,
    samples: Callable[..., int] | None = None,
    tokens: Callable[..., int] | None = None,
    writer: LedgerWriter | None = None,
    flush_seconds: float = 10.0,
    facts: Mapping[str, str] = _NO_FACTS,
) -> TrackedStep:
    """Return a training step that writes the run's ledger as it is called.

    Args:
        step: a function, or what `jax.jit` made of it; a plain function is jitted.
        run: the training run's name. Needed unless `writer` is given.
        folder: of ledgers.
        purpose: "" for the run's own training, "evaluation" for an evaluation step.
        first_step: number of the first optimizer step, counted on from there; give the
            checkpoint's, so that steps done twice are seen. None: numbers are not known.
        samples: from the step's arguments, sequences or images in the whole step; called once for
            each signature, with shapes in place of arrays.
        tokens: likewise, positions.
        writer: another tracked step's, for two steps of one run.
        flush_seconds: how long at the most a step is kept in memory only.
        facts: other things that people compare.

    Raises:
        ValueError: when neither run nor writer is given.
    """
    import jax

    if not hasattr(step, "lower"):
        step = jax.jit(step)
    owns = writer is None
    if writer is None:
        if not run:
            raise ValueError("a tracked step needs the run's name, or another step's writer")
        writer = LedgerWriter(
            Path(folder),
            run,
            rank=jax.process_index(),
            world_size=jax.process_count(),
            flush_seconds=flush_seconds,
            facts={
                "framework": f"jax {jax.__version__}",
                DATA_PARALLEL: str(jax.process_count()),  # each counts its own part of the step
                **facts,
            },
        )
    return TrackedStep(
        step,
        writer,
        purpose=purpose,
        first_step=first_step,
        samples=samples,
        tokens=tokens,
        owns_writer=owns,
    )
