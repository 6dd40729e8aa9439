"""People come by invitation, once, within days, with the roles they were given."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from declarant.desk.accounts.inviting import VALID_FOR, invite
from declarant.desk.accounts.models import User
from declarant.desk.work.models import Letter
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db
PASSWORD = "seven herons over the weir"


def path_of(link: str) -> str:
    return link[link.index("/account/") :]


@pytest.fixture
def link():
    return path_of(
        invite("operator", email="Ada@Example.org ", name="Ada Byrne", roles=["engineer"])[1]
    )


def accept(client, path, password=PASSWORD, again=None):
    return client.post(path, {"password": password, "again": again or password})


def test_accepting_makes_the_person_with_the_roles(client, link):
    assert client.get(link).status_code == 200
    assert accept(client, link).status_code == 302
    person = User.objects.get(email="ada@example.org")
    assert person.roles == {"engineer"}
    answer = client.post("/account/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/").status_code == 200


def test_it_is_mailed_with_its_link(link):
    letter = Letter.objects.get()
    assert letter.to == ["ada@example.org"]
    assert link in letter.text


def test_it_works_once(client, link):
    accept(client, link)
    assert accept(client, link).status_code == 410
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("seconds", "status"), [(-1, 200), (0, 410), (1, 410)], ids=["before", "at", "after"]
)
def test_it_ends(client, seconds, status):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        path = path_of(invite("operator", email="a@example.org", name="A", roles=["auditor"])[1])
        clock.move_to(now + VALID_FOR + timedelta(seconds=seconds))
        assert client.get(path).status_code == status


def test_a_second_invitation_ends_the_first(client, link):
    second = path_of(invite("operator", email="ada@example.org", name="Ada", roles=["auditor"])[1])
    assert client.get(link).status_code == 410
    assert client.get(second).status_code == 200


def test_withdrawn_is_closed(client, client_of, link):
    from declarant.desk.accounts.models import Invitation

    row = Invitation.objects.get()
    client_of("administrator").post(f"/account/people/invitations/{row.pk}/withdraw/")
    assert client.get(link).status_code == 410


def test_somebody_who_works_here_is_not_invited(people):
    person = people("engineer")
    with pytest.raises(BadInput, match="works here already"):
        invite("operator", email=person.email.upper(), name="x", roles=["auditor"])


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "15 characters"),
        ("seven herons over the weir", "seven herons over the wier", "differ"),
        ("passwordpassword1", "passwordpassword1", ""),
    ],
)
def test_a_poor_password_is_told_at_its_field(client, link, password, again, said):
    answer = accept(client, link, password, again)
    if said:
        assert answer.status_code == 400
        assert said in answer.content.decode()
        assert not User.objects.exists()


def test_nobody_signs_up(client):
    for path in ("/account/signup/", "/account/provider/signup/"):
        assert client.get(path).status_code in (403, 404)
