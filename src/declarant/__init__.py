"""Declarant: compute-threshold reporting, from the evidence on the machines to a signed filing."""

__version__ = "0.1.0"

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from declarant.compute.tracker.torch.track import track as track

__all__ = ["__version__", "track"]


def __getattr__(name: str) -> Any:
    """Import the tracker when somebody asks for it: it needs PyTorch, which is an extra."""
    if name != "track":
        raise AttributeError(f"module 'declarant' has no attribute {name!r}")
    try:
        from declarant.compute.tracker.torch.track import track
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        from declarant.problems import bad_input

        raise bad_input(
            "track.extra_missing",
            "a training run cannot be tracked without PyTorch, which is not installed here.",
            mend="Install it: pip install 'declarant[torch]'.",
        ) from None
    return track
