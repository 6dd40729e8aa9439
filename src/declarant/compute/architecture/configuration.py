"""From a Hugging Face config.json to an architecture."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from declarant.compute.architecture.families.gated_decoders import read_gated_decoder
from declarant.compute.architecture.families.registry import families
from declarant.compute.architecture.json_source import read_json_object
from declarant.compute.architecture.keys import Keys
from declarant.compute.architecture.parts import Architecture
from declarant.problems import bad_input

CONFIG = "config.json"
_NEEDED = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
_GATED = ("silu", "swish", "swiglu", "geglu", "gelu_pytorch_tanh")


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
    name = keys.text("model_type") or keys.text("_class_name")
    known = families()
    inner = keys.data.get("text_config")
    if name in known and not isinstance(inner, dict):
        return known[name](keys, name)
    if isinstance(inner, dict) and "text_config" not in inner:
        text = Keys(inner, keys.file)
        text.note(
            "text_only",
            f"of {name or 'this model'} only the language model (text_config) is counted.",
            "Add what its encoders of images and sound used.",
            warn=True,
        )
        return _read(text)
    if all(keys.has(key) for key in _NEEDED) and keys.text("hidden_act") in _GATED:
        keys.note(
            "unknown_family",
            f"the family {name!r} is not known; it is counted as a gated decoder like llama.",
            "Compare the parameters below with the published number.",
            warn=True,
        )
        return read_gated_decoder(keys, name or "unknown")
    near = difflib.get_close_matches(name, known, n=1) if name else []
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise bad_input(
        "configuration.unknown_family",
        f"the family {name!r} (model_type) is not known." if name else "'model_type' is missing.",
        mend=f"{hint}Known: {', '.join(known)}.",
        file=keys.file,
        field="model_type",
    )
