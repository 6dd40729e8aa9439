"""What the page of parts shows: invented runs, figures and dates, and a form of every control."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from django import forms

from declarant.desk.site.forms import DayInput, DayParts
from declarant.desk.site.parts import Figure, Moment
from declarant.desk.site.tables import Cell, Column, Table
from declarant.plots.render import AXIS_OF_OPERATIONS, config
from declarant.quantities import Interval


class SampleForm(forms.Form):
    """One field for each kind of control."""

    fieldsets = [("The training run", ["name", "begun", "planned", "stage"])]

    name = forms.CharField(label="Name of the run", help_text="As your engineers call it.")
    begun = forms.DateField(label="First day", widget=DayInput)
    planned = forms.DateField(
        label="Planned end",
        widget=DayParts,
        required=False,
        help_text="Year, month, day: 2027 4 15",
    )
    stage = forms.ChoiceField(
        label="Stage",
        widget=forms.RadioSelect,
        choices=[("pre", "Pre-training"), ("fine", "Fine-tuning")],
    )
    kind = forms.ChoiceField(label="Architecture", choices=[("", "Choose one"), ("d", "Dense")])
    formats = forms.MultipleChoiceField(
        label="Number formats",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("bf16", "bfloat16"), ("fp8", "FP8")],
    )
    amount = forms.CharField(label="Operations", required=False, help_text="Such as 1.2e26.")
    note = forms.CharField(label="Reason", widget=forms.Textarea, max_length=500)
    evidence = forms.FileField(label="Evidence", required=False, help_text="At most 2 GB.")
    sure = forms.BooleanField(label="I have read the determination", help_text="All of it.")


def parts() -> dict[str, Any]:
    """Return the values of the other parts."""
    columns = [
        Column("Run"),
        Column("Stage"),
        Column("Operations", numeric=True),
        Column("Share of the limit", numeric=True),
        Column("Verdict"),
    ]
    rows = [
        [
            Cell("atlas-2", "#"),
            "pre-training",
            "1.20e26",
            "120 %",
            Cell("Reportable", kind="error"),
        ],
        [Cell("atlas-2-chat", "#"), "fine-tuning", "4.00e24", "4 %", Cell("Below", kind="success")],
        [Cell("borealis", "#"), "pre-training", "9.60e25", "96 %", Cell("Open", kind="warning")],
    ]
    return {
        "runs": Table("Training runs", columns, rows, note="Model operations, best value."),
        "cards": [
            Figure("Reportable now", 2, "1 run, 1 cluster", "#", "error", "Filing due"),
            Figure("May become so", 1, "borealis, in February 2027", "#", "warning", "Watch"),
            Figure("Next date", "15 April", "Notification for 2027Q1", "#"),
            Figure("Questions open", 0, "Last answered 3 March 2027", None, "success", "Done"),
        ],
        "moments": [
            Moment(
                datetime(2027, 1, 15, 17, 4, tzinfo=UTC), "Notification sent", "2026Q4", "#", "done"
            ),
            Moment(date(2027, 2, 26), "Answers to question 3", "Held by Kim Lee", "#", "overdue"),
            Moment(date(2027, 4, 15), "Notification for 2027Q1", "", "#", "due"),
        ],
        "terms": [
            ("Model", "Atlas 2"),
            ("Period", "3 November 2026 to 28 February 2027"),
            ("Evidence", "config.json, train.log, sacct.txt"),
        ],
        "names": ["Contents", "Checks", "Statements", "Signature", "Sending"],
        "amount": Fraction(12 * 10**25),
        "span": Interval(Fraction(8 * 10**24), Fraction(10**25), Fraction(12 * 10**24)),
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "signed": datetime(2027, 1, 15, 17, 4, tzinfo=UTC),
        "spec": _bars(),
        "figures_of_spec": Table(
            "Operations by run",
            [Column("Run"), Column("Operations", numeric=True)],
            [["atlas-2", "1.20e26"], ["borealis", "9.60e25"], ["atlas-2-chat", "4.00e24"]],
        ),
    }


def _bars() -> dict[str, Any]:
    values = [
        {"run": "atlas-2", "operations": 1.2e26},
        {"run": "borealis", "operations": 9.6e25},
        {"run": "atlas-2-chat", "operations": 4e24},
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": "Operations by run: atlas-2 1.2e26, borealis 9.6e25, atlas-2-chat 4e24.",
        "config": config(),
        "width": 560,
        "height": 150,
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "bar", "color": "#005ea2", "tooltip": True},
                "encoding": {
                    "y": {"field": "run", "type": "nominal", "sort": None, "title": None},
                    "x": {
                        "field": "operations",
                        "type": "quantitative",
                        "axis": {"labelExpr": AXIS_OF_OPERATIONS, "tickCount": 6},
                    },
                },
            },
            {
                "mark": {"type": "rule", "strokeDash": [6, 4], "strokeWidth": 2},
                "encoding": {"x": {"datum": 1e26}},
            },
        ],
    }
