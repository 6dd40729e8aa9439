"""Tokens for tests of the API."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def bearer(people: Any) -> Callable[..., dict[str, str]]:
    """Headers of a token with scopes: ``bearer("register:read", who="engineer")``."""
    from declarant.desk.api.tokens import make_token

    def headers(*scopes: str, who: str = "preparer") -> dict[str, str]:
        _row, secret = make_token(people(who), name="test", scopes=scopes, days=1)
        return {"Authorization": f"Bearer {secret}"}

    return headers
