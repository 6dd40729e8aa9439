"""Readers of GPU telemetry, one file a format; see `registry`."""
