"""What tells one step from another: shapes, formats and modes, read without looking at any data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

DEEPEST = 4
"""Levels of containers that are looked into."""

_PLAIN = (bool, str, type(None))
Item = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes in a key, and all else: keys of one form differ in sizes only."""

    form: tuple[Any, ...]
    sizes: tuple[int, ...]


class Head(NamedTuple):
    """What changes a pass's cost without showing in its inputs.

    Attributes:
        subject: number of the tracked model in this process.
        whole_step: whether this is a step given as a whole.
        training: whether the model is in training mode.
        trained: parameter tensors that are trained; -1 where no gradients are recorded.
        autocast: format that autocast is set to, "" when it is off.
    """

    subject: int
    whole_step: bool
    training: bool
    trained: int
    autocast: str


def key_of(head: Head, args: Any, kwargs: Any) -> tuple[Any, ...]:
    """Return what tells a call apart: its head, and for each input its name, format and shape.

    Truth values and words are part of it; numbers are not, because many trainers hand over a count
    that changes with each step (a step whose work depends on a number is caught by recounting).
    """
    items: list[Any] = [head]
    for place, value in enumerate(args):
        _add(items, place, value, DEEPEST)
    for name, value in kwargs.items():
        _add(items, name, value, DEEPEST)
    return tuple(items)


def _add(items: list[Any], name: Any, value: Any, depth: int) -> None:
    shape = getattr(value, "shape", None)
    if shape is not None and hasattr(value, "requires_grad"):
        items.append((name, value.dtype, value.requires_grad, tuple(shape)))
    elif isinstance(value, _PLAIN):
        items.append((name, value))
    elif depth and isinstance(value, Mapping):
        for key, held in value.items():
            _add(items, key, held, depth - 1)
    elif depth and isinstance(value, (list, tuple)):
        items.append((name, len(value)))
        for held in value[:64]:
            _add(items, name, held, depth - 1)
    elif not isinstance(value, (int, float)):
        items.append((name, type(value).__name__))
        if depth and hasattr(value, "__dict__") and not callable(value):
            for key, held in list(vars(value).items())[:64]:
                # of a list the first alone: the layers of a cache are all as long
                one = held[0] if isinstance(held, (list, tuple)) and held else held
                if hasattr(one, "shape") or (one is not held and hasattr(one, "__dict__")):
                    _add(items, key, one, depth - 1)


def inputs(key: tuple[Any, ...]) -> tuple[Item, ...]:
    """Return the inputs of a key: (name, dtype, requires_grad, shape), or (name, value)."""
    return key[1:]


def shape_of(key: tuple[Any, ...]) -> Shape:
    """Return a key's sizes apart from its form."""
    form: list[Any] = [key[0]]
    sizes: list[int] = []
    for item in inputs(key):
        if len(item) == 4:
            form.append((*item[:3], len(item[3])))
            sizes.extend(int(size) for size in item[3])
        else:
            form.append(item)
    return Shape(tuple(form), tuple(sizes))


def text_of(key: tuple[Any, ...]) -> str:
    """Return a key's inputs for people: "input_ids=int64[8,1024]"."""
    written = []
    for item in inputs(key):
        if len(item) == 4:
            name, dtype, gradient, shape = item
            sizes = ",".join(str(size) for size in shape)
            mark = " grad" if gradient else ""
            written.append(f"{name}={str(dtype).removeprefix('torch.')}[{sizes}]{mark}")
        elif item[1] is not None:
            written.append(f"{item[0]}={item[1]}")
    return ", ".join(written)


def mode_of(key: tuple[Any, ...]) -> str:
    """Return the modes of a key for people: "training, 148 trained tensors, bfloat16"."""
    head: Head = key[0]
    words = ["whole step"] if head.whole_step else []
    words.append("training" if head.training else "eval")
    words.append("no gradients" if head.trained < 0 else f"{head.trained} trained tensors")
    return ", ".join([*words, *([head.autocast] if head.autocast else [])])


def samples_of(key: tuple[Any, ...]) -> int | None:
    """Return the sequences or images: the first size of the first input that has one."""
    return next((int(item[3][0]) for item in inputs(key) if len(item) == 4 and item[3]), None)


def tokens_of(key: tuple[Any, ...], *, encoder_decoder: bool = False) -> int | None:
    """Return the positions of the main sequence; None when the inputs are no sequences.

    That is the decoder's where there is one, else whole numbers in two dimensions (ids of tokens),
    else embeddings given as `inputs_embeds`.
    """
    tensors = {item[0]: item for item in inputs(key) if len(item) == 4}
    order = ["decoder_input_ids", *(["labels"] if encoder_decoder else []), "input_ids"]
    for name in order:
        if name in tensors and len(tensors[name][3]) == 2:
            return _product(tensors[name][3])
    if "inputs_embeds" in tensors:
        return _product(tensors["inputs_embeds"][3][:2])
    for item in tensors.values():
        whole = str(item[1]) in {"torch.int64", "torch.int32"}
        if whole and len(item[3]) == 2:
            return _product(item[3])
    return None


def _product(sizes: Any) -> int:
    total = 1
    for size in sizes:
        total *= int(size)
    return total
