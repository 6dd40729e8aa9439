"""How many parameters a model has, and how many of them a token passes through in training."""

from __future__ import annotations

from declarant.compute.architecture.parts import Architecture, Block


def total_parameters(architecture: Architecture) -> int:
    """Return the parameters of the model that is kept; modules used in training only are not."""
    return sum(_held(block) for block in architecture.blocks if not block.training_only)


def active_parameters(architecture: Architecture) -> int:
    """Return the parameters a token passes through in training, as the short form wants them.

    Of a mixture of experts, the chosen ones; modules that are there for training only (multi-token
    prediction) are passed through as well. Embedding tables count where the makers of the family
    count them, which for dense models is the custom behind every published 6ND figure.
    """
    return sum(_passed(block, architecture.look_up_is_active) for block in architecture.blocks)


def _held(block: Block) -> int:
    maps = sum(item.parameters for item in block.maps)
    tables = sum(table.parameters for table in block.tables)
    return block.count * (maps + tables + block.vectors)


def _passed(block: Block, look_up: bool) -> int:
    maps = sum(item.active_parameters for item in block.maps)
    tables = sum(table.parameters for table in block.tables if look_up or table.is_output_head)
    return block.count * (maps + tables + block.vectors)
