"""Questions of every type, and answers of every kind to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import strategies as st
from pydantic import TypeAdapter

from declarant.filing.exchange import making
from declarant.filing.exchange.answering import table_columns
from declarant.filing.exchange.answers import Passage
from declarant.filing.exchange.from_agency import QuestionSet
from declarant.filing.exchange.making import Parties
from declarant.filing.exchange.questions import AsksTable, Question
from declarant.filing.offline.work import DraftAnswer, Work
from declarant.filing.parts import Agency, Contacts, Ground, Person
from declarant.law import load_regime

PASSAGE: TypeAdapter[Passage] = TypeAdapter(Passage)
BASES = (
    Ground(id="dpa", text="Business confidential information", citation="50 U.S.C. 4555(d)"),
    Ground(id=None, text="=Trade secret, 營業秘密\nsecond line", citation=None),
)
FILES = {"a" * 64: "plan.pdf", "b" * 64: "系統安全計畫.json", "c" * 64: "plan.pdf"}
OPTIONS = (
    {"id": "yes", "text": "Yes, in whole"},
    {"id": "no", "text": "=No"},
    {"id": "part", "text": "部分, see words"},
    {"id": "part-2", "text": "部分, see words"},
)


def asked(name: str, asks: dict[str, Any], **changed: Any) -> Question:
    return Question.model_validate(
        {
            "id": name, "topic": "weights", "topic_title": "Model weights", "area": None,
            "area_title": None, "text": f"What of {name}? 請說明。\nIn two lines.", "asks": asks,
            "required": True, "evidence_expected": False, "condition": None, "help": None,
            "references": (), "follows": None,
        }
        | changed
    )  # fmt: skip


QUESTIONS = (
    asked("words", {"type": "text", "longest": 4000}, help="Say it plainly.", area_title="Security",
          area="security"),
    asked("count", {"type": "number", "units": ("GPU", "TPU"), "least": "0", "most": None,
                    "whole": True}),
    asked("share", {"type": "number", "units": (), "least": None, "most": None, "whole": False}),
    asked("day", {"type": "date", "earliest": None, "latest": None}, required=False),
    asked("one", {"type": "choice", "options": OPTIONS, "several": False}),
    asked("many", {"type": "choice", "options": OPTIONS, "several": True},
          condition={"question": "one", "any_of": ("yes", "part")}),
    asked("sites", {
        "type": "table", "fewest": 1, "most": None, "columns": (
            {"id": "site", "title": "Site 地點", "required": True,
             "cell": {"type": "text", "longest": None}},
            {"id": "racks", "title": "Racks", "required": False, "cell": {
                "type": "number", "units": ("racks",), "least": None, "most": None, "whole": True}},
            {"id": "since", "title": "Since", "required": False,
             "cell": {"type": "date", "earliest": None, "latest": None}},
            {"id": "kind", "title": "Kind", "required": False,
             "cell": {"type": "choice", "options": OPTIONS, "several": False}},
        ),
    }, evidence_expected=True),
    asked("report", {"type": "file", "suffixes": (".pdf",), "most": 3}),
)  # fmt: skip


def made_questions(day: date = date(2027, 2, 1)) -> QuestionSet:
    person = Person.model_validate(
        {"name": "Acme 公司", "kind": "legal", "address": None, "identifiers": {},
         "covered": True, "grounds": ()}
    )  # fmt: skip
    parties = Parties(
        person,
        Contacts(preparer=None, certifying_officer=None, others=()),
        Agency(name="The agency", email="in@agency.example"),
    )
    return making.question_set(load_regime("us-bis-702-7"), parties, day, QUESTIONS)


def of(kind: str, basis: Ground | None = None, **fields: Any) -> Passage:
    mark = {"confidential": basis is not None, "basis": basis}
    return PASSAGE.validate_python({"type": kind, **mark, **fields})


def table(*rows: tuple[str | None, ...], basis: Ground | None = None) -> Passage:
    asks = next(item.asks for item in QUESTIONS if item.id == "sites")
    assert isinstance(asks, AsksTable)
    return of("table", basis, columns=table_columns(asks), rows=rows)


DRAFTS = (
    DraftAnswer(
        "words",
        (
            of("text", text="=1+1, as was said\n\n第二段：權重存放於兩處。"),
            of("text", BASES[0], text="The vault is in hall B. _x0041_ x005F_"),
        ),
        evidence=("a" * 64, "c" * 64), version=3, standing="changed", former="Once.",
        notes="Lin: ok",
    ),
    DraftAnswer("count", (of("number", number="12500", unit="GPU"),), version=1),
    DraftAnswer("share", (of("number", BASES[1], number="-0.50", unit=None),)),
    DraftAnswer("day", (of("date", date=date(2027, 2, 1)), of("text", text="or later"))),
    DraftAnswer("one", (of("choice", chosen=(OPTIONS[3],)),)),
    DraftAnswer("many", (of("choice", BASES[0], chosen=(OPTIONS[2], OPTIONS[0])),)),
    DraftAnswer(
        "sites",
        (
            of("text", text="All of them:"),
            table(("Harbor", "12", "2026-03-01", "yes"), ("+Quincy", None, None, "part-2")),
            table(("Secret", "about 5", None, None), basis=BASES[0]),
        ),
    ),
    DraftAnswer("report", (of("text", text="None was made."),), not_known=True),
)  # fmt: skip


def made_work(**changed: Any) -> Work:
    fields = {
        "questions": made_questions(), "drafts": DRAFTS, "files": FILES, "grounds": BASES,
        "due": date(2027, 3, 3),
    }  # fmt: skip
    return Work(**fields | changed)


@pytest.fixture
def work() -> Work:
    return made_work()


@pytest.fixture
def make_work() -> Callable[..., Work]:
    return made_work


_CHARACTERS = st.characters(
    exclude_categories=("Cs",), exclude_characters="\ufffe\uffff\x7f", min_codepoint=32
)
_PIECES = st.one_of(
    st.text(_CHARACTERS | st.just("\n"), min_size=1, max_size=40),
    st.sampled_from(
        ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "_x000D_", "_\u2060x0041_", "x005F_", "\n",
         " 前後 ", "[x] ", "權重" * 200, "😀" * 9000)
    ),
)  # fmt: skip
TEXTS = st.lists(_PIECES, min_size=1, max_size=4).map("".join).filter(str.strip).map(
    lambda text: text[:20_000]
)  # fmt: skip
_MARKS = st.sampled_from((None, *BASES))
_NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=2).map(
    lambda d: format(d, "f")
)
_DATES = st.dates()


def _words() -> st.SearchStrategy[Passage]:
    return st.builds(lambda text, basis: of("text", basis, text=text), TEXTS, _MARKS)


def _cell(of_kind: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | of_kind


_ROWS = st.lists(
    st.tuples(
        TEXTS.map(lambda text: text[:500]).filter(str.strip),
        _cell(_NUMBERS | st.just("about 5")),
        _cell(_DATES.map(date.isoformat)),
        _cell(st.sampled_from(("yes", "no", "part", "part-2", "not an option"))),
    ),
    min_size=1,
    max_size=4,
)
_ANSWERS: dict[str, st.SearchStrategy[Passage]] = {
    "words": _words(),
    "count": st.builds(
        lambda n, u, b: of("number", b, number=n, unit=u),
        _NUMBERS, st.sampled_from((None, "GPU", "furlong")), _MARKS,
    ),
    "share": st.builds(lambda n, b: of("number", b, number=n, unit=None), _NUMBERS, _MARKS),
    "day": st.builds(lambda d, b: of("date", b, date=d), _DATES, _MARKS),
    "one": st.builds(
        lambda o, b: of("choice", b, chosen=(o,)), st.sampled_from(OPTIONS), _MARKS
    ),
    "many": st.builds(
        lambda o, b: of("choice", b, chosen=tuple(o)),
        st.permutations(OPTIONS).flatmap(lambda o: st.integers(1, 4).map(lambda n: o[:n])), _MARKS,
    ),
    "sites": st.builds(lambda rows, b: table(*rows, basis=b), _ROWS, _MARKS),
    "report": st.builds(
        lambda f, b: of("file", b, file=f), st.sampled_from(sorted(FILES)), _MARKS
    ),
}  # fmt: skip
_ONCE = ("count", "share", "day", "one", "many")


@st.composite
def drafts(draw: st.DrawFn) -> tuple[DraftAnswer, ...]:
    """Answers that some of the questions have so far."""
    made = []
    for question in QUESTIONS:
        most = 1 if question.id in _ONCE else 3
        passages = draw(st.lists(_ANSWERS[question.id], max_size=most))
        passages += draw(st.lists(_words(), max_size=2))
        if draw(st.booleans()):
            passages = draw(st.permutations(passages))
        made.append(
            DraftAnswer(
                question.id,
                tuple(passages),
                draw(st.booleans()),
                tuple(draw(st.lists(st.sampled_from(sorted(FILES)), unique=True))),
                draw(st.integers(0, 9)),
                notes=draw(st.just("") | TEXTS),
                former=draw(st.just("") | TEXTS),
            )
        )
    return tuple(made)
