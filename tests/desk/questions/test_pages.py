"""The pages: answers of each type, errors at their fields, conflicts, hostile text, powers."""

import re

import pytest
from django.urls import reverse
from tests.desk.questions.desk import text

pytestmark = pytest.mark.django_db
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


@pytest.fixture
def record(desk_of_answers):
    return desk_of_answers.asked()


def where(desk, record, key):
    return desk.question(record, key).get_absolute_url()


def passages(*words: str, base: int = 0, **more: str) -> dict[str, str]:
    """What the editor sends for passages of words."""
    sent = {f"passage-{n}-text": word for n, word in enumerate(words)}
    counts = {"passage-count": str(len(words)), "row-count": "0"}
    return {"beside-base": str(base), **counts, **sent, **more}


def test_a_person_writes_passages_and_marks_one(client_of, desk_of_answers, record):
    url = where(desk_of_answers, record, "training-integrity")
    sent = passages("Public.\r\nTwo lines.", "Secret.")
    sent |= {"passage-1-confidential": "on", "passage-1-basis": "business_information"}
    response = client_of("engineer").post(url, sent, follow=True)
    assert response.status_code == 200
    content = desk_of_answers.question(record, "training-integrity").draft.current.answer
    assert [(p.text, p.confidential) for p in content.passages] == [
        ("Public.\nTwo lines.", False),
        ("Secret.", True),
    ]
    assert content.passages[1].basis.citation.startswith("15 C.F.R.")


@pytest.mark.parametrize(
    ("more", "field", "told"),
    [
        ({"passage-0-confidential": "on"}, "passage-0-basis", "Choose on what"),
        (
            {"passage-0-basis": "business_information"},
            "passage-0-confidential",
            "this is not marked",
        ),
        ({"passage-0-text": "bell \x07"}, "passage-0-text", "a character that is not shown"),
        ({"passage-0-text": "x" * 20_001}, "passage-0-text", "at most 20000"),
        ({"passage-0-basis": "made up"}, "passage-0-basis", "not one of the available choices"),
    ],
)
def test_errors_stand_at_their_field(client_of, desk_of_answers, record, more, field, told):
    url = where(desk_of_answers, record, "training-integrity")
    response = client_of("engineer").post(url, passages("Words.") | more)
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert told in page
    assert f'href="#id_{field}"' in page
    assert desk_of_answers.question(record, "training-integrity").draft.number == 0


def test_passages_are_added_and_taken_away_without_being_saved(client_of, desk_of_answers, record):
    client = client_of("engineer")
    url = where(desk_of_answers, record, "training-integrity")
    page = client.post(url, passages("one", "two", add="passage")).content.decode()
    assert 'name="passage-count" value="3"' in page
    page = client.post(url, passages("one", "two", "three", remove="passage-1")).content.decode()
    assert 'name="passage-count" value="2"' in page
    assert re.findall(r">\n?(one|two|three)</textarea>", page) == ["one", "three"]
    assert desk_of_answers.question(record, "training-integrity").draft.number == 0


def test_a_number_with_its_unit(client_of, desk_of_answers, record):
    client = client_of("engineer")
    url = where(desk_of_answers, record, "weights-access")
    wrong = passages() | {"value-number": "1,4", "value-unit": "persons"}
    page = client.post(url, wrong).content.decode()
    assert 'id="id_value-number_error"' in page
    client.post(url, passages() | {"value-number": "14", "value-unit": "persons"})
    (passage,) = desk_of_answers.question(record, "weights-access").draft.current.answer.passages
    assert (passage.number, passage.unit) == ("14", "persons")


def test_choices_and_a_day(client_of, desk_of_answers, record):
    client = client_of("engineer")
    url = where(desk_of_answers, record, "training-physical-security")
    client.post(url, passages() | {"value-chosen": ["video", "perimeter"]})
    held = desk_of_answers.question(record, "training-physical-security")
    assert [o.id for o in held.draft.current.answer.passages[0].chosen] == ["perimeter", "video"]
    page = client.get(url).content.decode()
    assert len(re.findall(r'value="(?:video|perimeter)"[^>]*checked', page)) == 2
    url = where(desk_of_answers, record, "weights-assessed-on")
    client.post(url, passages() | {"value-date": "2027-01-14"})
    held = desk_of_answers.question(record, "weights-assessed-on")
    assert held.draft.current.answer.passages[0].date.isoformat() == "2027-01-14"


def test_public_and_confidential_rows_stand_in_passages_of_their_own(
    client_of, desk_of_answers, record
):
    cells = [("Aurora", "Meridian"), ("Borealis", "Meridian"), ("Cygnus", "")]
    sent = {"beside-base": "0", "passage-count": "0", "row-count": "4"}
    for n, (model, owner) in enumerate(cells):
        sent |= {f"row-{n}-c0": model, f"row-{n}-c1": owner}
    sent |= {"row-1-confidential": "on", "row-1-basis": "business_information"}
    url = where(desk_of_answers, record, "weights-possession")
    assert client_of("engineer").post(url, sent).status_code == 302
    held = desk_of_answers.question(record, "weights-possession").draft.current.answer
    assert [(p.confidential, [row[:2] for row in p.rows]) for p in held.passages] == [
        (False, [("Aurora", "Meridian"), ("Cygnus", None)]),
        (True, [("Borealis", "Meridian")]),
    ]


def test_not_known_needs_a_word_why(client_of, desk_of_answers, record):
    client = client_of("engineer")
    url = where(desk_of_answers, record, "weights-access")
    known = {"value-number": "14", "value-unit": "persons", "beside-not_known": "on"}
    unit = {"value-unit": "persons", "beside-not_known": "on"}
    assert (
        "Say in words why it is not known" in client.post(url, passages() | unit).content.decode()
    )
    assert "the one or the other" in client.post(url, passages("why") | known).content.decode()
    assert client.post(url, passages("Being counted.") | unit).status_code == 302
    assert desk_of_answers.question(record, "weights-access").draft.current.answer.not_known


def test_two_who_write_at_once_see_both(client_of, desk_of_answers, record, people):
    url = where(desk_of_answers, record, "training-integrity")
    client_of("engineer").post(url, passages("mine of the engineer"))
    response = client_of("preparer").post(url, passages("mine of the preparer"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody wrote meanwhile" in page
    assert "kept as version 2" in page
    assert ">\nmine of the preparer</textarea>" in page
    assert re.search(r"<del>.*engineer.*</del>", page, re.DOTALL)
    assert 'name="beside-base" value="1"' in page
    merged = passages("of both", base=1)
    assert client_of("preparer").post(url, merged).status_code == 302
    assert desk_of_answers.question(record, "training-integrity").draft.number == 3


def test_hostile_text_is_inert_everywhere(client_of, desk_of_answers, agency, people):
    from tests.desk.agency_side import EXAMPLE

    from declarant.desk.filer.questions import discussing, reviewing
    from declarant.filing.exchange.question_file import read_questions

    asked = next(q for q in read_questions(EXAMPLE).questions if q.asks.type == "text")
    hostile = asked.model_copy(update={"text": XSS, "help": XSS, "topic_title": XSS[:60]})
    record = desk_of_answers.asked([hostile])
    key = hostile.id
    desk_of_answers.writes(record, key, text(XSS))
    held = desk_of_answers.question(record, key)
    discussing.say(desk_of_answers.engineer, held, XSS)
    reviewing.submit(desk_of_answers.engineer, held, 1)
    reviewing.send_back(desk_of_answers.officer, held, 1, XSS)
    client = client_of("preparer")
    for url in (
        reverse("questions:sets"),
        record.get_absolute_url(),
        held.get_absolute_url(),
        reverse("questions:versions", args=[held.pk]),
        reverse("questions:compose", args=[record.pk]),
        reverse("questions:arrival", args=[record.arrival.pk]),
    ):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "49" not in re.findall(r"\}\}|\{\{|\b49\b", page)
    csv = client.get(reverse("questions:export", args=[record.pk, "csv"]))
    assert csv["Content-Disposition"].startswith("attachment")


def test_a_formula_in_an_answer_is_text_in_the_csv(client_of, desk_of_answers, record):
    desk_of_answers.writes(record, "training-integrity", text('=HYPERLINK("http://x","y")'))
    held = desk_of_answers.question(record, "training-integrity")
    url = reverse("questions:export_answer", args=[held.pk, "csv"])
    assert b"'=HYPERLINK" in client_of("preparer").get(url).content


@pytest.mark.parametrize("form", ["pdf", "json", "csv"])
def test_a_set_and_an_answer_are_exported(client_of, desk_of_answers, record, form):
    desk_of_answers.writes(record, "training-integrity", text("By two modules."))
    held = desk_of_answers.question(record, "training-integrity")
    client = client_of("auditor")
    for url in (
        reverse("questions:export", args=[record.pk, form]),
        reverse("questions:export_answer", args=[held.pk, form]),
    ):
        response = client.get(url)
        assert response.status_code == 200
        data = response.content
        assert data.startswith(b"%PDF-") if form == "pdf" else b"By two modules." in data
    assert client.get(reverse("questions:export", args=[record.pk, "exe"])).status_code == 404


def test_pages_make_few_queries_and_no_more_when_there_is_more(
    client_of, desk_of_answers, record, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of("preparer")
    client.get(reverse("questions:sets"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("questions:sets"))
    with django_assert_max_num_queries(30):
        client.get(record.get_absolute_url())
    with django_assert_max_num_queries(30):
        client.get(where(desk_of_answers, record, "training-integrity"))
    with django_assert_max_num_queries(30):
        client.get(reverse("questions:compose", args=[record.pk]))
    for question in record.questions.all()[:3]:
        asked = question.asked.model_copy(update={"condition": None})
        other = desk_of_answers.asked([asked])
        if asked.asks.type != "file":
            desk_of_answers.writes(other, asked.id, *desk_of_answers.passages(other)[asked.id])
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("questions:sets"))
    assert len(many) <= len(one) + 1


def test_only_mine_are_shown(client_of, desk_of_answers, record):
    from declarant.desk.filer.questions import reviewing

    mine = desk_of_answers.question(record, "training-integrity")
    reviewing.assign(desk_of_answers.preparer, [mine], desk_of_answers.engineer)
    page = client_of("engineer").get(f"{record.get_absolute_url()}?mine=1").content.decode()
    assert "training-integrity" in page
    assert "weights-access" not in page


REFUSED = {  # role: addresses (name, needs) it may not post to
    "auditor": ["question", "work", "review", "remark", "attach", "assign", "offline", "bring"],
    "administrator": ["question", "work", "review", "remark", "bring", "compose", "send"],
    "engineer": ["review", "assign", "approve", "bring", "compose", "ask"],
    "preparer": ["review", "approve"],
    "certifying_officer": ["question", "work", "attach", "offline", "compose", "ask"],
}


@pytest.mark.parametrize("role", REFUSED)
def test_powers(client_of, desk_of_answers, record, role):
    held = desk_of_answers.question(record, "training-integrity")
    of_question = ("question", "work", "review", "remark", "attach")
    client = client_of(role)
    for name in REFUSED[role]:
        if name == "bring":
            url = reverse("questions:bring")
        elif name == "send":
            url = reverse("questions:send", args=["answers", 1])
        else:
            pk = held.pk if name in of_question else record.pk
            url = reverse(f"questions:{name}", args=[pk])
        assert client.post(url, {}).status_code == 403, name
    assert client.get(held.get_absolute_url()).status_code == 200
