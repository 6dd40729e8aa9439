"""Who may use the API: every operation needs a token with its scope, and nothing else will do."""

import re
from dataclasses import dataclass

import pytest
from tests.desk.matrix.addresses import addresses
from tests.desk.matrix.example_desk import KEPT
from tests.desk.people import ROLES

from declarant.desk.api.scopes import NEEDS
from declarant.desk.api.v1 import api

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# what describes the API and holds nothing of the desk
DESCRIPTION = {"openapi-json", "openapi-view", "api-root"}


@dataclass(frozen=True)
class Operation:
    """One operation: a verb at a path, and the scopes that open it."""

    verb: str
    path: str
    scopes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"


def operations() -> list[Operation]:
    """Every operation of the API, its path filled with a word."""
    return [
        Operation(verb, f"/api/v1/{_filled(prefix, path)}", _scopes(operation))
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for verb in operation.methods
    ]


def _filled(prefix: str, path: str) -> str:
    joined = f"{prefix.strip('/')}/{path.strip('/')}".strip("/")
    return re.sub(r"\{([^}]*)\}", lambda found: "1" if "int" in found[1] else "runs", joined)


def _scopes(operation) -> tuple[str, ...]:
    return tuple(each.scope for each in operation.auth_callbacks if hasattr(each, "scope"))


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_an_operation_opens_to_a_token_with_its_scope_and_to_nothing_else(
    operation: Operation, example_desk
):
    assert operation.scopes, f"{operation} declares no scope: give it auth=Scope(...)"
    wrong = []

    def ask(client, **headers: str) -> int:
        return client.generic(
            operation.verb, operation.path, "{}", "application/json", headers=headers
        ).status_code

    for who in ("anonymous", *ROLES):
        if (status := ask(example_desk.client(who))) != 401:
            wrong.append(f"{who} without a token: {status}, must be 401")
    for name, secret in KEPT["tokens"].items():
        scope = name.partition(" ")[2]
        status = ask(example_desk.client("anonymous"), Authorization=f"Bearer {secret}")
        if (scope in operation.scopes) != (status not in (401, 403)) or status >= 500:
            wrong.append(f"token {name}: {status}")
    for bad in ("Bearer no-such-token", "Bearer ", "Basic YTpi"):
        if (status := ask(example_desk.client("anonymous"), Authorization=bad)) != 401:
            wrong.append(f"{bad!r}: {status}, must be 401")
    assert not wrong, f"{operation}:\n" + "\n".join(wrong)


def test_every_scope_opens_something_and_is_held_by_a_token_of_the_example(example_desk):
    assert {scope for operation in operations() for scope in operation.scopes} == set(NEEDS)
    assert {name.partition(" ")[2] for name in KEPT["tokens"]} == set(NEEDS)


def test_no_address_of_the_api_is_outside_of_its_operations():
    names = {
        address.name.rpartition(":")[2] for address in addresses() if address.has_own_authentication
    }
    known = {
        operation.view_func.__name__
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    }
    assert names <= known | DESCRIPTION
