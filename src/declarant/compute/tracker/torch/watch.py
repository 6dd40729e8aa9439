"""Follows one thread's forward and backward passes, and says when to count.

A *round* is what belongs together: forward passes of tracked models, and the backward pass (or
passes) through their outputs. It ends when the next forward pass of a tracked model begins, or when
an optimizer steps. A forward pass whose output nobody goes back through is a round of its own.
Its cost is the sum of its forward passes and of its backward pass, each known by its signature.

While everything is known, a pass costs a few look-ups and a hook on its outputs, and no operator is
looked at. Only while something is counted for the first time is the counting mode on, from the
forward pass to the end of the round.
"""

from __future__ import annotations

import functools
import logging
import weakref
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

import torch

from declarant.compute.tracker.torch.counting_mode import CountingMode, other_modes, push, remove
from declarant.compute.tracker.torch.eager import Eager, is_inside_compiled_code
from declarant.compute.tracker.torch.formulas import Formula
from declarant.compute.tracker.torch.observation import OUTSIDE, Observation
from declarant.compute.tracker.torch.outputs import outputs
from declarant.compute.tracker.torch.rounds import Call, Rounds
from declarant.compute.tracker.torch.signature import key_of, samples_of
from declarant.compute.tracker.torch.subject import Owner, Subject

LOG = logging.getLogger("declarant")
_graph_task = torch._C._current_graph_task_id
_queue_callback = torch.autograd.Variable._execution_engine.queue_callback


_P = ParamSpec("_P")
_W = TypeVar("_W", bound="Watch")


def _harmless(
    method: Callable[Concatenate[_W, _P], None],
) -> Callable[Concatenate[_W, _P], None]:
    """Keep an error of the tracker's own away from the training; from then on nothing is counted.

    The ledger then says so: a step that nobody can bound.
    """

    @functools.wraps(method)
    def guarded(watch: _W, /, *args: _P.args, **kwargs: _P.kwargs) -> None:
        if not watch.broken:
            try:
                method(watch, *args, **kwargs)
            except Exception as error:
                watch.give_up(error)

    return guarded


class Watch:
    """The state of one thread; see the module's text.

    Attributes:
        target: where operators are counted at the moment; None: nowhere.
        broken: an error of the tracker's own has ended the counting.
    """

    def __init__(self, formulas: Mapping[Any, Formula]) -> None:
        self.target: Observation | None = None
        self.broken = False
        self._rounds = Rounds()
        self._mode = CountingMode(self, formulas)
        self._eager = Eager()
        self._is_on = False
        self._on_in_inference = False
        self._depth = 0
        self._recording = False
        self._call: Call | None = None
        self._forward: Observation | None = None  # of the forward pass under way
        self._round: Observation | None = None  # of what follows it
        self._region = False
        self._pending: list[tuple[weakref.ref[_Fires], Call]] = []
        self._fired: list[Call] = []
        self._expected: set[int] = set()  # calls whose backward pass is thought to be known

    @_harmless
    def before(self, subject: Subject, module: Any, args: Any, kwargs: Any) -> None:
        """Take note that the forward pass of a tracked model, or of a copy of it, begins."""
        self._depth += 1
        if self._depth > 1 or _graph_task() != OUTSIDE:
            return  # part of another pass, or computed again in a backward pass
        if self._fired:
            self.end_round()
        if self._pending:
            self._sweep()
        self._recording = torch.is_grad_enabled()
        head = subject.head(module.training, self._recording)
        self._begin(Call(subject, self._rounds.number(key_of(head, args, kwargs)), head.training))

    @_harmless
    def after(self, output: Any, failed: bool) -> None:
        """Take note that a tracked model's forward pass has ended."""
        self._depth -= 1
        call = self._call
        if self._depth or call is None or _graph_task() != OUTSIDE:
            return
        self._call = None
        self._end_forward(call, failed)
        if failed:
            self._round = None
            self._fired.clear()
        elif not self._recording or not self._follow(call, output):
            trained = self._recording and call.training and call.subject.trains
            self._rounds.write_forward(call, followed=not trained)
        elif self._round is None and self._is_backward_wanted(call) and self._switch_on():
            self._round = Observation(in_forward=False)
        self._resume_round()

    @_harmless
    def fired(self, call: Call) -> None:
        """Take note that the backward pass reached an output; runs in the engine's thread."""
        task = _graph_task()
        if call.task == task:
            return
        call.task = task
        self._fired.append(call)
        seen = self._round
        if seen is not None and task not in seen.open_passes:
            seen.open_passes.add(task)
            _queue_callback(lambda: seen.backward_ended(task))

    def end_round(self) -> None:
        """Write down the round that has ended."""
        fired, self._fired = self._fired, []
        if fired:
            self._learn_backward(fired)
            self._rounds.write(fired)
        self._round = None
        self._switch_off()

    @_harmless
    def before_optimizer(self, closure: bool) -> None:
        """Stop before an optimizer's step; with a `closure`, it will itself run passes."""
        if self._region:
            if not closure:
                self.idle()
        elif self._fired:
            self.end_round()
        else:
            self._switch_off()

    @_harmless
    def after_optimizer(self) -> None:
        """Go on with what was being counted before the optimizer's step."""
        if self._region:
            self.target = self._forward
        elif self._round is not None and not self._fired and self._switch_on():
            self.target = self._round

    @_harmless
    def begin_region(self, subject: Subject, batch: Any) -> None:
        """Take everything from here to `end_region` for one pass, whatever is called inside."""
        self.end_round()
        self._depth += 1
        self._region = True
        training = subject.module.training
        head = subject.head(training, torch.is_grad_enabled(), whole_step=True)
        self._begin(Call(subject, self._rounds.number(key_of(head, (batch,), {})), head.training))

    def idle(self) -> None:
        """Count nothing more in this region: the rest is the optimizer's."""
        self.target = None

    @_harmless
    def end_region(self, failed: bool) -> None:
        """End the step that was given as a whole."""
        self._depth -= 1
        self._region = False
        call, self._call = self._call, None
        if call is not None:
            self._end_forward(call, failed)
            if not failed:
                self._rounds.write_forward(call)
        self._round = None
        self._switch_off()

    def give_up(self, error: Exception) -> None:
        """Stop counting after an error of the tracker's own, and have the ledger say so."""
        self.broken = True
        LOG.exception("The tracker failed and counts no further: please report this.")
        self._switch_off()
        self._rounds.give_up(f"{type(error).__name__}: {error}")

    def close(self, owner: Owner) -> None:
        """Write down everything of an owner's that has ended."""
        if self.broken:
            self._switch_off()
            return
        self.end_round()
        self._sweep(owner)
        self._rounds.close(owner)
        if self._call is not None and self._call.subject.owner is owner:
            self._depth, self._call, self._region, self._forward = 0, None, False, None

    def _begin(self, call: Call) -> None:
        self._call = call
        wanted = self._rounds.is_forward_wanted(call)
        self._forward = Observation() if wanted and self._switch_on() else None
        self.target = self._forward

    def _end_forward(self, call: Call, failed: bool) -> None:
        seen, self._forward, self.target = self._forward, None, None
        if seen is not None and not failed:
            key = self._rounds.key(call)
            count = seen.count(samples_of(key), call.subject.tokens(key))
            self._rounds.learn_forward(call, count, varies=seen.varies)

    def _follow(self, call: Call, output: Any) -> bool:
        """Put a hook on the outputs that a backward pass can begin at or pass through."""
        fires = _Fires(self, call)
        followed = False
        for tensor in outputs(output):
            tensor.register_hook(fires)
            followed = True
        if followed:
            self._pending.append((weakref.ref(fires), call))
        return followed

    def _is_backward_wanted(self, call: Call) -> bool:
        return call.number not in self._expected and self._rounds.is_backward_wanted(call)

    def _learn_backward(self, fired: list[Call]) -> None:
        seen = self._round
        whole = seen is not None and seen.saw_backward and not seen.open_passes
        count = seen.count() if seen is not None and whole else None
        varies = seen is not None and seen.varies
        if self._rounds.learn_backward(fired, count, varies=varies):
            self._expected.difference_update(call.number for call in fired)
        else:
            self._expected.update(call.number for call in fired)

    def _sweep(self, closing: Owner | None = None) -> None:
        """Write down forward passes that nobody went back through, once their outputs are gone.

        Those of an owner that is closing are written down whether or not somebody still may.
        """
        still = []
        for fires, call in self._pending:
            if call.task != OUTSIDE:
                continue
            if fires() is None or call.subject.owner is closing:
                self._rounds.write_forward(call)
            else:
                still.append((fires, call))
        self._pending = still

    def _resume_round(self) -> None:
        self.target = self._round
        if self._round is None:
            self._switch_off()

    def _switch_on(self) -> bool:
        if not self._is_on:
            if other_modes() or is_inside_compiled_code():
                return False  # another time: which of two modes ends first cannot be known
            self._eager.begin()
            push(self._mode)
            self._is_on = True
            self._on_in_inference = torch.is_inference_mode_enabled()
        return True

    def _switch_off(self) -> None:
        """Count nothing, and take the mode off.

        At the end of `torch.inference_mode()` PyTorch restores its dispatch keys to what they were
        at the beginning: a mode that was on outside must not be taken off inside. It stays, idle,
        until the next event outside.
        """
        self.target = None
        if self._is_on and torch.is_inference_mode_enabled() == self._on_in_inference:
            self._is_on = False
            remove(self._mode)
            self._eager.end()


class _Fires:
    """The hook on a call's outputs. The graph alone holds it: when it is gone, so is the graph."""

    __slots__ = ("__weakref__", "_call", "_watch")

    def __init__(self, watch: Watch, call: Call) -> None:
        self._watch = watch
        self._call = call

    def __call__(self, _gradient: Any) -> None:
        self._watch.fired(self._call)
