"""Second factors are enforced for those who can sign or administer; idle sessions end."""

import pytest
import time_machine

from declarant.desk.accounts.granting import grant
from declarant.desk.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "seven herons over the weir"


def person_with(role: str) -> User:
    person = User.objects.create_user(f"{role}@example.org", role, PASSWORD)
    grant("operator", person, role, reason="test")
    return person


def sign_in(client, person):
    return client.post("/account/login/", {"login": person.email, "password": PASSWORD})


@pytest.mark.parametrize(
    ("role", "forced"),
    [
        ("administrator", True),
        ("certifying_officer", True),
        ("preparer", False),
        ("engineer", False),
        ("auditor", False),
    ],
)
def test_who_must_set_up_a_second_factor(client, role, forced):
    sign_in(client, person_with(role))
    answer = client.get("/")
    assert (answer.status_code == 302) is forced
    if forced:
        assert answer["Location"] == "/account/two-factor/"
        assert client.get("/account/two-factor/").status_code in (200, 302)
        assert client.get("/account/people/").status_code == 302


def test_a_second_factor_that_is_set_up_is_asked_for(client, people):
    from tests.desk import people as people_of_a_desk

    officer = people("certifying_officer")
    answer = client.post(
        "/account/login/", {"login": officer.email, "password": people_of_a_desk.PASSWORD}
    )
    assert answer["Location"].startswith("/account/two-factor/authenticate/")
    assert client.get("/").status_code == 302  # not signed in yet
    client.post("/account/two-factor/authenticate/", {"code": people_of_a_desk.code()})
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "act", ["totp/deactivate", "recovery-codes/generate", "webauthn/add", "totp/activate"]
)
def test_who_signed_in_long_ago_signs_in_again_to_change_a_factor(client_of, act):
    client = client_of("preparer")
    session = client.session
    methods = session["account_authentication_methods"]
    session["account_authentication_methods"] = [
        item | {"at": item["at"] - 3600} for item in methods
    ]
    session.save()
    answer = client.post(f"/account/two-factor/{act}/")
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]


def test_an_idle_session_ends(client, settings):
    person = person_with("engineer")
    with time_machine.travel("2027-01-05T10:00Z", tick=False) as clock:
        sign_in(client, person)
        assert client.get("/").status_code == 200
        clock.shift(settings.DESK.idle_minutes * 60)
        assert client.get("/").status_code == 200
        clock.shift(settings.DESK.idle_minutes * 60 + 1)
        answer = client.get("/")
        assert answer.status_code == 302
        assert "/account/login/" in answer["Location"]


def test_a_wrong_password_says_nothing_of_who_works_here(client):
    person = person_with("engineer")
    known = client.post("/account/login/", {"login": person.email, "password": "wrong" * 4})
    unknown = client.post("/account/login/", {"login": "no@example.org", "password": "wrong" * 4})
    said = [answer.context["form"].errors.as_text() for answer in (known, unknown)]
    assert said[0] == said[1]


def test_without_a_role_only_the_own_account_opens(client):
    person = User.objects.create_user("new@example.org", "New", PASSWORD)
    sign_in(client, person)
    assert client.get("/account/").status_code == 200
    assert client.get("/").status_code == 403
    assert client.get("/account/people/").status_code == 403
