"""Files kept for ever: each once, named by the SHA-256 of its bytes, in the desk's home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from declarant.desk.vault.storing import folder_of, path_of, store, store_bytes

__all__ = ["folder_of", "path_of", "store", "store_bytes"]


def __getattr__(name: str) -> Any:
    """Return what `storing` offers; it needs the models, which are not ready when apps load."""
    if name not in __all__:
        raise AttributeError(name)
    from declarant.desk.vault import storing

    return getattr(storing, name)
