"""Nothing that was written or sent can change: not by a service, a model, or a plain statement."""

import pytest
from django.db import DatabaseError, connection, transaction
from tests.desk.questions.desk import text

from declarant.desk.filer.questions import guards, reviewing
from declarant.desk.filer.questions.models import (
    AnswerPackage,
    AnswerVersion,
    Arrival,
    Comment,
    Extension,
    Question,
    QuestionSetRecord,
    SentAnswer,
    Step,
)
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db
KEY = "training-integrity"


@pytest.fixture
def sent(desk_of_answers):
    record = desk_of_answers.asked()
    desk_of_answers.approved(record, KEY, text("By two modules."))
    package = desk_of_answers.certified(desk_of_answers.prepared(record, [KEY]))
    return desk_of_answers.sent(package)


def refused(act) -> None:
    with pytest.raises(DatabaseError, match="is kept"), transaction.atomic():
        act()


def test_every_guard_is_there():
    assert guards.missing(connection) == []


def test_rows_refuse_to_be_saved_or_deleted(sent, desk_of_answers):
    from declarant.desk.filer.questions import discussing

    held = desk_of_answers.question(sent.question_set, KEY)
    discussing.say(desk_of_answers.engineer, held, "a remark")
    rows = [
        model.objects.first()
        for model in (Arrival, QuestionSetRecord, Question, AnswerVersion, Step, SentAnswer)
    ]
    for row in (*rows, Comment.objects.first(), sent):
        for act in (row.save, row.delete):
            with pytest.raises(BadInput, match="kept as it was written"):
                act()


CHANGES = [
    (Arrival, {"outcome": "refused"}),
    (QuestionSetRecord, {"letter": "other"}),
    (Question, {"text": "other"}),
    (AnswerVersion, {"content": {}}),
    (SentAnswer, {"content": {}}),
    (Step, {"reason": "other"}),
    (AnswerPackage, {"ref": "other"}),
    (AnswerPackage, {"message": None}),
    (AnswerPackage, {"reasons": {"a": "b"}}),
    (AnswerPackage, {"state": "ready"}),
    (AnswerPackage, {"state": "discarded"}),
]
TABLES = ["answerpackage", "sentanswer", "answerversion", "arrival", "draft", "question"]


def test_the_database_refuses_changes_and_removals(sent):
    for model, change in CHANGES:
        before = model.objects.values().first()
        refused(lambda model=model, change=change: model.objects.update(**change))
        assert model.objects.values().first() == before
    with connection.cursor() as cursor:
        for table in TABLES:
            refused(lambda table=table: cursor.execute(f"DELETE FROM questions_{table}"))


def test_what_was_signed_is_not_discarded_certified_or_sent_again(sent, desk_of_answers):
    from declarant.desk.filer.questions.preparing import discard
    from declarant.desk.filer.questions.sending import send

    bytes_before = sent.message.read()
    with pytest.raises(BadInput, match="signed or discarded by now"):
        discard(desk_of_answers.preparer, sent, "a reason")
    with pytest.raises(BadInput, match="signed, discarded or another one"):
        desk_of_answers.certified(sent)
    with pytest.raises(BadInput, match="sent already"):
        send(desk_of_answers.preparer, sent)
    with pytest.raises(BadInput, match="sent already"):
        desk_of_answers.sent(sent)
    after = desk_of_answers.again(sent)
    assert (after.state, after.message.read()) == ("sent", bytes_before)


def test_writing_on_after_sending_changes_nothing_that_was_sent(sent, desk_of_answers):
    record = sent.question_set
    held = desk_of_answers.question(record, KEY)
    assert desk_of_answers.writes(record, KEY, text("late")).in_conflict
    reviewing.reopen(desk_of_answers.engineer, held, held.draft.number, "A word was wrong.")
    desk_of_answers.approved(record, KEY, text("Corrected."))
    assert sent.answers.get().content["passages"][0]["text"] == "By two modules."
    answer = desk_of_answers.again(sent).answer_set.answer(KEY)
    assert answer.passages[0].text == "By two modules."


def test_a_decided_request_is_not_decided_again(desk_of_answers):
    from datetime import date

    from declarant.desk.filer.questions.extending import prepare_request, record_decision
    from declarant.desk.vault import store_bytes

    record = desk_of_answers.asked()
    request, _found = prepare_request(
        desk_of_answers.preparer,
        record,
        until=date(2027, 3, 20),
        reason="The audit ends on 12 March.",
        officer=desk_of_answers.officer,
    )
    letter = store_bytes(b"Refused. R. Okafor", name="letter.txt")
    said = {
        "granted": False,
        "decided_on": date(2027, 2, 8),
        "until": None,
        "reason": "No.",
        "file": letter,
        "file_name": "letter.txt",
    }
    with pytest.raises(BadInput, match="not sent yet"):
        record_decision(desk_of_answers.preparer, request, **said)
    request = desk_of_answers.sent(desk_of_answers.certified(request))
    record_decision(desk_of_answers.preparer, request, **said)
    with pytest.raises(BadInput, match="recorded already"):
        record_decision(desk_of_answers.preparer, request, **said)
    refused(lambda: Extension.objects.update(state="sent"))
    refused(lambda: Extension.objects.update(until=date(2027, 4, 1)))
