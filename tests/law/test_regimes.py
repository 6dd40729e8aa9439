"""Every regime that comes with the product: it is in order, and its worked cases hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from declarant.compute.ledger import Purpose
from declarant.law import Citation, Text, load_regime, regime_ids
from declarant.law.cases import count_cases, failed_cases
from declarant.law.counting import PURPOSE_NAMES, PURPOSES
from declarant.law.loading import FOLDER
from declarant.problems import BadInput

CASES = sorted(FOLDER.glob("*/cases/*.yaml"))
# words of other places, and characters of the simplified script, that Taiwan does not write
FOREIGN_WORDS = ("算力", "集群", "網絡", "信息", "軟件", "硬件", "數據", "默認", "質量", "視頻")
SIMPLIFIED = set("规则运训练义务报问应当网络资门槛类权产业处罚开发实机计时间数据与为达单个这")


def everything_in(value: Any) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for _, inner in value:
            yield from everything_in(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from everything_in(inner)


@pytest.mark.parametrize("file", CASES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_worked_cases_hold(file: Path) -> None:
    regime = load_regime(file.parent.parent.name)
    assert count_cases(file) > 0
    assert [str(finding) for finding in failed_cases(regime, file)] == []


def test_each_regime_has_worked_cases() -> None:
    assert {file.parent.parent.name for file in CASES} == set(regime_ids())


def test_a_wrong_case_is_found_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(
        "clocks:\n"
        "  - {what: right, duty: answer, from: 2026-12-20, due: 2027-01-19}\n"
        "  - {what: wrong, duty: answer, from: 2026-12-20, due: 2027-01-20}\n"
        "limits:\n"
        "  - {what: at it, activity: training, limit: operations, on: 2026-01-01,"
        " amount: 1e26, exceeded: true}\n"
        "status:\n"
        "  - {on: 2026-11-22, state: in_force, in_force: true}\n"
    )
    findings = list(failed_cases(load_regime("us-bis-702-7"), file))
    assert [finding.where.line for finding in findings] == [3, 5, 7]
    assert "expected 2027-01-20, got 2027-01-19" in findings[0].what


def test_known_regimes() -> None:
    assert regime_ids() == ("eu-ai-act-gpai", "us-bis-702-7", "us-ca-sb53", "us-ny-raise")


def test_unknown_regime_names_the_known_and_the_nearest() -> None:
    with pytest.raises(BadInput) as caught:
        load_regime("us-bis-7027")
    assert "Did you mean 'us-bis-702-7'?" in str(caught.value)
    assert "eu-ai-act-gpai" in str(caught.value)


def test_purposes_are_those_of_the_ledger() -> None:
    assert set(PURPOSES) == {purpose.value for purpose in Purpose} == set(PURPOSE_NAMES)


@pytest.mark.parametrize("regime_id", regime_ids())
def test_every_purpose_is_treated_and_what_is_open_has_a_reading(regime_id: str) -> None:
    regime = load_regime(regime_id)
    assert {rule.purpose for rule in regime.counting} == set(PURPOSES)
    for rule in (*regime.counting, regime.recomputation_rule, regime.stages_rule):
        if rule.treatment == "open":
            assert rule.reading is not None
            assert regime.reading(rule.reading).applies_to == "training_run"


@pytest.mark.parametrize("regime_id", regime_ids())
def test_texts_stand_in_both_languages(regime_id: str) -> None:
    texts = [item for item in everything_in(load_regime(regime_id)) if isinstance(item, Text)]
    assert len(texts) > 40
    for text in texts:
        chinese = text.in_language("zh-Hant")
        assert any("\u4e00" <= character <= "\u9fff" for character in chinese), text
        assert not [word for word in FOREIGN_WORDS if word in chinese], chinese
        assert not set(chinese) & SIMPLIFIED, chinese
        assert not any("\u4e00" <= character <= "\u9fff" for character in text.en), text


@pytest.mark.parametrize("regime_id", regime_ids())
def test_every_citation_can_be_followed(regime_id: str) -> None:
    regime = load_regime(regime_id)
    citations = [item for item in everything_in(regime) if isinstance(item, Citation)]
    assert len(citations) > 20
    addressed = [c for c in citations if c.url]
    assert all(c.url and c.url.startswith("https://") for c in addressed)
    assert all(c.check for c in citations if not c.url), "no address: it must at least be checked"


def test_text_refuses_other_languages() -> None:
    with pytest.raises(BadInput, match="zh-Hant"):
        Text(en="words", zh_hant="文字").in_language("fr")
