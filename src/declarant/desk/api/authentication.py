"""`Authorization: Bearer TOKEN`, and the scope that an operation needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from declarant.desk.api.models import ApiToken
from declarant.desk.api.tokens import allows, token_of


class Scope(HttpBearer):
    """An operation's authentication: a valid token that has the scope."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Return the token's row; None (401) when it is not valid, 403 without the scope."""
        row = token_of(token)
        if row is None:
            return None
        if not allows(row, self.scope):
            raise HttpError(403, f"The token has no scope {self.scope}.")
        return row


def person_of(request: Any) -> Any:
    """Return whose token a request carries."""
    return request.auth.person
