"""A reading is chosen only with a reason; every choice is kept."""

import pytest

from declarant.desk.audit.models import Entry
from declarant.desk.filer.assessment.current import choices_for
from declarant.desk.filer.assessment.models import ReadingChoice

pytestmark = pytest.mark.django_db
URL = "/determination/us-bis-702-7/cluster/mesa/reading/"
REASON = "The devices train in 8-bit formats only, see the plan."


@pytest.fixture
def reading(client_of, cedar_ridge, worker):
    worker()
    page = client_of("preparer").get(URL)
    return page.context["form"].fields["reading"].choices[1][0]


def post(client, reading, reason=REASON):
    return client.post(URL, {"reading": reading, "reason": reason})


def test_it_is_recorded_with_its_reason_and_person(client_of, people, reading):
    assert post(client_of("preparer"), reading).status_code == 302
    row = choices_for("us-bis-702-7")["cluster", "cluster", "mesa"]
    assert (row.reading, row.reason, row.chosen_by) == (reading, REASON, people("preparer"))
    entry = Entry.objects.filter(action="reading.chosen").latest("index")
    assert entry.subject == "cluster:mesa"
    page = client_of("auditor").get("/determination/us-bis-702-7/cluster/mesa/").content.decode()
    assert REASON in page


@pytest.mark.parametrize(("length", "status"), [(19, 400), (20, 302), (21, 302)])
def test_how_much_a_reason_must_say(client_of, reading, length, status):
    assert post(client_of("preparer"), reading, "x" * length).status_code == status
    assert ReadingChoice.objects.exists() is (status == 302)


def test_blanks_are_no_reason(client_of, reading):
    assert post(client_of("preparer"), reading, " " * 30).status_code == 400


def test_an_unknown_reading_is_refused(client_of, reading):
    assert post(client_of("preparer"), "no_such_reading").status_code == 400


def test_going_back_is_another_row(client_of, reading):
    post(client_of("preparer"), reading)
    post(client_of("certifying_officer"), "", "Counsel prefers the cautious reading.")
    assert choices_for("us-bis-702-7") == {}
    assert ReadingChoice.objects.count() == 2


@pytest.mark.parametrize("role", ["engineer", "auditor", "administrator"])
def test_who_may_not(client_of, reading, role):
    assert post(client_of(role), reading).status_code == 403
    assert not ReadingChoice.objects.exists()
