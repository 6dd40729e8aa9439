"""Certifying and sending: by the named officer, once, as the mail server accepts it."""

import time

import pytest
from django.urls import reverse
from tests.desk.questions.desk import PASSPHRASE, REASON, text

from declarant.filing.exchange.statements import STATEMENT_IDS
from declarant.problems import BadInput

pytestmark = pytest.mark.django_db
KEY = "training-integrity"


@pytest.fixture
def ready(desk_of_answers):
    record = desk_of_answers.asked()
    desk_of_answers.approved(record, KEY, text("By two modules."))
    return desk_of_answers.prepared(record, [KEY])


def statements(**more: str) -> dict[str, str]:
    return {f"state-{name}": "on" for name in STATEMENT_IDS} | more


def signed_in_again(client, person):
    """The client of somebody who has just said again who is there."""
    from allauth.account.internal.flows import login

    session = client.session
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": person.email, "reauthenticated": True}
    ]
    session.save()
    return client


def certify(client, desk, package, **more):
    key = desk.key()
    sent = {"key": key.pk, "secret": PASSPHRASE.decode(), "document": package.document.sha256}
    url = reverse("questions:certify", args=["answers", package.pk])
    return client.post(url, statements(**sent) | more)


def test_without_a_mail_server_it_does_not_count_as_sent(
    client_of, desk_of_answers, ready, settings
):
    from declarant.desk.filer.questions.sending import send

    client = signed_in_again(client_of("certifying_officer"), desk_of_answers.officer)
    assert certify(client, desk_of_answers, ready).status_code == 302
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    with pytest.raises(BadInput, match="no address to send to"):
        send(desk_of_answers.officer, desk_of_answers.again(ready))
    assert desk_of_answers.again(ready).way == ""


def test_the_officer_makes_each_statement_and_signs(client_of, desk_of_answers, ready):
    client = signed_in_again(client_of("certifying_officer"), desk_of_answers.officer)
    page = client.get(reverse("questions:certify", args=["answers", ready.pk])).content.decode()
    assert page.count('name="state-') == len(STATEMENT_IDS)
    missing = certify(client, desk_of_answers, ready, **{"state-examined": ""})
    assert missing.status_code == 422
    assert "means making this statement" in missing.content.decode()
    wrong = certify(client, desk_of_answers, ready, secret="wrong horse battery staple")
    assert 'id="id_secret_error"' in wrong.content.decode()
    assert "Cannot be opened with this passphrase" in wrong.content.decode()
    assert desk_of_answers.again(ready).state == "ready"
    assert certify(client, desk_of_answers, ready).status_code == 302
    assert desk_of_answers.again(ready).state == "certified"


def test_signing_asks_again_who_is_there_and_keeps_nothing_that_was_typed(
    client_of, desk_of_answers, ready
):
    client = client_of("certifying_officer")
    response = certify(client, desk_of_answers, ready)
    assert response.url.startswith(reverse("account_reauthenticate"))
    assert PASSPHRASE.decode() not in str(dict(client.session))
    assert desk_of_answers.again(ready).state == "ready"


def test_another_officer_and_another_document_are_refused(
    client_of, desk_of_answers, ready, people
):
    from declarant.desk.filer.questions.certifying import certify as sign

    other = people.make("certifying_officer", email="second@example.org", name="Second Officer")
    said = {"ticked": STATEMENT_IDS, "secret": PASSPHRASE}
    with pytest.raises(BadInput, match="certifies this"):
        sign(other, ready, desk_of_answers.key(), document=ready.document.sha256, **said)
    with pytest.raises(BadInput, match="another one by now"):
        sign(desk_of_answers.officer, ready, desk_of_answers.key(), document="0" * 64, **said)
    url = reverse("questions:certify", args=["answers", ready.pk])
    page = signed_in_again(client_of(other), other).get(url, follow=True).content.decode()
    assert "waits for another person" in page


def test_the_preparer_is_never_the_officer(desk_of_answers, ready, people):
    from declarant.desk.filer.questions.composing import plan
    from declarant.desk.filer.questions.preparing import prepare

    both = people("preparer", "certifying_officer")
    with pytest.raises(BadInput, match="does not certify it"):
        prepare(both, plan(ready.question_set, {KEY}), both, {})


def test_mail_goes_out_once_and_counts_when_it_was_accepted(
    desk_of_answers, ready, smtp_server, worker
):
    from declarant.desk.filer.questions.sending import send, settle

    package = desk_of_answers.certified(ready)
    first = send(desk_of_answers.preparer, package)
    assert send(desk_of_answers.preparer, desk_of_answers.again(package)) == first
    settle()
    assert desk_of_answers.again(package).state == "certified", "nothing was accepted yet"
    worker(periodic=True)
    settle()
    package = desk_of_answers.again(package)
    assert (package.state, package.way) == ("sent", "smtp")
    to_agency = [m for m in smtp_server.messages if "filings@agency.example" in m.recipients]
    (message,) = to_agency
    assert message.content == package.message.read()
    assert desk_of_answers.question(package.question_set, KEY).draft.state == "sent"


def test_mail_that_is_refused_for_now_is_not_sent(desk_of_answers, ready, smtp_server, worker):
    from tests.desk.servers.smtp import Behaviour

    from declarant.desk.filer.questions.sending import send

    smtp_server.behaviour = Behaviour.REFUSE_NOW
    package = desk_of_answers.certified(ready)
    send(desk_of_answers.preparer, package)
    worker(periodic=True)
    assert desk_of_answers.again(package).state == "certified"
    with pytest.raises(BadInput, match="on its way"):
        desk_of_answers.sent(desk_of_answers.again(package))


def test_a_second_set_waits_for_the_first(desk_of_answers, ready):
    record = ready.question_set
    desk_of_answers.approved(record, "safety-other", text("Nothing more."))
    with pytest.raises(BadInput, match="prepared and not sent yet"):
        desk_of_answers.prepared(record, ["safety-other"])


def test_checks_block_or_wait_for_a_reason(client_of, desk_of_answers):
    from declarant.filing.exchange.answers import NumberPassage

    record = desk_of_answers.asked()
    wrong = NumberPassage(
        type="number", number="-3", unit="persons", confidential=False, basis=None
    )
    desk_of_answers.approved(record, "weights-access", wrong)
    url = reverse("questions:compose", args=[record.pk])
    client = client_of("preparer")
    page = client.get(url).content.decode()
    assert "-3 persons is out of range" in page
    sent = {"chosen": "1", "key": ["weights-access"], "act": "prepare"}
    sent["officer"] = str(desk_of_answers.officer.pk)
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert not record.packages.exists()


def test_a_questioned_answer_goes_with_the_reason_given(client_of, desk_of_answers):
    import re

    record = desk_of_answers.asked()
    desk_of_answers.approved(
        record,
        "weights-security-level",
        *desk_of_answers.passages(record)["weights-security-level"],
    )
    desk_of_answers.approved(
        record, "weights-assessed-on", *desk_of_answers.passages(record)["weights-assessed-on"]
    )
    url = reverse("questions:compose", args=[record.pk])
    client = client_of("preparer")
    (name,) = re.findall(r'name="(reason-[0-9a-f]+)"', client.get(url).content.decode())
    keys = ["weights-security-level", "weights-assessed-on"]
    sent = {"chosen": "1", "key": keys, "act": "prepare", "officer": desk_of_answers.officer.pk}
    assert client.post(url, sent | {name: "too short"}).status_code == 422
    assert client.post(url, sent | {name: REASON}).status_code == 302
    (remark,) = record.packages.get().answer_set.remarks
    assert (remark.code, remark.confirmation.reason) == ("answer.no_evidence", REASON)
    assert remark.confirmation.by == desk_of_answers.preparer.name


def test_what_breaks_while_signing_leaves_nothing_half_done(desk_of_answers, ready, monkeypatch):
    from declarant.desk.filer.questions import certifying

    def fails(*args, **more):
        raise OSError("no space left on the device")

    monkeypatch.setattr(certifying, "store_bytes", fails)
    with pytest.raises(OSError, match="no space"):
        desk_of_answers.certified(ready)
    row = desk_of_answers.again(ready)
    assert (row.state, row.message, row.certified) == ("ready", None, None)
    monkeypatch.undo()
    assert desk_of_answers.certified(ready).state == "certified"


def test_two_who_certify_the_same_page_make_one_message(desk_of_answers, ready):
    first = desk_of_answers.certified(ready)
    with pytest.raises(BadInput, match="signed, discarded or another one by now"):
        desk_of_answers.certified(ready)  # the row as it was read before the other one signed
    assert desk_of_answers.again(ready).message == first.message


@pytest.mark.django_db(transaction=True)
def test_two_who_send_at_once_send_one_mail(desk_of_answers, ready):
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from django.db import connection

    from declarant.desk.filer.questions.sending import send
    from declarant.desk.work.models import Letter

    package = desk_of_answers.certified(ready)
    together = Barrier(2)

    def at_once(person):
        together.wait()
        try:
            return send(person, package).key
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        keys = list(pool.map(at_once, (desk_of_answers.preparer, desk_of_answers.officer)))
    assert keys[0] == keys[1]
    assert Letter.objects.filter(message=package.message).count() == 1
