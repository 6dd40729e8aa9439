"""Documents of the exchange: published schemas, ids from content, clocks from the law."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError
from tests.filing.exchange.conftest import made_evidence

from declarant.filing.exchange import making, receipting
from declarant.filing.exchange.answering import answer_to, choice_of
from declarant.filing.exchange.answers import NumberPassage
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.exchange.making import Parties
from declarant.filing.exchange.parts import AttachedEvidence
from declarant.filing.published import PUBLISHED
from declarant.filing.schemas import FOLDER, published_schemas
from declarant.law import Regime, load_regime
from declarant.problems import BadInput, Finding, Severity


def test_every_kind_has_a_published_schema(exchange: dict[str, Any]) -> None:
    published = published_schemas()
    for document in exchange.values():
        name = f"{document.kind}.schema.json"
        assert (FOLDER / name).read_text(encoding="utf-8") == published[name], (
            "run python -m declarant.filing.schemas"
        )
        validator = jsonschema.Draft202012Validator(json.loads(published[name]))
        validator.validate(json.loads(document.as_bytes()))
        assert not validator.is_valid(document.content() | {"surprise": 1})


def test_every_kind_reads_back_as_it_was_written(exchange: dict[str, Any]) -> None:
    for document in exchange.values():
        again = PUBLISHED.validate_json(document.as_bytes())
        assert again == document
        assert again.sha256 == document.sha256
        assert again.id.startswith(f"us-bis-702-7/{document.prepared_on}/{document.kind}/")


def test_other_content_has_another_id(make_answer_set: Callable[..., AnswerSet]) -> None:
    assert make_answer_set().id == make_answer_set().id
    assert make_answer_set(version=2).id != make_answer_set().id


def test_the_law_is_never_named_without_its_status(exchange: dict[str, Any]) -> None:
    for document in exchange.values():
        assert document.regime.status.name == "never made final"
        assert document.regime.voluntary


@pytest.mark.parametrize(
    ("name", "duty", "due"),
    [
        ("question_set", "answer", date(2027, 3, 3)),  # 30 days after 1 February
        ("answer_set", "answer", date(2027, 3, 3)),
        ("correction_notice", "correction", date(2027, 3, 17)),  # 14 days after 3 March
        ("clarification", "clarification", date(2027, 3, 12)),  # 7 days after 5 March
        ("extension_request", "clarification", date(2027, 3, 12)),
        ("extension_decision", "clarification", date(2027, 3, 12)),
    ],
)
def test_clocks_come_from_the_law(
    exchange: dict[str, Any], name: str, duty: str, due: date
) -> None:
    clock = exchange[name].clock
    assert (clock.duty, clock.due) == (duty, due)
    assert any("calendar days" in step for step in clock.worked_out)
    assert set(clock.other_readings) == {"next_business_day"}


def test_a_due_date_on_a_weekend_is_told_under_the_other_reading(
    law: Regime, questions: QuestionSet
) -> None:
    clock = making.answer_clock(law, questions, date(2027, 1, 29))
    assert clock is not None
    assert clock.due == date(2027, 2, 28)  # a Sunday
    assert clock.other_readings == {"next_business_day": date(2027, 3, 1)}


def test_questions_say_that_the_clock_runs_from_their_receipt(questions: QuestionSet) -> None:
    assert questions.clock is not None
    assert "from the day on which it is in fact received" in questions.clock.worked_out[-1]


@pytest.mark.parametrize(
    ("moment", "due"),
    [  # midnight in Washington is 05:00 UTC in winter
        (datetime(2027, 2, 2, 4, 59, tzinfo=UTC), date(2027, 3, 3)),
        (datetime(2027, 2, 2, 5, 0, tzinfo=UTC), date(2027, 3, 4)),
    ],
)
def test_a_moment_counts_as_the_local_day_of_the_agency(
    law: Regime, questions: QuestionSet, moment: datetime, due: date
) -> None:
    clock = making.answer_clock(law, questions, moment)
    assert clock is not None
    assert clock.due == due


def test_a_law_without_the_duty_sets_no_clock(parties: Parties, questions: QuestionSet) -> None:
    europe = load_regime("eu-ai-act-gpai")
    asked = making.question_set(europe, parties, date(2027, 2, 1), questions.questions)
    assert asked.clock is None
    assert asked.clocks == ()


def test_the_persons_receipt_of_questions_starts_the_clock(
    law: Regime, parties: Parties, questions: QuestionSet
) -> None:
    moment = datetime(2027, 2, 2, 3, 0, tzinfo=UTC)
    receipt = receipting.receipt(law, parties, moment, questions, by="person")
    assert receipt.clock is not None
    assert receipt.clock.starts == date(2027, 2, 1)
    assert receipt.prepared_on == date(2027, 2, 1)
    assert receipt.received_at == "2027-02-02T03:00:00Z"
    assert receipt.side == "person"
    assert receipting.receipt(law, parties, moment, questions, by="agency").clock is None


@pytest.mark.parametrize(
    ("severity", "outcome"), [(Severity.ERROR, "quarantined"), (Severity.WARNING, "accepted")]
)
def test_an_error_quarantines(
    law: Regime, parties: Parties, severity: Severity, outcome: str
) -> None:
    found = (Finding("signature.absent", "no signature.", mend="Sign it.", severity=severity),)
    receipt = receipting.receipt(
        law,
        parties,
        datetime(2027, 2, 2, 12, tzinfo=UTC),
        None,
        by="agency",
        message_sha256="a" * 64,
        sent_to="counsel@meridian.example",
        findings=found,
    )
    assert receipt.outcome == outcome
    assert receipt.findings[0].mend == "Sign it."
    assert receipt.replies_to is None


def test_a_receipt_needs_a_zone(law: Regime, parties: Parties, questions: QuestionSet) -> None:
    with pytest.raises(BadInput, match="has no time zone"):
        receipting.receipt(law, parties, datetime(2027, 2, 2, 12), questions, by="agency")  # noqa: DTZ001


def test_a_refused_extension_extends_nothing(
    law: Regime, parties: Parties, request_for_time: Any, make_answer_set: Callable[..., AnswerSet]
) -> None:
    refused = making.extension_decision(
        law, parties, date(2027, 3, 10), request_for_time, until=None, reason="Too late."
    )
    assert not refused.granted
    with pytest.raises(BadInput, match="grants no extension"):
        make_answer_set(extended=refused)


def test_statements_are_ticked_one_by_one(make_answer_set: Callable[..., AnswerSet]) -> None:
    ticked = {item.id for item in make_answer_set(ticked=("true",)).statements if item.ticked}
    assert ticked == {"true"}
    with pytest.raises(BadInput, match="there is no statement 'treu'"):
        make_answer_set(ticked=("treu",))


@pytest.mark.parametrize(
    "name",
    [
        "../secret.pdf",
        "a/b.pdf",
        "a\\b.pdf",
        "C:report.pdf",
        ".hidden",
        "trailing.",
        " lead.pdf",
        "new\nline.pdf",
        "report\u202efdp.exe",
        "",
        "x" * 151,
    ],
)
def test_names_of_evidence_that_no_folder_should_hold(name: str) -> None:
    content = made_evidence()[0].model_dump()
    with pytest.raises(ValidationError):
        AttachedEvidence.model_validate(content | {"name": name})


@pytest.mark.parametrize("name", ["a", "紅隊報告.pdf", "two words (v2).tar.gz", "x" * 150])
def test_names_of_evidence_that_any_folder_holds(name: str) -> None:
    content = made_evidence()[0].model_dump()
    assert AttachedEvidence.model_validate(content | {"name": name}).name == name


@pytest.mark.parametrize("kind", ["multipart/mixed", "message/rfc822", "text", "text/Html; x=1"])
def test_media_types_that_would_open_inside_the_message(kind: str) -> None:
    content = made_evidence()[0].model_dump()
    with pytest.raises(ValidationError):
        AttachedEvidence.model_validate(content | {"media_type": kind})


@pytest.mark.parametrize("number", ["1e26", "01", "+1", "1.", ".5", "1,000", "", "1" * 61, 5])
def test_numbers_are_decimal_text(number: Any) -> None:
    fields = {"type": "number", "confidential": False, "basis": None, "unit": None}
    with pytest.raises(ValidationError):
        NumberPassage.model_validate(fields | {"number": number})


@pytest.mark.parametrize(
    "moment", ["2027-02-30T00:00:00Z", "2027-02-01T00:00:00", "2027-02-01T00:00:00+00:00", "now"]
)
def test_moments_are_in_utc_and_real(receipt: Any, moment: str) -> None:
    content = receipt.content() | {"received_at": moment}
    with pytest.raises(ValidationError):
        PUBLISHED.validate_python(content)


def test_a_row_has_a_cell_for_each_column(answers: AnswerSet) -> None:
    content = answers.content()
    content["answers"][0]["passages"][0]["rows"][0].append("one more")
    with pytest.raises(ValidationError, match="row 0 has 6 cells for 5 columns"):
        PUBLISHED.validate_python(content)


def test_an_answer_made_for_a_question_carries_its_words(questions: QuestionSet) -> None:
    question = questions.question("weights-security-level")
    assert question is not None
    made = answer_to(question, [choice_of(question.asks, ["sl3"])])  # type: ignore[arg-type]
    assert made.asked == question.text
    assert made.passages[0].chosen[0].text.startswith("SL3")  # type: ignore[union-attr]
    with pytest.raises(BadInput, match="'sl9' is not one of the options"):
        choice_of(question.asks, ["sl9"])  # type: ignore[arg-type]


@pytest.mark.parametrize(("rows", "fits"), [(1000, True), (1001, False)])
def test_a_table_that_nobody_reads_belongs_into_a_file(
    answers: AnswerSet, rows: int, fits: bool
) -> None:
    content = answers.content()
    passage = content["answers"][4]["passages"][0]
    passage["rows"] = passage["rows"] * rows
    if fits:
        assert PUBLISHED.validate_python(content)
        return
    with pytest.raises(ValidationError, match="at most 1000 items"):
        PUBLISHED.validate_python(content)
