"""Every page as somebody who may see it: well formed, nothing inline, guarded, few queries."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.desk.matrix.addresses import Address, pages
from tests.desk.matrix.examples import MOST_REPEATS, QUERIES, USUAL_QUERIES
from tests.desk.matrix.expectations import is_answer, lacks, path_of
from tests.desk.matrix.judging import faults, is_page, unguarded

pytestmark = [pytest.mark.django_db, pytest.mark.once]
READABLE = [address for address in pages() if address.declares("GET")]
LANGUAGES = ("en", "zh-hant")
LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+\b")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", READABLE, ids=lambda address: address.name)
def test_a_page_is_well_formed_and_guarded_and_needs_few_queries(
    address: Address, language: str, example_desk
):
    missing = lacks(address)
    assert not missing, "\n".join(missing)
    who = example_desk.reader(address)
    path, client = path_of(address, example_desk.person(who)), example_desk.client(who)
    client.cookies["django_language"] = language
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert is_answer(address, "GET", response.status_code), response.status_code
    assert not unguarded(response)
    made = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    most = QUERIES.get(address.name, USUAL_QUERIES)
    assert len(made) <= most, f"{len(made)} queries, at most {most}:\n" + "\n".join(made)
    for shape, repeats in Counter(LITERAL.sub("?", sql) for sql in made).most_common(1):
        assert repeats <= MOST_REPEATS, f"asked {repeats} times: {shape}"
    if response.status_code == 200 and is_page(response):
        found = faults(response, language)
        assert not found, f"{address.name} ({address.where}) at {path}:\n" + "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "status"), [("/there-is-no-such-page/", 404), ("/register/%00/", 404)]
)
def test_what_is_not_there_is_told_on_a_page_that_is_well_formed(
    example_desk, path: str, status: int, language: str
):
    client = example_desk.client("engineer")
    client.cookies["django_language"] = language
    response = client.get(path)
    assert response.status_code == status
    assert faults(response, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_told_on_a_page_that_is_well_formed(example_desk, language: str):
    refused = next(
        address
        for address in READABLE
        if not address.converters
        and address.access.needs("GET") is not None
        and not example_desk.person("auditor").has(address.access.needs("GET"))
    )
    client = example_desk.client("auditor")
    client.cookies["django_language"] = language
    response = client.get(path_of(refused))
    assert response.status_code == 403
    assert faults(response, language) == []
