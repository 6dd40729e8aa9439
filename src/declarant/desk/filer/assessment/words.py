"""Words of the published forms as people read them, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERDICTS = {
    "reportable": _("Reportable"),
    "undetermined": _("Undetermined"),
    "not_reportable": _("Not reportable"),
}

WORDS = {
    # standing in time
    "current": _("current"),
    "planned": _("planned"),
    "outside": _("outside the period"),
    "unknown": _("unknown"),
    "never": _("never"),
    # against a limit
    "above": _("above"),
    "below": _("not above"),
    "straddles": _("may or may not be above"),
    # purposes of work
    "pre_training": _("pre-training"),
    "mid_training": _("mid-training"),
    "fine_tuning": _("fine-tuning"),
    "reinforcement_learning": _("reinforcement learning"),
    "synthetic_data": _("synthetic data"),
    "public_synthetic_data": _("public synthetic data"),
    "evaluation": _("evaluation"),
    "experiment": _("experiment"),
    "teacher": _("teacher model"),
    "reward_model": _("reward model"),
    "merged_model": _("merged model"),
    "lost_steps": _("lost steps"),
    # methods
    "architecture": _("closed form"),
    "chip_time": _("chip time"),
    "short_form": _("short form"),
    "trainer_log": _("trainer's log"),
    "framework_counter": _("framework counter"),
    "hardware_counter": _("hardware counter"),
    "stated": _("stated"),
    # shares of work
    "done": _("done"),
    # bases of a forecast
    "plan": _("plan"),
    "history": _("history"),
    "history and plan": _("history and plan"),
    # kinds of activity
    "training_run": _("training run"),
    "cluster": _("cluster"),
}
