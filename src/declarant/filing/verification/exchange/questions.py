"""Whether questions can be answered as they are asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from declarant.filing.exchange.from_agency import CorrectionNotice, QuestionSet
from declarant.filing.exchange.from_person import AnswerSet
from declarant.filing.exchange.questions import (
    Asked,
    AsksChoice,
    AsksDate,
    AsksFile,
    AsksNumber,
    AsksTable,
    Cell,
    Question,
)
from declarant.filing.verification.report import error
from declarant.law import Regime
from declarant.problems import Finding, Place

_ASK_ANEW = "Correct the question and send the set anew."


def ids_once(document: QuestionSet) -> Iterator[Finding]:
    """Require that no two questions share an id."""
    yield from _twice((item.id for item in document.questions), "question", "$.questions")


def conditions_hold(document: QuestionSet) -> Iterator[Finding]:
    """Require conditions on questions that come before, and on options that they offer."""
    before: dict[str, Question] = {}
    for number, question in enumerate(document.questions):
        condition = question.condition
        if condition is not None:
            where = Place(field=f"$.questions[{number}].condition")
            other = before.get(condition.question)
            if other is None:
                what = f"depends on {condition.question}, which is not asked before it."
                yield error("question.condition", what, where, _ASK_ANEW)
            else:
                yield from _options_known(other, condition.any_of, where)
        before[question.id] = question


def answers_possible(document: QuestionSet) -> Iterator[Finding]:
    """Require bounds in order, options and columns once, cells that one text can hold."""
    for number, question in enumerate(document.questions):
        yield from _possible(question.asks, f"$.questions[{number}].asks")


def stage_follows(document: QuestionSet) -> Iterator[Finding]:
    """Require that clarifications, and only they, reply to answers and follow some of them."""
    named = document.replies_to
    follows = named is not None and named.kind == "answer_set"
    if follows != (document.stage == "clarification"):
        what = "questions are clarifications exactly when they reply to an answer set."
        yield error("question.stage", what, Place(field="$.stage"), _ASK_ANEW)
    for number, question in enumerate(document.questions):
        if question.follows and document.stage == "initial":
            what = f"follows the answer to {question.follows}, but nothing was answered yet."
            where = Place(field=f"$.questions[{number}].follows")
            yield error("question.follows", what, where, _ASK_ANEW)


def returned_once(document: CorrectionNotice) -> Iterator[Finding]:
    """Require that an answer is returned once."""
    yield from _twice((item.question for item in document.returned), "answer to", "$.returned")


def check_topics(document: QuestionSet | AnswerSet, law: Regime) -> Iterator[Finding]:
    """Require topics, and areas in them, that the law names."""
    known = {topic.id: {area.id for area in topic.areas} for topic in law.topics}
    items: Iterable[Any] = (
        document.questions if isinstance(document, QuestionSet) else document.answers
    )
    field = "questions" if isinstance(document, QuestionSet) else "answers"
    for number, item in enumerate(items):
        area = getattr(item, "area", None)
        where = Place(field=f"$.{field}[{number}].topic")
        if item.topic not in known:
            what = f"{law.id} names no topic {item.topic!r}. Known: {', '.join(known) or 'none'}."
            yield error("law.topic", what, where, "Name a topic of the law.")
        elif area is not None and area not in known[item.topic]:
            what = f"{law.id} names no area {area!r} within {item.topic}."
            yield error("law.topic", what, where, "Name an area of the topic, or none.")


QUESTION_RULES: dict[type, tuple[Callable[[Any], Iterator[Finding]], ...]] = {
    QuestionSet: (ids_once, conditions_hold, answers_possible, stage_follows),
    CorrectionNotice: (returned_once,),
}


def _twice(names: Iterable[str], what: str, field: str) -> Iterator[Finding]:
    for name, count in Counter(names).items():
        if count > 1:
            said = f"the {what} {name} stands {count} times."
            yield error("question.twice", said, Place(field=field), _ASK_ANEW)


def _options_known(other: Question, any_of: tuple[str, ...], where: Place) -> Iterator[Finding]:
    if not any_of:
        return
    offered = (
        {option.id for option in other.asks.options} if isinstance(other.asks, AsksChoice) else {}
    )
    for name in any_of:
        if name not in offered:
            what = f"depends on the option {name!r}, which {other.id} does not offer."
            yield error("question.condition", what, where, _ASK_ANEW)


def _possible(asks: Asked | Cell, path: str) -> Iterator[Finding]:
    match asks:
        case AsksNumber():
            if asks.least and asks.most and Decimal(asks.least) > Decimal(asks.most):
                yield _bounds(f"from {asks.least} to {asks.most}", path)
        case AsksDate():
            if asks.earliest and asks.latest and asks.earliest > asks.latest:
                yield _bounds(f"from {asks.earliest} to {asks.latest}", path)
        case AsksChoice():
            yield from _twice((item.id for item in asks.options), "option", f"{path}.options")
        case AsksFile():
            if asks.most == 0:
                yield _bounds("at most 0 files", path)
        case AsksTable():
            if asks.most is not None and (asks.most == 0 or asks.fewest > asks.most):
                yield _bounds(f"from {asks.fewest} to {asks.most} rows", path)
            yield from _twice((item.id for item in asks.columns), "column", f"{path}.columns")
            for number, column in enumerate(asks.columns):
                yield from _cell_possible(column.cell, f"{path}.columns[{number}].cell")


def _cell_possible(cell: Cell, path: str) -> Iterator[Finding]:
    yield from _possible(cell, path)
    if isinstance(cell, AsksNumber) and len(cell.units) > 1:
        what = "a column of numbers has one unit, and here are several."
        yield error("question.cell", what, Place(field=path), _ASK_ANEW)
    if isinstance(cell, AsksChoice) and cell.several:
        what = "a cell takes one option, and several may be chosen here."
        yield error("question.cell", what, Place(field=path), _ASK_ANEW)


def _bounds(shown: str, path: str) -> Finding:
    return error("question.bounds", f"no answer can be {shown}.", Place(field=path), _ASK_ANEW)
