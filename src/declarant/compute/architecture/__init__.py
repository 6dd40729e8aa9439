"""Counting from a model's configuration: the closed form, term by term."""

from declarant.compute.architecture.configuration import read_configuration
from declarant.compute.architecture.estimate import (
    Estimate,
    Recompute,
    adapter_parameters,
    estimate,
)
from declarant.compute.architecture.parameters import active_parameters, total_parameters
from declarant.compute.architecture.parts import Architecture
from declarant.compute.architecture.terms import Term

__all__ = [
    "Architecture",
    "Estimate",
    "Recompute",
    "Term",
    "active_parameters",
    "adapter_parameters",
    "estimate",
    "read_configuration",
    "total_parameters",
]
