"""Parameters and operations of published models, against what their makers printed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from declarant.compute.architecture import (
    active_parameters,
    estimate,
    read_configuration,
    total_parameters,
)

CONFIGURATIONS = Path(__file__).parent / "configurations"


def near(found: int | Fraction | None, published: float, within: float) -> bool:
    assert found is not None
    return abs(float(found) / published - 1) <= within


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("llama-3.1-405b", 405.85),
        ("gpt3-small", 0.125),
        ("gpt3-13b", 12.85),
        ("gpt3-175b", 174.6),
        ("olmo-7b", 6.888),
        ("olmo-2-7b", 7.2986),
        ("olmo-2-13b", 13.716),
        ("olmoe-1b-7b", 6.92),
        ("palm-540b", 540.35),
        ("deepseek-v3", 671.0),
        ("mistral-7b", 7.2417),
        ("mixtral-8x7b", 46.7),
        ("qwen2-7b", 7.6156),
        ("qwen1.5-moe-a2.7b", 14.3),
        ("qwen3-8b", 8.19),
        ("qwen3-30b-a3b", 30.53),
        ("gemma-7b", 8.5377),
        ("gemma-2-9b", 9.2417),
        ("gemma-3-27b", 27.0),
        ("phi-2", 2.7797),
        ("phi-3-mini", 3.8211),
        ("falcon-7b", 6.9217),
        ("falcon-40b", 41.303),
        ("pythia-12b", 11.846),
        ("t5-11b", 11.307),
        ("vit-base-16", 0.0858),
        ("dit-xl-2", 0.675),
    ],
)
def test_parameters(name: str, billions: float) -> None:
    architecture = read_configuration(CONFIGURATIONS / f"{name}.json")
    assert near(total_parameters(architecture), billions * 1e9, within=0.002)


@pytest.mark.parametrize(
    ("name", "billions", "within"),
    [
        ("deepseek-v3", 37.0, 0.01),
        ("mixtral-8x7b", 12.88, 0.005),
        ("qwen3-30b-a3b", 3.35, 0.005),
        ("qwen1.5-moe-a2.7b", 2.69, 0.005),
        ("olmoe-1b-7b", 1.28, 0.005),
    ],
)
def test_active_parameters_of_mixtures(name: str, billions: float, within: float) -> None:
    architecture = read_configuration(CONFIGURATIONS / f"{name}.json")
    assert near(active_parameters(architecture), billions * 1e9, within)


@pytest.mark.parametrize(
    ("name", "tokens", "published", "within"),
    [
        # Brown et al. 2020, arXiv:2005.14165, table D.1 (2.25e20, 2.31e22, 3.14e23)
        ("gpt3-small", 300e9, 2.25e20, 0.005),
        ("gpt3-13b", 300e9, 2.31e22, 0.005),
        ("gpt3-175b", 300e9, 3.14e23, 0.005),
        # Chowdhery et al. 2022, arXiv:2204.02311, table 21
        ("palm-540b", 780e9, 2.5272e24, 0.005),
        # Llama Team 2024, arXiv:2407.21783
        ("llama-3.1-405b", 15.6e12, 3.80e25, 0.005),
        # OLMo Team 2024, arXiv:2501.00656: printed with two digits
        ("olmo-2-7b", 4.05e12, 1.8e23, 0.02),
        ("olmo-2-13b", 5.6e12, 4.6e23, 0.005),
    ],
)
def test_the_short_form_gives_the_published_operations(
    name: str, tokens: float, published: float, within: float
) -> None:
    architecture = read_configuration(CONFIGURATIONS / f"{name}.json")
    assert near(estimate(architecture, int(tokens)).short_form, published, within)


def test_the_closed_form_of_llama_405b_with_causal_attention() -> None:
    architecture = read_configuration(CONFIGURATIONS / "llama-3.1-405b.json")
    result = estimate(architecture, 15_600_000_000_000)
    assert result.sequence_length == 8192  # before the context was extended
    assert near(result.model_operations.best, 3.94e25, within=0.005)


def test_deepseek_v3_lies_in_the_span_of_conventions() -> None:
    architecture = read_configuration(CONFIGURATIONS / "deepseek-v3.json")
    result = estimate(architecture, 14_800_000_000_000)
    assert near(result.short_form, 3.3e24, within=0.01)
    assert result.model_operations.best is not None
    assert 3.3e24 < result.model_operations.best < 3.9e24


def test_a_window_costs_less_than_the_whole_sequence() -> None:
    windowed = read_configuration(CONFIGURATIONS / "mistral-7b.json")
    within = estimate(windowed, 10**12, sequence_length=4096).model_operations.best
    beyond = estimate(windowed, 10**12, sequence_length=32768).model_operations.best
    whole = estimate(
        read_configuration(
            {**_content("mistral-7b"), "sliding_window": None},
        ),
        10**12,
        sequence_length=32768,
    ).model_operations.best
    assert within is not None
    assert beyond is not None
    assert whole is not None
    assert within < beyond < whole


def _content(name: str) -> dict[str, object]:
    import json

    return dict(json.loads((CONFIGURATIONS / f"{name}.json").read_text()))
