from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.running import refused, run, run_json

CONFIGURATIONS = Path(__file__).parents[1] / "compute" / "configurations"
LLAMA = CONFIGURATIONS / "llama-3.1-405b.json"


def test_the_keys_that_others_build_on() -> None:
    found = run_json("estimate", LLAMA, "--tokens", "15.6e12")
    for amount in (
        found["parameters"]["total"],
        found["parameters"]["active"],
        found["short_form"],
        *found["terms"].values(),
        *found["model_operations"].values(),
        *found["executed_operations"].values(),
    ):
        assert str(int(amount)) == amount
    assert set(found["model_operations"]) == {"low", "best", "high"}
    assert sum(map(int, found["terms"].values())) == int(found["model_operations"]["best"])
    assert found["formula"]
    assert abs(int(found["short_form"]) / 3.80e25 - 1) < 0.005
    assert abs(int(found["model_operations"]["best"]) / 3.94e25 - 1) < 0.005


def test_recomputation_adds_a_third_to_what_is_executed_only() -> None:
    plain = run_json("estimate", LLAMA, "--tokens", "1e12")
    full = run_json("estimate", LLAMA, "--tokens", "1e12", "--recompute", "full")
    assert plain["model_operations"] == full["model_operations"]
    best = int(full["executed_operations"]["best"])
    assert best == pytest.approx(int(plain["executed_operations"]["best"]) * 4 / 3)


def test_people_see_terms_thresholds_and_what_is_not_counted() -> None:
    shown = run("estimate", LLAMA, "--tokens", "15.6e12").stdout
    for words in ("feed-forward", "attention core", "us-bis-702-7", "Not counted"):
        assert words in shown


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (["--tokens", "many"], "--tokens"),
        (["--tokens", "-5"], "--tokens"),
        (["--tokens", "0"], "--tokens"),
        (["--tokens", "nan"], "--tokens"),
        (["--tokens", "1.5"], "--tokens"),
        (["--tokens", "1e12", "--sequence-length", "0"], "--sequence-length"),
        (["--tokens", "1e12", "--recompute", "some"], "--recompute"),
        (["--tokens", "1e9999"], "--tokens"),
        (["--tokens", "1e12", "--trained-parameters", "1e30"], "--trained-parameters"),
        (["--tokens", "1e12", "--lora-rank", "1e30"], "--lora-rank"),
        (["--tokens", "1e12", "--lora-rank", "8", "--trained-parameters", "9"], "--lora-rank"),
    ],
)
def test_wrong_options_are_named(words: list[str], where: str) -> None:
    assert refused("estimate", LLAMA, *words)["where"] == where


def test_a_missing_key_is_named_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text('{"model_type": "llama", "hidden_size": 4096}')
    finding = refused("estimate", file, "--tokens", "1e12")
    assert "num_attention_heads" in finding["where"]
    assert str(file) in finding["where"]
