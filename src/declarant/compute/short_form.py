"""The short form: 6 operations for each active parameter and token."""

from __future__ import annotations

FORMULA_VERSION = "short-form/1"


def short_form(active_parameters: int, tokens: int) -> int:
    """Return 6 x active parameters x tokens: 2 forward and 4 backward for each weight and token.

    The published figures that use this form (GPT-3, PaLM, Llama 3.1, OLMo 2) count *all*
    parameters of a dense model, the embedding included; of a mixture of experts, those that one
    token passes through. It knows no attention: 3 to 7 % low at 8,192 tokens of context, far
    more beyond. Kaplan et al. 2020, arXiv:2001.08361, section 2.1; C(2025) 5045, annex A.2.

    Raises:
        ValueError: when an amount is negative.
    """
    if active_parameters < 0 or tokens < 0:
        raise ValueError("neither parameters nor tokens can be negative")
    return 6 * active_parameters * tokens
