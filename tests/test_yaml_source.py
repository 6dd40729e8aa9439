import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from declarant.problems import BadInput
from declarant.yaml_source import parse_yaml, read_yaml, validated


class Link(BaseModel):
    model_config = ConfigDict(extra="forbid")
    rate: str
    count: int = 1


class Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: int = Field(alias="sheet")
    links: list[Link] = []


def first(error: pytest.ExceptionInfo[BaseException]) -> tuple[str, int | None, str | None, str]:
    assert isinstance(error.value, BadInput)
    finding = error.value.findings[0]
    assert finding.mend
    return finding.code, finding.where.line, finding.where.field, finding.mend


def test_numbers_stay_exact_and_words_stay_words() -> None:
    data = parse_yaml("a: 1.2e26\nb: 12\nc: no\nd: 2026-09-11\ne: true\nf:\ng: 0o17\n", "x").data
    assert data == {
        "a": "1.2e26", "b": 12, "c": "no", "d": "2026-09-11", "e": True, "f": None, "g": "0o17",
    }  # fmt: skip


def test_a_duplicate_key_is_refused_with_both_lines() -> None:
    with pytest.raises(BadInput) as error:
        parse_yaml("a: 1\nb: 2\na: 3\n", "x.yaml")
    code, line, field, mend = first(error)
    assert (code, line, field) == ("yaml.duplicate_key", 3, "a")
    assert "line 1" in mend


def test_an_unknown_key_names_its_line_and_the_near_one() -> None:
    document = parse_yaml("sheet: 1\nlinks:\n  - rate: 4\n    cuont: 3\n", "x.yaml")
    with pytest.raises(BadInput) as error:
        validated(Sheet, document)
    code, line, field, mend = first(error)
    findings = error.value.findings
    unknown = next(f for f in findings if f.code == "yaml.unknown_key")
    assert unknown.where.line == 4
    assert unknown.where.field == "links[0].cuont"
    assert "'count'" in unknown.mend
    assert (code, line, field) == ("yaml.value", 3, "links[0].rate")
    assert mend


def test_a_missing_key_points_to_what_should_hold_it() -> None:
    with pytest.raises(BadInput) as error:
        validated(Sheet, parse_yaml("sheet: 1\nlinks:\n  - count: 3\n", "x.yaml"))
    assert first(error)[:3] == ("yaml.missing_key", 3, "links[0].rate")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "yaml.empty"),
        ("# only a remark\n", "yaml.empty"),
        ("a: [1, 2\n", "yaml.syntax"),
        ("a: 'x\n", "yaml.syntax"),
        ("a: \x00", "yaml.syntax"),
        ("[a]: 1\n", "yaml.key"),
        ("a: 1\n---\nb: 2\n", "yaml.syntax"),
    ],
)
def test_what_is_no_document_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as error:
        parse_yaml(text, "x.yaml")
    assert first(error)[0] == code


def test_aliases_are_refused() -> None:
    with pytest.raises(BadInput) as error:
        parse_yaml("a: &a [1]\nb: *a\n", "x.yaml")
    assert first(error)[:2] == ("yaml.alias", 2)


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000 + "x", "{a: " * 50_000])
def test_hostile_nesting_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="too deep"):
        parse_yaml(text, "x.yaml")


def test_missing_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_yaml(tmp_path / "none.yaml")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(BadInput, match="cannot be read as text"):
        read_yaml(tmp_path / "b.yaml")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadInput):
        parse_yaml(text, "x.yaml")
