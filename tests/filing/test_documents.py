"""Documents: ids from content, one form of bytes, schemas that are current and true."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date, timedelta

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from declarant.filing.canonical import canonical
from declarant.filing.documents import DOCUMENT, Affirmation, Notification
from declarant.filing.parts import Amount
from declarant.filing.schemas import FOLDER, published_schemas
from declarant.quantities import Interval


def test_the_same_content_has_the_same_id(make_notification: Callable[..., Notification]) -> None:
    assert make_notification() == make_notification()
    assert make_notification().id.startswith("us-bis-702-7/2026Q4/notification/")


@pytest.mark.parametrize(
    "changed",
    [
        {"prepared_on": date(2027, 1, 9)},
        {"no_longer": ("Old run",)},
        {"notices": ("Another notice.",)},
    ],
)
def test_other_content_has_another_id(
    make_notification: Callable[..., Notification], changed: dict[str, object]
) -> None:
    assert make_notification(**changed).id != make_notification().id


def test_the_hash_is_what_sha256sum_prints_of_the_file(notification: Notification) -> None:
    written = notification.as_bytes()
    assert hashlib.sha256(written).hexdigest() == notification.sha256
    assert DOCUMENT.validate_python(json.loads(written)) == notification


def test_documents_never_change(notification: Notification) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        notification.quarter = "2027Q1"  # type: ignore[misc]


@pytest.mark.parametrize("kind", ["notification", "affirmation", "manifest"])
def test_published_schemas_are_current(kind: str) -> None:
    """When this fails: python -m declarant.filing.schemas."""
    name = f"{kind}.schema.json"
    assert (FOLDER / name).read_text(encoding="utf-8") == published_schemas()[name]


def test_no_schema_is_left_over() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(published_schemas())


def test_written_documents_fit_the_published_schemas(
    notification: Notification, affirmation: Affirmation
) -> None:
    for document in (notification, affirmation):
        schema = json.loads(published_schemas()[f"{document.kind}.schema.json"])
        jsonschema.Draft202012Validator(schema).validate(json.loads(document.as_bytes()))


def test_the_published_schema_refuses_what_the_model_refuses(notification: Notification) -> None:
    schema = json.loads(published_schemas()["notification.schema.json"])
    validator = jsonschema.Draft202012Validator(schema)
    for field, wrong in (
        ("quarter", "2026Q5"),
        ("surprise", 1),
        ("statements", []),
        ("prepared_on", 20270108),
    ):
        content = notification.content() | {field: wrong}
        assert not validator.is_valid(content), field
        with pytest.raises(ValidationError):
            DOCUMENT.validate_python(content)


@pytest.mark.parametrize("wrong", ["1e26", "-1", "01", "1.0", "", "1" * 61, 5])
def test_amounts_are_whole_numbers_as_text(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Amount.model_validate({"low": wrong, "best": None, "high": None})


@given(
    st.integers(0, 10**59),
    st.integers(0, 10**59),
    st.none() | st.integers(0, 10**59),
)
def test_amounts_come_back_exactly(low: int, width: int, more: int | None) -> None:
    high = None if more is None else low + width + more
    interval = Interval.between(low, high if high is None or high < 10**60 else low)
    assert Amount.of(interval).interval == interval


@given(st.recursive(st.text() | st.booleans() | st.none(), st.lists, max_leaves=9))
def test_canonical_bytes_read_back_and_are_stable(content: object) -> None:
    try:
        written = canonical(content)
    except ValueError:  # a lone surrogate has no form in JSON text
        return
    assert json.loads(written) == content
    assert canonical(json.loads(written)) == written


@given(st.dates(date(1, 1, 1), date(9999, 12, 30)))
def test_days_are_written_as_iso_8601(day: date) -> None:
    from declarant.filing.parts import Confirmation

    written = Confirmation(reason="r", by="b", on=day).model_dump(mode="json")["on"]
    assert date.fromisoformat(written) == day
    assert day + timedelta(1) > date.fromisoformat(written)
