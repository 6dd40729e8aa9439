"""The four classes of checks: every code of the middle is entered, and none that is not there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import declarant
from declarant.clusters.readers.registry import readers as cluster_readers
from declarant.compute.readers.registry import readers as log_readers
from declarant.filing.check_classes import (
    CODES,
    FAMILIES,
    READERS,
    CheckClass,
    blocks,
    class_of,
    known_class,
    needs_reason,
)
from declarant.problems import Finding, Severity

ROOT = Path(declarant.__file__).parent
OUTSIDE = {"cli", "desk"}
# what makes a finding: the parts themselves, and what small functions beside the rules are called
MAKERS = {"Finding", "bad_input", "error", "finding", "remark", "add"} | {
    f"_{name}" for name in ("finding", "note", "wrong", "doubt", "refused", "add")
}


def _text(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an argument can be; a part worked out at run time is a star."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values
        )
    elif isinstance(node, ast.IfExp):
        yield from _text(node.body)
        yield from _text(node.orelse)


def _codes(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        given = [*node.args[:1], *(item.value for item in node.keywords if item.arg == "code")]
        if name == "wrong":  # exchange/checking_passages.py: At.wrong
            yield from (f"answer.{text}" for item in node.args[:1] for text in _text(item))
        elif name in MAKERS:
            texts = (text for item in (*given, *node.args[1:2]) for text in _text(item))
            yield from (text for text in texts if _is_code(text))


def _is_code(text: str) -> bool:
    family, dot, name = text.partition(".")
    words = (family + name).replace("*", "").replace("-", "").replace("_", "")
    return bool(dot and name) and words.isalpha() and words.islower()


@pytest.fixture(scope="module")
def found() -> frozenset[str]:
    files = (file for file in ROOT.rglob("*.py") if file.relative_to(ROOT).parts[0] not in OUTSIDE)
    return frozenset(code for file in files for code in _codes(file))


def test_the_search_finds_codes_of_every_kind(found: frozenset[str]) -> None:
    assert {"schema.value", "answer.missing", "evidence.undated", "reply.person"} <= found
    assert {"file.unreadable", "cluster.*", "law.due", "sacct.requeued"} <= found
    assert len(found) > 450


def test_every_code_of_the_middle_is_entered(found: frozenset[str]) -> None:
    """When this fails: enter the family, or the code, in filing/check_classes.py."""
    left = sorted(code for code in found if not code.startswith("*") and known_class(code) is None)
    assert left == []


def test_every_reader_is_entered() -> None:
    """Codes such as f"{format}.no_steps" begin with the reader's name."""
    names = {name.replace("-", "_") for name in (*log_readers(), *cluster_readers())}
    assert names <= set(READERS)


def test_no_entry_is_left_over(found: frozenset[str]) -> None:
    worked_out = {"answer.former_unknown", "answer.leap", "answer.not_corrected"} | {
        "answer.not_returned",
        "calendar.not_compared",
        "form.not_compared",
        "offline.tidied",
        "offline.unknown_basis",
    }
    spelt = {code.replace("-", "_") for code in found}
    assert set(CODES) - spelt - worked_out == set()
    assert {code.partition(".")[0] for code in CODES} <= set(FAMILIES)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("schema.value", CheckClass.SYNTACTIC),
        ("yaml.syntax", CheckClass.SYNTACTIC),
        ("answer.type", CheckClass.SYNTACTIC),
        ("slurm-topology.xml_unsafe", CheckClass.SYNTACTIC),
        ("answer.range", CheckClass.VALIDITY),
        ("activity.verdict", CheckClass.VALIDITY),
        ("contacts.one_person", CheckClass.VALIDITY),
        ("statement.not_ticked", CheckClass.VALIDITY),
        ("signature.content_changed", CheckClass.VALIDITY),
        ("plausibility.utilisation_outside", CheckClass.QUALITY),
        ("megatron_log.went_back", CheckClass.QUALITY),
        ("evidence.undated", CheckClass.QUALITY),
        ("document.late", CheckClass.QUALITY),
        ("plausibility.methods_disagree", CheckClass.CROSS_RECORD),
        ("wandb-offline.tokens_disagree", CheckClass.CROSS_RECORD),
        ("answer.leap", CheckClass.CROSS_RECORD),
    ],
)
def test_classes(code: str, expected: CheckClass) -> None:
    assert class_of(code) is expected


@pytest.mark.parametrize("code", ["answer.range", "document.late", "answer.leap", "json.syntax"])
@pytest.mark.parametrize("severity", list(Severity))
def test_a_finding_blocks_or_needs_a_reason_or_is_told(code: str, severity: Severity) -> None:
    finding = Finding(code, "x", severity=severity)
    is_note = severity is Severity.NOTE
    assert blocks(finding) + needs_reason(finding) == (0 if is_note else 1)
    if not is_note:
        blocking = (CheckClass.SYNTACTIC, CheckClass.VALIDITY)
        assert blocks(finding) == (class_of(finding) in blocking)


def test_a_code_of_a_later_version_is_taken_strictly() -> None:
    assert known_class("future.code") is None
    assert blocks(Finding("future.code", "x", severity=Severity.ERROR))
    assert needs_reason(Finding("future.code", "x", severity=Severity.WARNING))
    assert class_of("future.code") is CheckClass.VALIDITY
