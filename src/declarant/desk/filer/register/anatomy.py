"""What a part of the register's schema is made of, told so that forms and file lists can walk it.

The schema itself is the only description of a register; this reads it off the pydantic models.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from declarant.quantities import WRITTEN
from declarant.register import schema
from declarant.register.schema.fields import PLAIN_FP32, Day, File, Format

Path = tuple[str | int, ...]


class Sort(StrEnum):
    """How a field is filled in."""

    TEXT = auto()
    WHOLE = auto()  # a whole number
    AMOUNT = auto()  # text or a whole number, read exactly
    DAY = auto()
    CHOICE = auto()
    CONSTANT = auto()  # says which variant this is
    FILE = auto()
    FILES = auto()
    TEXTS = auto()  # several texts
    PAIRS = auto()  # text by text
    PART = auto()
    PARTS = auto()  # several of one model, or of variants told apart by a constant
    BY_KEY = auto()  # one model by key


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a model: its sort, what may stand in it, and what the schema says of it."""

    name: str
    sort: Sort
    required: bool
    description: str
    choices: tuple[str, ...] = ()
    models: tuple[type[BaseModel], ...] = ()

    def variant(self, content: Any) -> type[BaseModel] | None:
        """Return the model that an item of this field is of; None when that cannot be told."""
        if len(self.models) == 1:
            return self.models[0]
        said = content.get("method") if isinstance(content, dict) else None
        return next((model for model in self.models if said in variants(model)), None)


@cache
def fields(model: type[BaseModel]) -> tuple[Field, ...]:
    """Return the fields of a model, in the order in which people write them.

    That is the schema's, but for what is inherited: days follow what they are the days of.
    """
    held = [
        _field(info.alias or name, info.annotation, info.is_required(), info.description or "")
        for name, info in model.model_fields.items()
    ]
    days = [field for field in held if field.name in ("start", "end")]
    rest = [field for field in held if field not in days]
    rest.sort(key=lambda field: field.sort is not Sort.CONSTANT)
    after = max(
        (n for n, field in enumerate(rest) if field.name in ("status", "share")), default=-1
    )
    return (*rest[: after + 1], *days, *rest[after + 1 :])


def in_order(model: type[BaseModel], content: Any) -> Any:
    """Return content with its keys in the order of `fields`; keys the schema lacks stay last."""
    if not isinstance(content, dict):
        return content
    known = {field.name: field for field in fields(model)}
    names = [name for name in known if name in content]
    names += [name for name in content if name not in known]
    return {
        name: _value_in_order(known[name], content[name]) if name in known else content[name]
        for name in names
    }


def _value_in_order(field: Field, value: Any) -> Any:
    if field.sort is Sort.PART:
        return in_order(field.models[0], value)
    if field.sort is Sort.PARTS and isinstance(value, list):
        held = ((item, field.variant(item)) for item in value)
        return [in_order(model, item) if model else item for item, model in held]
    if field.sort is Sort.BY_KEY and isinstance(value, dict):
        return {key: in_order(field.models[0], item) for key, item in value.items()}
    return value


def variants(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the methods that a way of counting stands for."""
    return next((held.choices for held in fields(model) if held.name == "method"), ())


def files_named(model: type[BaseModel], content: Any, at: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield each path of evidence that content names, with the field that names it."""
    if not isinstance(content, dict):
        return
    for field in fields(model):
        value = content.get(field.name)
        here = (*at, field.name)
        if field.sort is Sort.FILE and isinstance(value, str):
            yield here, value
        elif field.sort is Sort.FILES and isinstance(value, list):
            yield from (((*here, n), name) for n, name in enumerate(value) if isinstance(name, str))
        elif field.sort is Sort.PART:
            yield from files_named(field.models[0], value, here)
        elif field.sort is Sort.PARTS and isinstance(value, list):
            for number, item in enumerate(value):
                if inner := field.variant(item):
                    yield from files_named(inner, item, (*here, number))


def is_recorded(model: type[BaseModel]) -> bool:
    """Whether a model's files may be the one folder of a store."""
    return model is schema.Recorded


def _field(name: str, annotation: Any, required: bool, description: str) -> Field:
    sort, choices, models = _sorted(_without_none(annotation))
    return Field(name, sort, required, description, choices, models)


_Sorted = tuple[Sort, tuple[str, ...], tuple[type[BaseModel], ...]]


def _sorted(annotation: Any) -> _Sorted:
    if annotation == File:
        return Sort.FILE, (), ()
    if annotation == Format:
        return Sort.CHOICE, (*WRITTEN, PLAIN_FP32), ()
    if annotation == Day or (isinstance(annotation, type) and annotation.__name__ == "date"):
        return Sort.DAY, (), ()
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _sorted(_without_none(inner[0]))
    if origin is Literal:
        values = tuple(str(item.value if isinstance(item, Enum) else item) for item in inner)
        return (Sort.CONSTANT if isinstance(inner[0], Enum) else Sort.CHOICE), values, ()
    if origin is tuple:
        return _several(inner[0])
    if origin is dict:
        held = inner[1]
        is_model = isinstance(held, type) and issubclass(held, BaseModel)
        return (Sort.BY_KEY, (), (held,)) if is_model else (Sort.PAIRS, (), ())
    if annotation is Any:
        return Sort.AMOUNT, (), ()
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Sort.PART, (), (annotation,)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return Sort.CHOICE, tuple(str(item.value) for item in annotation), ()
    return (Sort.WHOLE if annotation is int else Sort.TEXT), (), ()


def _several(item: Any) -> _Sorted:
    if item == File:
        return Sort.FILES, (), ()
    models = _models(item)
    return (Sort.PARTS, (), models) if models else (Sort.TEXTS, (), ())


def _models(annotation: Any) -> tuple[type[BaseModel], ...]:
    if get_origin(annotation) is Annotated:
        return _models(get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return (annotation,)
    if get_origin(annotation) in (Union, UnionType):
        return tuple(model for item in get_args(annotation) for model in _models(item))
    return ()


def _without_none(annotation: Any) -> Any:
    """Return the annotation of an optional field, which means what it means when it is there."""
    if get_origin(annotation) in (Union, UnionType):
        said = [item for item in get_args(annotation) if item is not type(None)]
        return said[0] if len(said) == 1 else annotation
    return annotation
