"""How a tracker is attached to a model and to optimizers, and taken off again."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import Any

import torch
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from declarant.compute.tracker.torch.subject import Subject
from declarant.compute.tracker.torch.watch import Watch

Detach = Callable[[], None]
_COMPILED_AROUND = (
    "the tracked model is compiled together with what surrounds it. Track the compiled module, "
    "declarant.track(torch.compile(model)), or give each step as a whole: "
    "with tracker.whole_step(batch)."
)
_NOTHING = (getattr, (contextlib.nullcontext(), "__exit__"))
"""What a hook becomes in a pickled model: a function that takes anything and does nothing."""


def attach(subject: Subject, watch: Callable[[], Watch]) -> Detach:
    """Follow a module's forward passes; return what takes the hooks off.

    A module compiled in place (`module.compile()`) would compile its hooks along with it: there the
    compiled call itself is wrapped.
    """
    attachment = _Attachment(subject, watch)
    attachment.put_on()
    return attachment.take_off


class _Attachment:
    def __init__(self, subject: Subject, watch: Callable[[], Watch]) -> None:
        self.subject = subject
        self.watch = watch
        self._handles: list[Any] = []
        self._compiled: Any = None
        self._around: Any = None

    @property
    def is_compiled_since(self) -> bool:
        """Whether the module was compiled in place after hooks were put on it."""
        return bool(self._handles) and self.subject.module._compiled_call_impl is not None

    def put_on(self) -> None:
        module = self.subject.module
        if getattr(module, "_compiled_call_impl", None) is not None:
            self._compiled = module._compiled_call_impl
            self._around = module._compiled_call_impl = self._called
            return
        before, after = _Before(self), _After(self)
        self._handles = [
            module.register_forward_pre_hook(before, with_kwargs=True, prepend=True),
            module.register_forward_hook(after, always_call=True),
        ]
        after.raised = before.raised

    def take_off(self) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []
        module = self.subject.module
        if self._around is not None and module._compiled_call_impl is self._around:
            module._compiled_call_impl = self._compiled
        self._around = None

    def put_around(self) -> None:
        self.take_off()
        self.put_on()

    def _called(self, *args: Any, **kwargs: Any) -> Any:
        now = self.watch()
        now.before(self.subject, self.subject.module, args, kwargs)
        try:
            output = self._compiled(*args, **kwargs)
        except BaseException:
            now.after(None, failed=True)
            raise
        now.after(output, failed=False)
        return output


def _uncompiled(method: Any) -> Any:
    try:
        return torch.compiler.disable(method, reason=_COMPILED_AROUND)
    except TypeError:  # PyTorch before 2.7 takes no reason
        return torch.compiler.disable(method)


class _Hook:
    """A hook that a copy of the model shares, and that does nothing in a saved model."""

    def __init__(self, attachment: _Attachment) -> None:
        self.attachment = attachment
        self.raised: list[BaseException | None] = []  # what was being handled when a call began

    def __deepcopy__(self, _: Any) -> _Hook:
        return self

    def __reduce__(self) -> Any:
        return _NOTHING


class _Before(_Hook):
    @_uncompiled
    def __call__(self, module: Any, args: Any, kwargs: Any) -> None:
        self.raised.append(sys.exc_info()[1])
        self.attachment.watch().before(self.attachment.subject, module, args, kwargs)


class _After(_Hook):
    @_uncompiled
    def __call__(self, _: Any, __: Any, output: Any) -> None:
        known = self.raised.pop() if self.raised else None
        failed = output is None and sys.exc_info()[1] is not known
        self.attachment.watch().after(output, failed=failed)
        if self.attachment.is_compiled_since:
            self.attachment.put_around()


def follow_optimizers(watch: Callable[[], Watch], stepped: Callable[[Any], None]) -> Detach:
    """Hear of every optimizer's step in the process; return what ends it."""

    def before(optimizer: Any, args: Any, kwargs: Any) -> None:
        given = [item for item in args if item is not optimizer]
        closure = kwargs.get("closure", given[0] if given else None)
        watch().before_optimizer(closure is not None)

    def after(optimizer: Any, _: Any, __: Any) -> None:
        watch().after_optimizer()
        stepped(optimizer)

    handles = (register_optimizer_step_pre_hook(before), register_optimizer_step_post_hook(after))

    def detach() -> None:
        for handle in handles:
            handle.remove()

    return detach
