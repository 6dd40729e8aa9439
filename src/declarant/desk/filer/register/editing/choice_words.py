"""What the choices of a register are called on a page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_WORDS: dict[str, Any] = {
    # kinds of person
    "legal": _("Legal person: a company, a foundation"),
    "natural": _("Natural person"),
    # answers
    "yes": _("Yes"),
    "no": _("No"),
    "unknown": _("Unknown"),
    # roles of contacts
    "certifying_officer": _("Certifying officer"),
    "preparer": _("Preparer"),
    "counsel": _("Counsel"),
    "technical": _("Technical"),
    # status of runs and machines
    "planned": _("Planned"),
    "in_progress": _("In progress"),
    "completed": _("Completed"),
    "aborted": _("Aborted"),
    "in_service": _("In service"),
    "installed": _("Installed, not powered"),
    "on_order": _("On order"),
    "rented": _("Rented"),
    "retired": _("Retired"),
    # possession of clusters
    "acquiring": _("Acquiring it"),
    "developing": _("Developing it"),
    "in_possession": _("In possession of it"),
    # purposes
    "pre_training": _("Pre-training"),
    "mid_training": _("Mid-training"),
    "fine_tuning": _("Fine-tuning"),
    "reinforcement_learning": _("Reinforcement learning"),
    "synthetic_data": _("Synthetic data that is not public"),
    "public_synthetic_data": _("Publicly accessible synthetic data"),
    "evaluation": _("Evaluation, red-teaming, diagnostics"),
    "experiment": _("Failed or exploratory experiment"),
    "teacher": _("Teacher model, for distillation"),
    "reward_model": _("Reward or value model"),
    "merged_model": _("Model whose weights were merged in"),
    "lost_steps": _("Steps lost to a crash or rolled back"),
    # shares
    "done": pgettext_lazy("share of a run", "Done"),
    # methods
    "architecture": _("Closed form, from the configuration and the tokens"),
    "short_form": _("Short form: 6 x parameters x tokens"),
    "trainer_log": _("The trainer's own figure, from its log"),
    "framework_counter": _("Framework counter: the tracker's ledger"),
    "chip_time": _("Chip time: accelerators x hours x peak x utilisation"),
    "hardware_counter": _("Hardware counters: metered telemetry"),
    "stated": _("Stated, with what it rests on"),
    # recomputation
    "none": _("None"),
    "full": _("Of everything"),
    # what was sent
    "notification": _("Notification"),
    "affirmation": _("Affirmation of no applicable activities"),
}


def choice_word(value: str) -> str:
    """Return what a choice is called; number formats and the like are called by their own name."""
    return str(_WORDS.get(value, value))


def choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return choices for a form, each with what it is called."""
    return [(value, choice_word(value)) for value in values]
