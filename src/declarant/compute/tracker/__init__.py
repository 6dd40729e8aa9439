"""Counts a training run from inside its script: each distinct step once, then multiplied.

The one part of the room that lives in somebody else's process: it has a clock and writes files.
"""
