"""The frame of every page: menu, state of the law, language, headers, and pages of errors."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from declarant.desk.access import Power
from declarant.desk.site import context, htmx, navigation
from declarant.desk.site.policy import is_immutable

pytestmark = pytest.mark.urls("tests.desk.site.addresses")


class Person:
    is_authenticated = True

    def __init__(self, *powers: Power) -> None:
        self.powers = powers

    def has(self, power: Power) -> bool:
        return power in self.powers


@pytest.fixture
def menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_MAIN", {})
    navigation.register("Runs", "site-test-runs", Power.READ, order=30)
    navigation.register("Register", "site-test-register", Power.READ, order=20)
    navigation.register("Overview", "site-test-overview", Power.READ, order=10)
    navigation.register("People", "site-test-register", Power.ADMINISTER, order=90)
    navigation.register("Elsewhere", "agency:cases", Power.READ)


def labels(user: Any, path: str = "/") -> list[str]:
    return [entry.label for entry in navigation.main(user, path)]


@pytest.mark.usefixtures("menu")
def test_a_person_sees_what_their_powers_open_in_order() -> None:
    assert labels(Person(Power.READ)) == ["Overview", "Runs"]
    assert labels(Person(Power.READ, Power.ADMINISTER)) == ["Overview", "Runs", "People"]
    assert labels(Person()) == labels(None) == []


@pytest.mark.usefixtures("menu")
@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/", ["Overview"]),
        ("/register/models/", ["People"]),
        ("/register/runs/7/", ["Runs"]),
        ("/registers/", []),
    ],
)
def test_the_entry_of_the_room_one_is_in_is_marked(path: str, here: list[str]) -> None:
    shown = navigation.main(Person(Power.READ, Power.ADMINISTER), path)
    assert [entry.label for entry in shown if entry.current] == here


@pytest.fixture
def page() -> Iterator[Any]:
    """Get an address; an answer of the server even where the view failed."""
    client = Client(raise_request_exception=False)
    with translation.override("en"):
        yield client.get


@pytest.mark.django_db
def test_every_page_states_the_law_and_says_that_it_is_no_advice(page: Any) -> None:
    text = page("/style/").content.decode()
    assert "never made final" in text
    assert "not legal advice" in text
    chinese = page("/style/", headers={"accept-language": "zh-TW"}).content.decode()
    assert '<html lang="zh-Hant">' in chinese
    assert "從未定案" in chinese


@pytest.mark.django_db
def test_the_office_is_named_once_it_is_known(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "_office", [])
    context.office_named_by(lambda: "Northwind <Intelligence>")
    assert "Northwind &lt;Intelligence&gt;" in page("/style/").content.decode()


@pytest.mark.django_db
def test_the_policy_allows_nothing_inline_evaluated_or_from_elsewhere(page: Any) -> None:
    headers = page("/style/").headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store, private"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in headers["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nowhere/", 404, "There is no such page"),
        ("/refusing/", 403, "Only who certifies may do this."),
        ("/suspicious/", 400, "The request cannot be understood"),
        ("/failing/", 500, "The desk failed at this"),
    ],
)
def test_a_page_of_an_error_says_what_to_do_and_keeps_the_inside_inside(
    page: Any, path: str, status: int, said: str
) -> None:
    response = page(path)
    text = response.content.decode()
    assert response.status_code == status
    assert text.count(f"<h1>{said}") + text.count(f"<p>{said}") == 1
    assert 'href="/"' in text
    assert "a secret of the inside" not in text


def test_the_page_of_a_failure_asks_no_database(page: Any) -> None:
    # no mark for the database: a query would fail this test
    assert page("/failing/").status_code == 500


@pytest.mark.django_db
def test_the_language_is_chosen_by_a_post_and_kept(page: Any) -> None:
    client = Client()
    sent = client.post("/language/", {"language": "zh-hant", "next": "/style/"})
    assert (sent.status_code, sent.headers["Location"]) == (302, "/style/")
    assert "從未定案" in client.get("/style/").content.decode()
    elsewhere = client.post("/language/", {"language": "en", "next": "https://example.org/"})
    assert elsewhere.headers["Location"] == "/"


def request(**headers: str) -> Any:
    return RequestFactory().get("/", headers=headers)


def test_htmx_gets_a_part_and_a_header_others_a_page_and_a_redirect() -> None:
    asked = request(**{"HX-Request": "true"})
    assert htmx.is_htmx(asked)
    assert not htmx.is_htmx(request())
    assert not htmx.is_htmx(request(**{"HX-Request": "true", "HX-History-Restore-Request": "true"}))
    assert htmx.redirect(asked, "/there/").headers["HX-Redirect"] == "/there/"
    plain = htmx.redirect(request(), "/there/")
    assert (plain.status_code, plain.headers["Location"]) == (303, "/there/")
    assert htmx.refresh(asked, "/there/").headers["HX-Refresh"] == "true"
    answer = htmx.render_part(asked, "404.html", "site/forms/required.html")
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("url", "immutable"),
    [
        ("/static/desk/desk.0123456789ab.css", True),
        ("/static/desk/desk.css", False),
        ("/static/desk/desk.0123456789ab.css.gz", True),
        ("/static/desk/0123456789ab", False),
    ],
)
def test_only_a_name_with_its_hash_is_kept_for_ever(url: str, immutable: bool) -> None:
    assert is_immutable("", url) is immutable
