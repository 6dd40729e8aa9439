"""Roles given and ended, access closed, work handed over; the trail stays."""

import pytest

from declarant.desk.accounts.granting import close, end_role, grant, hand_over
from declarant.desk.accounts.models import RoleGrant
from declarant.desk.audit.models import Entry
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db


def test_a_role_ends_and_its_history_stays(people):
    admin, engineer = people("administrator"), people("engineer")
    end_role(admin, engineer, "engineer", reason="moved to another team")
    assert engineer.roles == frozenset()
    row = RoleGrant.objects.get(person=engineer)
    assert (row.ended_by, row.reason) == (admin, "moved to another team")
    grant(admin, engineer, "engineer", reason="came back")
    assert RoleGrant.objects.filter(person=engineer).count() == 2


def test_a_role_is_held_once(people):
    admin, engineer = people("administrator"), people("engineer")
    grant(admin, engineer, "engineer", reason="again")
    assert RoleGrant.objects.filter(person=engineer, role="engineer").count() == 1


def test_the_last_administrator_stays(people):
    admin = people("administrator")
    with pytest.raises(BadInput, match="last one"):
        end_role(admin, admin, "administrator", reason="x")
    second = people.make("administrator", name="Second", email="second@example.org")
    end_role(second, admin, "administrator", reason="x")
    assert admin.roles == frozenset()


def test_a_closed_person_is_signed_out_and_cannot_come_back(people, client_of):
    admin, engineer = people("administrator"), people("engineer")
    client = client_of("engineer")
    assert client.get("/").status_code == 200
    close(admin, engineer, reason="left the company")
    assert client.get("/").status_code == 302
    assert engineer.powers == frozenset()


def test_the_invitations_of_a_closed_person_end(people, client):
    from declarant.desk.accounts.inviting import invite, open_invitation

    leaving = people("administrator")
    staying = people.make("administrator", email="second@example.org")
    links = [
        invite(by, email=f"{by.pk}@example.org", name="New", roles=["administrator"])[1]
        for by in (leaving, staying)
    ]
    close(staying, leaving, reason="left")
    one, other = (open_invitation(link.rstrip("/").rpartition("/")[2]) for link in links)
    assert one is None
    assert other is not None


def test_nobody_closes_themselves(people):
    admin = people("administrator")
    with pytest.raises(BadInput, match="own access"):
        close(admin, admin, reason="x")


def test_handing_over_needs_the_same_roles(people):
    admin, officer, engineer = (
        people("administrator"),
        people("certifying_officer"),
        people("engineer"),
    )
    with pytest.raises(BadInput, match="Certifying officer"):
        hand_over(admin, officer, engineer, reason="retires")


def test_handing_over_passes_on_what_is_open(people):
    from datetime import date

    from declarant.desk.filer.deadlines.models import Deadline

    admin, officer = people("administrator"), people("certifying_officer")
    successor = people.make("certifying_officer", name="Noor", email="noor@example.org")
    row = Deadline.objects.create(
        key="k", source="test", regime="us-bis-702-7", duty="answer", title="t",
        due=date(2027, 1, 15), holder=officer,
    )  # fmt: skip
    with pytest.MonkeyPatch.context():
        passed = hand_over(admin, officer, successor, reason="retires")
    row.refresh_from_db()
    assert row.holder == successor
    assert sum(passed.values()) >= 1
    assert Entry.objects.filter(action="person.handed_over").exists()


def test_every_step_is_in_the_log(people):
    admin, engineer = people("administrator"), people("engineer")
    before = Entry.objects.count()
    grant(admin, engineer, "preparer", reason="prepares as well")
    end_role(admin, engineer, "preparer", reason="no longer")
    close(admin, engineer, reason="left")
    actions = list(Entry.objects.order_by("index").values_list("action", flat=True))[before:]
    assert actions == ["role.granted", "role.ended", "person.closed"]
