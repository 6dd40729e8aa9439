"""Tokens: within scopes, within the person's powers, until they end."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from declarant.desk.accounts.granting import end_role
from declarant.desk.api.models import ApiToken
from declarant.desk.api.tokens import make_token
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db


def test_a_token_opens_what_its_scope_says(client, bearer):
    headers = bearer("register:read")
    assert client.get("/api/v1/register", headers=headers).status_code == 200
    assert client.get("/api/v1/filings", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer no"}, {"Authorization": "Basic x"}]
)
def test_without_a_token_nothing_opens(client, header):
    for path in ("register", "evidence", "clocks", "filings", "determinations/us-bis-702-7"):
        assert client.get(f"/api/v1/{path}", headers=header).status_code == 401


def test_being_signed_in_is_no_token(client_of):
    assert client_of("preparer").get("/api/v1/register").status_code == 401


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 401), (1, 401)])
def test_it_ends(client, bearer, seconds, status):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        headers = bearer("register:read")
        clock.move_to(now + timedelta(days=1, seconds=seconds))
        assert client.get("/api/v1/register", headers=headers).status_code == status


def test_it_ends_when_revoked(client, client_of, bearer):
    headers = bearer("register:read")
    client_of("preparer").post(f"/api/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert client.get("/api/v1/register", headers=headers).status_code == 401


def test_nobody_revokes_anothers(client, client_of, bearer):
    headers = bearer("register:read")
    answer = client_of("engineer").post(f"/api/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert answer.status_code == 404
    assert client.get("/api/v1/register", headers=headers).status_code == 200


def test_it_never_does_more_than_its_person(client, bearer, people):
    headers = bearer("register:write", "register:read", who="engineer")
    end_role(people("administrator"), people("engineer"), "engineer", reason="moved")
    answer = client.put(
        "/api/v1/register/models/x",
        {"content": {"id": "x", "name": "X"}},
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == 403


def test_a_person_gives_no_scope_beyond_their_powers(people):
    with pytest.raises(BadInput, match="register:write"):
        make_token(people("auditor"), name="x", scopes=["register:write"], days=1)


@pytest.mark.parametrize(("days", "fits"), [(0, False), (1, True), (366, True), (367, False)])
def test_how_long(people, days, fits):
    if fits:
        assert make_token(people("preparer"), name="x", scopes=["register:read"], days=days)
        return
    with pytest.raises(BadInput, match="1 to 366 days"):
        make_token(people("preparer"), name="x", scopes=["register:read"], days=days)


def test_the_page_shows_a_token_once(client_of):
    client = client_of("engineer")
    given = {"name": "tracker", "scopes": ["ledger:write"], "days": 30}
    page = client.post("/api/tokens/", given).content.decode()
    assert "declarant_" in page
    assert "declarant_" not in client.get("/api/tokens/").content.decode()
    assert "declarant_" not in str(ApiToken.objects.values().get())
