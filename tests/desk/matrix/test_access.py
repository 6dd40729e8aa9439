"""Who may do what: every address, every role and every verb, allowed and refused as declared."""

import csv
from pathlib import Path

import pytest
from django.db import transaction
from tests.desk.matrix.addresses import NOBODY, VERBS, Address, pages
from tests.desk.matrix.examples import ASKED_BY_READERS, CLOSED, EXAMPLES, OWN, POSTED, posted
from tests.desk.matrix.expectations import (
    ALLOWED,
    NO_SUCH_VERB,
    SIGN_IN,
    expected,
    is_answer,
    lacks,
    may_send_to_sign_in,
    outcome,
    path_of,
)
from tests.desk.people import ROLES

from declarant.desk.access import Power

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BUILD = Path(__file__).resolve().parents[3] / "build"
WHO = (NOBODY, *ROLES)


@pytest.mark.parametrize("address", pages(), ids=lambda address: address.name or address.route)
def test_each_person_may_do_what_the_view_declares_and_nothing_else(address: Address, example_desk):
    missing = lacks(address)
    assert not missing, "\n".join(missing)
    wrong = []
    for who in WHO:
        path = path_of(address, example_desk.person(who))
        for verb in VERBS:
            want = expected(address, verb, example_desk.person(who))
            client = example_desk.client(who)
            with transaction.atomic():
                if verb == "POST":
                    response = client.post(path, posted(address.name))
                else:
                    response = client.generic(verb, path)
                transaction.set_rollback(True)
            got = outcome(response)
            if got != want and not (got == SIGN_IN and may_send_to_sign_in(address, verb)):
                wrong.append(f"{who} {verb}: {got} ({response.status_code}), must be {want}")
            elif want == ALLOWED and not is_answer(address, verb, response.status_code):
                wrong.append(f"{who} {verb}: status {response.status_code}")
    assert not wrong, f"{address.name} ({address.where}) at {path}:\n" + "\n".join(wrong)


def test_every_example_is_of_an_address():
    assert EXAMPLES.keys() | OWN.keys() | CLOSED | POSTED.keys() <= {
        address.name for address in pages()
    }


def test_the_matrix_is_written_down(example_desk):
    rows = [
        [address.name, address.route, verb]
        + [expected(address, verb, example_desk.person(who)) for who in WHO]
        for address in pages()
        for verb in VERBS
        if expected(address, verb, None) != NO_SUCH_VERB
    ]
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "matrix.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["address", "route", "verb", *WHO], *rows])
    # each role may do something that another may not: the roles differ
    assert len(set(zip(*rows, strict=True))) == 3 + len(WHO)


def test_whoever_may_only_read_can_change_nothing():
    reading = {Power.READ, Power.READ_AUDIT}
    found = {
        f"{address.name} {verb}"
        for address in pages()
        if address.access is not None
        for verb, power in address.access.verbs.items()
        if verb != "GET" and power in reading
    }
    assert found == set(ASKED_BY_READERS)
