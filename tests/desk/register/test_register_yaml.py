"""A register that is written is read back as it was, whatever people typed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.desk.register.registers import EXAMPLES

from declarant.desk.filer.register.anatomy import fields, files_named, in_order
from declarant.desk.filer.register.differences import differences, merged, path_of
from declarant.desk.filer.register.kinds import BY_SECTION, SECTIONS
from declarant.desk.filer.register.register_yaml import record_text, register_text
from declarant.yaml_source import field_name, parse_yaml, read_yaml

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"))) | st.sampled_from(
    [
        "yes",
        "no",
        "~",
        "null",
        "0x1f",
        "1_000",
        "2026-01-01",
        "1e5",
        "<<",
        "=",
        "- a",
        "a: b",
        "#",
        " x ",
        "a\nb\n\n",
        "&a",
        "*a",
        "! x",
        "\t",
        "007",
    ]
)
SCALARS = TEXTS | st.integers(-(10**30), 10**30) | st.booleans() | st.none()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=5))
def test_any_content_survives_being_written(content: dict[str, Any]) -> None:
    assert parse_yaml(record_text(content), "x").data == content


@pytest.mark.parametrize("name", ["cedar-ridge", "halcyon", "juniper"])
def test_an_example_is_written_as_it_was_read(name: str) -> None:
    written = read_yaml(EXAMPLES / name / "register.yaml").data
    records = []
    for section, kind in BY_SECTION.items():
        held = written.get(section, [])
        for item in held if isinstance(held, list) else [held]:
            records.append((kind, in_order(SECTIONS[kind].model, item)))
    text = register_text(records)
    assert parse_yaml(text, "register.yaml").data == written
    assert "# Training runs." in text or "runs" not in written


def test_days_and_amounts_stand_bare_and_what_other_readers_would_take_for_more_is_quoted() -> None:
    text = record_text({"start": "2026-02-02", "tokens": "15.0e12", "answer": "no", "id": "007"})
    assert text == "start: 2026-02-02\ntokens: 15.0e12\nanswer: 'no'\nid: '007'\n"


def models() -> list[type[BaseModel]]:
    """Every part of the schema that a record may hold."""
    seen: list[type[BaseModel]] = []
    waiting: list[type[BaseModel]] = [section.model for section in SECTIONS.values()]
    while waiting:
        model = waiting.pop()
        if model not in seen:
            seen.append(model)
            waiting += [inner for field in fields(model) for inner in field.models]
    return seen


def test_every_field_of_the_schema_has_a_label_and_every_description_can_be_translated() -> None:
    from declarant.desk.filer.register.editing.choice_words import _WORDS
    from declarant.desk.filer.register.editing.wording import SCHEMA_HINTS, hint, label

    for model in models():
        for field in fields(model):
            assert str(label(model, field))
            assert isinstance(hint(model, field), str)
            assert not field.description or field.description in SCHEMA_HINTS, field.description
            if field.name not in ("number_format",):
                assert all(choice in _WORDS for choice in field.choices), field.choices


def test_every_file_a_register_names_is_found_in_it() -> None:
    content = read_yaml(EXAMPLES / "juniper" / "register.yaml").data["runs"][0]
    named = {field_name(at): path for at, path in files_named(SECTIONS["run"].model, content)}
    assert named == {
        "configuration": "evidence/config.json",
        "parts[0].log.files[0]": "evidence/train.log",
        "parts[0].counts[2].recorded.files[0]": "evidence/metered.parquet",
        "parts[0].counts[3].recorded.files[0]": "evidence/sacct.txt",
    }


@settings(deadline=None)
@given(VALUES, VALUES)
def test_two_contents_differ_exactly_when_there_is_a_difference(before: Any, after: Any) -> None:
    same = record_text({"a": before}) == record_text({"a": after})
    assert (differences({"a": before}, {"a": after}) == []) == same


def test_items_are_told_apart_by_their_id() -> None:
    before = {"parts": [{"id": "a", "tokens": "1"}, {"id": "b", "tokens": "2"}]}
    after = {"parts": [{"id": "new"}, {"id": "a", "tokens": "1"}, {"id": "b", "tokens": "3"}]}
    found = [(item.field, item.act) for item in differences(before, after)]
    assert found == [("parts[new]", "added"), ("parts[b].tokens", "changed")]


def test_edits_of_different_fields_are_put_together() -> None:
    base = {"name": "x", "parts": [{"id": "a", "tokens": "1"}], "cost": "5"}
    mine = {"name": "y", "parts": [{"id": "a", "tokens": "1"}, {"id": "b"}]}
    theirs = {"name": "x", "parts": [{"id": "a", "tokens": "2"}], "cost": "5", "cluster": "c"}
    both, conflicts = merged(base, mine, theirs)
    assert both == {"name": "y", "parts": [{"id": "a", "tokens": "2"}, {"id": "b"}], "cluster": "c"}
    assert conflicts == []


def test_a_field_that_both_changed_is_named_and_mine_stands() -> None:
    both, conflicts = merged({"name": "x"}, {"name": "mine"}, {"name": "theirs"})
    assert (both, conflicts) == ({"name": "mine"}, ["name"])


@settings(deadline=None)
@given(VALUES, VALUES)
def test_an_edit_that_only_one_made_is_kept(base: Any, edit: Any) -> None:
    before, after = {"a": base}, {"a": edit}
    assert merged(before, before, after) == (after, [])
    assert merged(before, after, before) == (after, [])


def test_a_field_is_read_as_findings_write_it() -> None:
    for path in (("runs", 0, "parts", 12, "tokens"), ("covered", "us-bis-702-7", "why"), ("name",)):
        assert path_of(field_name(path)) == path
