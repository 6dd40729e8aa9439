"""What the matrix expects of an address, a person and a verb, and what came of it."""

from typing import Any

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from tests.desk.matrix.addresses import Address
from tests.desk.matrix.examples import ANSWERS, CLOSED, EXAMPLES, OWN, SENDS_TO_SIGN_IN, first

ALLOWED, REFUSED, SIGN_IN, NO_SUCH_VERB = "allowed", "refused", "sign in", "no such verb"


def lacks(address: Address) -> list[str]:
    """What an address must be given before the matrix can ask for it, as told to its author."""
    found = []
    if address.name.endswith(":") or not address.name:
        found.append(f"{address.route} has no name: give its path() a name=")
    if address.access is None and address.name not in CLOSED:
        found.append(
            f"{address.name} declares nobody who may open it: put @access(get=Power....) or "
            f'@public("get") on {address.where}'
        )
    if address.converters and address.name not in EXAMPLES.keys() | OWN.keys() | CLOSED:
        arguments = ", ".join(f'"{name}": ...' for name, _ in address.converters)
        found.append(
            f"{address.name} has arguments and no example: add the line\n"
            f'    "{address.name}": lambda: {{{arguments}}},\n'
            "to EXAMPLES in tests/desk/matrix/examples.py"
        )
    return found


def arguments_of(address: Address, person: Any | None) -> dict[str, Any]:
    """The example arguments of an address, for a person or for somebody not signed in."""
    if address.name in CLOSED:
        return {name: "x" for name, _ in address.converters}
    if address.name in OWN:
        return OWN[address.name](person or first("accounts.User"))
    return EXAMPLES[address.name]() if address.converters else {}


def path_of(address: Address, person: Any | None = None) -> str:
    """The path of an address, filled from its example."""
    return reverse(address.name, kwargs=arguments_of(address, person))


def expected(address: Address, verb: str, person: Any | None) -> str:
    """What must come of a verb: ``person`` None is somebody who is not signed in."""
    if address.access is None:
        return REFUSED
    try:
        power = address.access.needs(verb)
    except KeyError:
        return NO_SUCH_VERB
    if power is None:
        return ALLOWED
    if person is None:
        return SIGN_IN
    return ALLOWED if person.has(power) else REFUSED


def may_send_to_sign_in(address: Address, verb: str) -> bool:
    """Whether the view may send people on to the sign-in by itself, though they are allowed."""
    if address.access is None:
        return False
    is_open = address.access.verbs.get(verb, "") is None
    return is_open or address.name in SENDS_TO_SIGN_IN


def is_answer(address: Address, verb: str, status: int) -> bool:
    """Whether a status is one that an allowed request may get from this address."""
    if address.name in ANSWERS:
        return status == ANSWERS[address.name]
    # a form that was posted without what it asks for is answered with 400, 409 or 422
    return status < 400 or (verb != "GET" and status < 500 and status != 404)


def outcome(response: Any) -> str:
    """What came of a request."""
    if response.status_code == 405:
        return NO_SUCH_VERB
    if response.status_code == 403:
        return REFUSED
    if response.status_code == 302 and _leads_to_sign_in(response["Location"]):
        return SIGN_IN
    return ALLOWED


def _leads_to_sign_in(location: str) -> bool:
    try:
        return resolve(location.partition("?")[0]).view_name == settings.LOGIN_URL
    except Resolver404:
        return False
