"""Version 1 of the API, described by OpenAPI at /api/v1/openapi.json."""

from declarant.desk.api.v1.api import api

__all__ = ["api"]
