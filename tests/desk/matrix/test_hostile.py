"""What hostile people send to every address: forged posts, markup, absurd arguments and sizes."""

import itertools

import pytest
from django.db import transaction
from django.urls import reverse
from tests.desk.matrix import planting
from tests.desk.matrix.addresses import Address, pages
from tests.desk.matrix.examples import posted
from tests.desk.matrix.expectations import arguments_of, path_of
from tests.desk.matrix.judging import is_page

pytestmark = pytest.mark.django_db
POSTS = [address for address in pages() if address.declares("POST")]
GETS = [address for address in pages() if address.declares("GET")]
ABSURD = "%00", "9" * 30, "-1", "%F0%9F%92%A5", "' OR 1=1 --", "2026-99-99", "a" * 4000
HOSTILE_ARGUMENTS = {
    "IntConverter": [0, 10**30],
    "UUIDConverter": ["00000000-0000-0000-0000-000000000000"],
    "SlugConverter": ["there-is-no-such", "a" * 4000],
    "StringConverter": ["there is no such", "..", "\x00", "💥", "a" * 4000],
    "PathConverter": ["../../etc/passwd", "\x00", "a/" * 2000],
}


@pytest.mark.parametrize("address", POSTS, ids=lambda address: address.name)
def test_a_post_without_the_token_of_the_page_is_refused(address: Address, example_desk):
    who = example_desk.reader(address, verb="POST")
    client = example_desk.client(who, enforce_csrf_checks=True)
    path = path_of(address, example_desk.person(who))
    response = client.post(path, posted(address.name))
    assert response.status_code == 403
    assert "csrf" in response.content.decode().lower()


@pytest.mark.parametrize("address", GETS, ids=lambda address: address.name)
def test_absurd_arguments_and_questions_are_answered_and_break_nothing(
    address: Address, example_desk
):
    who = example_desk.reader(address)
    client, person = example_desk.client(who), example_desk.person(who)
    path = path_of(address, person)
    words = ("q", "page", "order", "kind", "day", "from", "until", "quarter", "run", "next")
    for turn in range(3):  # each word gets other texts each time
        texts = zip(words, itertools.islice(itertools.cycle(ABSURD), turn, None), strict=False)
        query = "&".join(f"{word}={text}" for word, text in texts)
        with transaction.atomic():
            assert client.get(f"{path}?{query}").status_code < 500
            transaction.set_rollback(True)
    for name, converter in address.converters:
        for value in HOSTILE_ARGUMENTS.get(converter, []):
            held = arguments_of(address, person) | {name: value}
            with transaction.atomic():
                response = client.get(reverse(address.name, kwargs=held))
                transaction.set_rollback(True)
            assert response.status_code < 500


@pytest.mark.parametrize("address", POSTS, ids=lambda address: address.name)
def test_more_fields_than_any_form_has_and_too_long_a_text_are_refused(
    address: Address, example_desk
):
    who = example_desk.reader(address, verb="POST")
    # as a browser's: the token is looked for in the body, whatever the view does with it
    client = example_desk.client(who, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    path = path_of(address, example_desk.person(who))
    many = "&".join(f"field{number}=" for number in range(2001))
    for body in (many, "text=" + "a" * (5 * 2**20 + 1)):
        with transaction.atomic():
            response = client.post(path, body, "application/x-www-form-urlencoded")
            transaction.set_rollback(True)
        assert response.status_code in (400, 413), response.status_code


def test_markup_in_every_field_of_every_form_is_text_wherever_it_is_shown(example_desk):
    visits = planting.visits(example_desk)
    alive, stored, shown = [], 0, 0
    for form, response in planting.plant(example_desk, visits):
        assert response.status_code < 500
        stored += bool(response.redirect_chain)
        if is_page(response):
            found = planting.traces(response.content.decode())
            alive += [f"{form.action} posted by {form.who}: {trace}" for trace in found]
    for visit in visits:
        response = example_desk.client(visit.who).get(visit.path)
        assert response.status_code < 500, visit
        if response.status_code == 200 and is_page(response):
            content = response.content.decode()
            alive += [f"{visit.path} as {visit.who}: {each}" for each in planting.traces(content)]
            shown += f"&lt;{planting.ELEMENT}" in content
    assert stored, "no form took anything"
    assert shown, "what was planted is shown nowhere"
    assert not alive, "\n".join(alive)
