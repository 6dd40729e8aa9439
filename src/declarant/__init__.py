"""Declarant: compute-threshold reporting, from the evidence on the machines to a signed filing."""

__version__ = "0.1.0"
