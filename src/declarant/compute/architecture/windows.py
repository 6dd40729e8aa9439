"""Which layers of a decoder see the whole sequence, and which only a sliding window."""

from __future__ import annotations

from declarant.compute.architecture.customs import Custom
from declarant.compute.architecture.keys import Keys
from declarant.problems import BadInput, bad_input

_WHOLE, _SLIDING = "full_attention", "sliding_attention"


def windows(keys: Keys, name: str, custom: Custom) -> list[int | None]:
    """Return, for each layer, how many positions a query sees at most; None for all.

    Raises:
        BadInput: when `layer_types` does not name one known kind of attention for each layer.
    """
    count = keys.layers("num_hidden_layers")
    if keys.has("layer_types"):
        return _as_listed(keys, count)
    if name.startswith("qwen") and not (
        keys.has("sliding_window") and keys.flag_or("use_sliding_window", False)
    ):
        return [None] * count
    window = _window(keys, custom)
    if window is None:
        return [None] * count
    if name.startswith("qwen"):
        whole = keys.whole_or("max_window_layers", count, "all layers see everything")
        return [None if layer < whole else window for layer in range(count)]
    if name == "gemma2":
        keys.note("assumed", "every second layer, from the first, has the sliding window.")
        return [window if layer % 2 == 0 else None for layer in range(count)]
    if name.startswith("gemma3"):
        every = keys.whole_or("sliding_window_pattern", 6, "one layer in six sees everything")
        return [None if (layer + 1) % every == 0 else window for layer in range(count)]
    return [window] * count


def _as_listed(keys: Keys, count: int) -> list[int | None]:
    kinds = keys.words("layer_types")
    if len(kinds) != count:
        raise _refused(keys, f"'layer_types' does not name a kind for each of {count} layers.")
    other = sorted(set(kinds) - {_WHOLE, _SLIDING})
    if other:
        raise _refused(keys, f"layers of the kind {other[0][:40]!a} cannot be counted.")
    window = keys.whole("sliding_window") if _SLIDING in kinds else None
    return [window if kind == _SLIDING else None for kind in kinds]


def _window(keys: Keys, custom: Custom) -> int | None:
    """Return the window's width; null means none, and is not the same as no such key."""
    if custom.window is None or "sliding_window" in keys.data:
        return keys.optional("sliding_window")
    return keys.whole_or("sliding_window", custom.window, "as the family has it")


def _refused(keys: Keys, what: str) -> BadInput:
    return bad_input(
        "configuration.layer_types",
        what,
        mend=f"Known kinds: {_WHOLE}, {_SLIDING}. Count this model by chip time or its own logs.",
        file=keys.file,
        field="layer_types",
    )
