"""Asking for more time, and decisions that came otherwise than as a signed message."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from declarant.desk.filer.questions.clocks import clock_of_question, clock_of_set
from declarant.desk.filer.questions.extending import prepare_request
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db
DUE = date(2027, 3, 3)
WHY = "The audit of the second site ends on 12 March."


@pytest.fixture
def record(desk_of_answers):
    return desk_of_answers.asked()


def asked_for(desk, record, until=date(2027, 3, 20), **more):
    made = {"until": until, "reason": WHY, "officer": desk.officer} | more
    return prepare_request(desk.preparer, record, **made)[0]


@pytest.mark.parametrize("until", [date(2027, 3, 2), DUE])
def test_a_day_that_is_no_later_is_not_asked_for(desk_of_answers, record, until):
    with pytest.raises(BadInput, match="due on 2027-03-03 anyway"):
        asked_for(desk_of_answers, record, until)


def test_a_decision_by_hand_needs_the_letter_and_moves_the_clock(
    client_of, desk_of_answers, record
):
    request = desk_of_answers.sent(desk_of_answers.certified(asked_for(desk_of_answers, record)))
    client = client_of("preparer")
    url = reverse("questions:decide", args=[request.pk])
    said = {
        "decision-granted": "yes",
        "decision-decided_on": "2027-02-08",
        "decision-until": "2027-03-12",
    }
    without = client.post(url, said)
    assert without.status_code == 422
    assert 'id="id_decision-file_error"' in without.content.decode()
    too_early = {"decision-until": "2027-03-03", "decision-file": _letter()}
    refused = client.post(url, said | too_early)
    assert 'id="id_decision-until_error"' in refused.content.decode()
    assert clock_of_set(desk_of_answers.again(record)).due == DUE
    assert client.post(url, said | {"decision-file": _letter()}).status_code == 302
    assert clock_of_set(desk_of_answers.again(record)).due == date(2027, 3, 12)
    given = client.get(reverse("questions:decision", args=[request.pk]))
    assert b"".join(given.streaming_content) == b"Granted. R. Okafor"


def test_a_refusal_leaves_the_clock_as_it_was(client_of, desk_of_answers, record):
    request = desk_of_answers.sent(desk_of_answers.certified(asked_for(desk_of_answers, record)))
    said = {"decision-granted": "no", "decision-decided_on": "2027-02-08"}
    url = reverse("questions:decide", args=[request.pk])
    response = client_of("preparer").post(url, said | {"decision-file": _letter()})
    assert response.status_code == 302
    assert desk_of_answers.again(request).state == "refused"
    assert clock_of_set(desk_of_answers.again(record)).due == DUE


def test_time_for_one_question_moves_its_clock_alone(client_of, desk_of_answers, record):
    request = asked_for(desk_of_answers, record, keys=["training-integrity"])
    request = desk_of_answers.sent(desk_of_answers.certified(request))
    message = desk_of_answers.agency.decides(request.message.read(), until=date(2027, 3, 15))
    from django.utils import timezone

    assert desk_of_answers.bring(message, timezone.now()).outcome == "accepted"
    moved = clock_of_question(desk_of_answers.question(record, "training-integrity"))
    other = clock_of_question(desk_of_answers.question(record, "weights-access"))
    assert (moved.due, other.due) == (date(2027, 3, 15), DUE)
    assert clock_of_set(desk_of_answers.again(record)).due == DUE


def _letter() -> SimpleUploadedFile:
    return SimpleUploadedFile("letter.txt", b"Granted. R. Okafor")
