"""From a Hugging Face config.json to an architecture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from declarant.compute.architecture.families.registry import families
from declarant.compute.architecture.json_source import read_json_object
from declarant.compute.architecture.keys import Keys
from declarant.compute.architecture.newcomers import read_newcomer
from declarant.compute.architecture.parts import Architecture
from declarant.problems import bad_input

CONFIG = "config.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+-]{0,79}")


def read_configuration(source: Path | Mapping[str, Any]) -> Architecture:
    """Read a model's configuration.

    Args:
        source: a config.json, a folder that holds one, or its content.

    Raises:
        BadInput: when it cannot be read, its family is unknown and cannot be taken for a decoder,
            or a key that the family needs is missing or has no sensible value.
    """
    if isinstance(source, Mapping):
        return _read(Keys(source, CONFIG))
    file = source / CONFIG if source.is_dir() else source
    data, sha256 = read_json_object(file)
    return replace(_read(Keys(data, str(file))), sha256=sha256)


def _read(keys: Keys) -> Architecture:
    name = _family(keys)
    known = families()
    inner = keys.data.get("text_config")
    if isinstance(inner, dict) and "text_config" not in inner:
        return _read(_language_model(keys, name, inner))
    if name in known:
        return known[name](keys, name)
    return read_newcomer(keys, name)


def _family(keys: Keys) -> str:
    name = keys.text("model_type") or keys.text("_class_name")
    if name and not _NAME.fullmatch(name):
        raise bad_input(
            "configuration.value",
            f"{name[:40]!a} is no name of a family.",
            mend="Take the model's own config.json.",
            file=keys.file,
            field="model_type",
        )
    return name


def _language_model(keys: Keys, name: str, inner: dict[str, Any]) -> Keys:
    """Return the keys of the language model inside one for images or sound as well."""
    tying = "tie_word_embeddings"  # says the same for the whole model, and often stands there only
    outer = {tying: keys.data[tying]} if keys.has(tying) else {}
    text = Keys({**outer, **inner}, keys.file)
    text.note(
        "text_only",
        f"of {name or 'this model'} only the language model (text_config) is counted.",
        "Add what its encoders of images and sound used.",
        warn=True,
    )
    return text
