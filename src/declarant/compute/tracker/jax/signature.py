"""What tells two calls of a jitted step apart: types of arrays, values of static arguments."""

from __future__ import annotations

from typing import Any

NUMBERS = (bool, int, float, complex)
Call = tuple[tuple[Any, ...], dict[str, Any]]


class Fingerprints:
    """Gives each call a key that is cheap to make: some 50 ns for each array.

    jit looks at the types of plain numbers and at the values of static arguments. Which are static
    is seen from a trace: they are not among its inputs.
    """

    def __init__(self) -> None:
        self._static: dict[Any, bool] = {}

    def of(self, call: Call) -> tuple[Any, ...]:
        """Return the key of a call."""
        import jax

        leaves, tree = jax.tree_util.tree_flatten(call)
        by_value = self._static.get(tree, False)
        return (tree, *[_part(leaf, by_value) for leaf in leaves])

    def learn(self, call: Call, inputs: Any) -> None:
        """See from a trace's inputs (`args_info`) whether calls of this form have static ones."""
        import jax

        leaves, tree = jax.tree_util.tree_flatten(call)
        self._static[tree] = len(leaves) > len(jax.tree_util.tree_leaves(inputs))


def _part(leaf: Any, by_value: bool) -> Any:
    shape = getattr(leaf, "aval", None)
    if shape is not None:
        return shape
    if hasattr(leaf, "shape") and hasattr(leaf, "dtype"):
        return (tuple(leaf.shape), str(leaf.dtype))
    if isinstance(leaf, NUMBERS):
        return (type(leaf), leaf) if by_value else type(leaf)
    return leaf


def abstract(call: Call) -> Call:
    """Return the call with shapes in place of arrays, placed as these are.

    Arrays that the step was given to keep (donated) are gone after the call; their shapes are not.
    """
    import jax

    def shape_of(leaf: Any) -> Any:
        if isinstance(leaf, jax.Array):
            placed = leaf.sharding if getattr(leaf, "committed", True) else None
            weak = bool(getattr(leaf, "weak_type", False))
            return jax.ShapeDtypeStruct(leaf.shape, leaf.dtype, sharding=placed, weak_type=weak)
        if hasattr(leaf, "shape") and hasattr(leaf, "dtype"):
            return jax.ShapeDtypeStruct(leaf.shape, leaf.dtype)
        return leaf

    positional, named = jax.tree_util.tree_map(shape_of, call)
    return positional, named


def shown(call: Call) -> str:
    """Return the call's shapes for people; of plain numbers their type."""
    import jax

    leaves, tree = jax.tree_util.tree_flatten(call)
    parts = []
    for leaf in leaves:
        if hasattr(leaf, "shape") and hasattr(leaf, "dtype"):
            placed = getattr(leaf, "sharding", None)
            spec = getattr(placed, "spec", None)
            where = "" if spec is None else f"@{spec}"
            parts.append(f"{leaf.dtype}{list(leaf.shape)}{where}")
        else:
            parts.append(type(leaf).__name__ if isinstance(leaf, NUMBERS) else repr(leaf)[:40])
    return f"{' '.join(parts)} in {tree}"
