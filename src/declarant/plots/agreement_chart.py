"""The methods for each part of a run as a picture: interval and best value, method by method."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from declarant.compute.ledger import Method
from declarant.compute.reconcile import Agreement, Figure
from declarant.plots.render import AXIS_OF_OPERATIONS, INK, MUTED, config
from declarant.quantities import Interval, show_interval, show_operations

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Methods side by side",
        "subtitle": "A line spans the interval, a mark stands at the best value; a triangle at the "
        "right edge means that no upper bound is known.",
        "axis": "operations",
        "model": "model operations",
        "executed": "executed operations",
        "column": "column",
        "used": "used in totals",
        "agree": "agree",
        "disagree": "disagree",
        "alone": "no second figure to compare",
    },
    "zh-Hant": {
        "title": "各方法並列",
        "subtitle": "線段為區間，標記為最佳值；右緣之三角形表示上限未知。",
        "axis": "運算次數",
        "model": "模型運算",
        "executed": "執行運算",
        "column": "欄位",
        "used": "用於總計",
        "agree": "一致",
        "disagree": "不一致",
        "alone": "無可比較之第二數字",
    },
}
METHODS: dict[Method, str] = {
    Method.ARCHITECTURE: "模型架構",
    Method.SHORT_FORM: "簡式",
    Method.FRAMEWORK_COUNTER: "框架計數器",
    Method.TRAINER_LOG: "訓練程式紀錄",
    Method.CHIP_TIME: "晶片時間",
    Method.HARDWARE_COUNTER: "硬體計數器",
    Method.STATED: "自行陳報",
}
"""Names of the methods in Traditional Chinese."""
_COLOURS = {"model": "#005ea2", "executed": "#8a3b00"}
_BEYOND = Fraction(13, 10)  # an open interval is drawn this far beyond the greatest value


def agreement_chart(agreements: Sequence[Agreement], language: str = "en") -> dict[str, Any]:
    """Return the Vega-Lite specification, with its data and a text alternative in it.

    Args:
        agreements: one panel each, in their order; those without a figure are left out.
        language: "en" or "zh-Hant".
    """
    import altair as alt

    text = TEXTS[language]
    rows = [row for item in agreements for row in _rows(item, text, language)]
    parts = list(dict.fromkeys(row["part"] for row in rows))
    axis = alt.Axis(labelExpr=AXIS_OF_OPERATIONS, grid=True, tickCount=6)
    across = alt.X(
        "low:Q", title=text["axis"], axis=axis, scale=alt.Scale(zero=False, nice=False, padding=14)
    )
    columns = [text["model"], text["executed"]]
    colour = alt.Color(
        "column:N",
        title=text["column"],
        scale=alt.Scale(domain=columns, range=[_COLOURS["model"], _COLOURS["executed"]]),
    )
    lane = {
        "y": alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=320)),
        "yOffset": alt.YOffset("column:N", sort=columns),
    }
    base = alt.Chart(alt.Data(values=rows))
    spans = base.mark_rule(strokeWidth=3).encode(
        x=across,
        x2="high:Q",
        color=colour,
        strokeDash=alt.StrokeDash(
            "column:N", legend=None, scale=alt.Scale(domain=columns, range=[[1, 0], [5, 3]])
        ),
        **lane,
    )
    # a span of no width, such as 0 to 0 without a best value, would leave no trace without them
    cap = base.mark_tick(orient="vertical", thickness=2, size=8, opacity=1)
    caps = [
        cap.encode(x="low:Q", color=colour, **lane),
        cap.transform_filter("!datum.open").encode(x="high:Q", color=colour, **lane),
    ]
    bests = (
        base.transform_filter("datum.best !== null")
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x="best:Q",
            color=colour,
            shape=alt.Shape(
                "column:N",
                title=text["column"],
                scale=alt.Scale(domain=columns, range=["circle", "diamond"]),
            ),
            **lane,
        )
    )
    ends = (
        base.transform_filter("datum.open")
        .mark_point(shape="triangle-right", filled=True, size=80, color=MUTED)
        .encode(x="high:Q", **lane)
    )
    panel = alt.layer(spans, *caps, bests, ends).properties(width=460, height=alt.Step(16))
    chart = panel.facet(
        row=alt.Row(
            "part:N",
            title=None,
            sort=parts,
            header=alt.Header(
                labelAnchor="start",
                labelOrient="top",
                labelColor=INK,
                labelFontWeight="bold",
                labelPadding=2,
            ),
        )
    ).resolve_scale(x="independent", y="independent")
    spec: dict[str, Any] = chart.properties(
        title={"text": text["title"], "subtitle": text["subtitle"]}
    ).to_dict(validate=False)
    spec["description"] = _in_words(agreements, text, language)
    spec["config"] = config()
    return spec


def _rows(agreement: Agreement, text: dict[str, str], language: str) -> list[dict[str, Any]]:
    known = [
        (figure, column, amount)
        for figure in agreement.figures
        for column, amount in (("model", figure.model), ("executed", figure.executed))
        if amount is not None
    ]
    greatest = max(
        (
            bound
            for _, _, amount in known
            for bound in (amount.high, amount.low)
            if bound is not None
        ),
        default=Fraction(0),
    )
    return [
        {
            "part": f"{agreement.part}: {_standing(agreement, text)}",
            "label": _label(figure, text, language),
            "column": text[column],
            "low": float(amount.low),
            "best": None if amount.best is None else float(amount.best),
            "high": float(greatest * _BEYOND if amount.high is None else amount.high),
            "open": amount.high is None,
        }
        for figure, column, amount in known
    ]


def _label(figure: Figure, text: dict[str, str], language: str) -> str:
    named = figure.method.value.replace("_", " ")
    name = METHODS[figure.method] if language == "zh-Hant" else named
    return f"{name} ({text['used']})" if figure.segment.preferred else name


def _standing(agreement: Agreement, text: dict[str, str]) -> str:
    if agreement.agree is None:
        return text["alone"]
    return text["agree"] if agreement.agree else text["disagree"]


def _in_words(agreements: Sequence[Agreement], text: dict[str, str], language: str) -> str:
    def said(figure: Figure) -> str:
        amounts: list[tuple[str, Interval | None]] = [
            (text["model"], figure.model),
            (text["executed"], figure.executed),
        ]
        shown = ", ".join(f"{name} {show_interval(item)}" for name, item in amounts if item)
        return f"{_label(figure, text, language)}: {shown or show_operations(None)}"

    return " ".join(
        f"{item.part}, {_standing(item, text)}. " + "; ".join(map(said, item.figures)) + "."
        for item in agreements
    )
