"""Every run's operations over time against every limit, in one picture.

Runs are told apart by dash and by the label at the end of their line, not by colour alone. What is
planned is drawn thinner than what is done; limits are lines across, named at their left end.
"""

from __future__ import annotations

import math
from typing import Any

from declarant.determination.forecast import Forecast
from declarant.plots.fan_data import Panel, panels_of
from declarant.plots.render import AXIS_OF_OPERATIONS, INK, MUTED, config

_COLOURS = ("#005ea2", "#a23b00", "#2e6276", "#7a1b56", "#4d5a00", "#4b3fa0")
"""Each exceeds 4.5 : 1 on white."""

_DASHES = ([1, 0], [8, 3], [2, 2], [10, 3, 2, 3], [4, 4], [12, 2])
_SIZE = (760, 320)
_MOST = 6  # lines; a picture of more tells nothing, the table beside it holds them all
_FLOOR = 1e-4  # of the greatest limit: what is less is at the bottom of the picture

_TEXTS = {
    "en": {
        "operations": "operations, cumulative",
        "day": "day",
        "about": "Operations of {count} training runs over time, against limits of {limits}.",
        "today": "today",
    },
    "zh-Hant": {
        "operations": "累計運算次數",
        "day": "日期",
        "about": "{count} 項訓練作業之累計運算次數，與門檻 {limits} 相較。",
        "today": "今日",
    },
}


def timeline_chart(forecast: Forecast, language: str = "en") -> dict[str, Any] | None:
    """Return the Vega-Lite specification; None when no run has an amount above nothing.

    Only the runs that come nearest to a limit are drawn, six at most.
    """
    import altair as alt

    texts = _TEXTS[language]
    panels = sorted(panels_of(forecast), key=lambda panel: -panel.top)[:_MOST]
    panels = [panel for panel in panels if panel.top > 0]
    limits = {limit.amount: limit.label for panel in panels for limit in panel.limits}
    if not panels or not limits:
        return None
    lowest = max(limits) * _FLOOR
    names = [panel.name for panel in panels]
    scale = {
        "color": alt.Scale(domain=names, range=list(_COLOURS[: len(names)])),
        "dash": alt.Scale(domain=names, range=list(_DASHES[: len(names)])),
    }
    values = [point for panel in panels for point in _points(panel, lowest)]
    top = max(*(point["operations"] for point in values), *limits) * 3
    y = alt.Y(
        "operations:Q",
        title=texts["operations"],
        scale=alt.Scale(type="log", domain=[lowest, top]),
        axis=alt.Axis(labelExpr=AXIS_OF_OPERATIONS, values=_powers_of_ten(lowest, top)),
    )
    lines = (
        alt.Chart(alt.Data(values=values))
        .mark_line(interpolate="linear")
        .encode(
            x=alt.X("day:T", title=texts["day"]),
            y=y,
            color=alt.Color("run:N", scale=scale["color"], title=None),
            strokeDash=alt.StrokeDash("run:N", scale=scale["dash"], title=None),
            strokeWidth=alt.StrokeWidth(
                "state:N", scale=alt.Scale(domain=["done", "planned"], range=[3, 1.5]), legend=None
            ),
            detail="state:N",
        )
    )
    first = min(point["day"] for point in values)
    rules = alt.Chart(
        alt.Data(
            values=[
                {"operations": amount, "label": label, "day": first}
                for amount, label in sorted(limits.items())
            ]
        )
    )
    today = alt.Chart(
        alt.Data(values=[{"day": forecast.as_of.isoformat(), "label": texts["today"]}])
    )
    chart = alt.layer(
        rules.mark_rule(color=INK, strokeWidth=1.2).encode(y="operations:Q"),
        lines,
        rules.mark_text(align="left", dx=4, dy=-6, color=INK, fontSize=11).encode(
            x="day:T", y="operations:Q", text="label:N"
        ),
        today.mark_rule(color=MUTED, strokeDash=[2, 3]).encode(x="day:T"),
        today.mark_text(align="left", dx=4, baseline="bottom", color=MUTED, fontSize=11).encode(
            x="day:T", y=alt.value(_SIZE[1] - 4), text="label:N"
        ),
    ).properties(width=_SIZE[0], height=_SIZE[1])
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec["config"] = config()
    spec["description"] = texts["about"].format(
        count=len(panels), limits=", ".join(label for _, label in sorted(limits.items()))
    )
    return spec


def _powers_of_ten(lowest: float, top: float) -> list[float]:
    return [10.0**power for power in range(math.ceil(math.log10(lowest)), int(math.log10(top)) + 1)]


def _points(panel: Panel, lowest: float) -> list[dict[str, Any]]:
    return [
        {"run": panel.name, "day": day.isoformat(), "operations": amount, "state": state}
        for state, line in (("done", panel.done), ("planned", panel.plan))
        for day, amount in line
        if amount >= lowest
    ]
