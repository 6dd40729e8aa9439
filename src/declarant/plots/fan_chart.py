"""The fan chart of a forecast: what is done, the plan with its bounds, and bands of drawn paths.

Bands are told apart by the dash of their outlines as well as by shade, lines by dash and legend,
limits by their labels. One specification serves page and paper (`plots.render`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from declarant.compute.forecast import Open, When
from declarant.determination.forecast import Forecast
from declarant.plots.fan_data import Limit, Panel, panels_of
from declarant.plots.fan_texts import texts_in
from declarant.plots.render import INK, MUTED, config
from declarant.quantities import show_interval

BLUE, ORANGE = "#005ea2", "#a23b00"
"""Of paths and of the plan; both exceed 4.5 : 1 on white, and differ in lightness for no reader."""

_DASH = {
    "done": (1, 0),
    "plan": (7, 4),
    "bounds": (2, 2),
    "median": (1, 0),
    "50": (10, 2),
    "80": (5, 2),
    "95": (1, 2),
}
_COLOUR = {"done": INK, "plan": ORANGE, "bounds": ORANGE}
_SHADE = {"95": 0.12, "80": 0.16, "50": 0.24}
_WIDE = {"done": 3.0, "plan": 2.0, "median": 2.5}
_SIZE = (640, 300)
_SHORT = 75  # days; a shorter time is told by weeks instead of months
_NEAR = (1 / 20, 4)
"""Of the greatest amount: with no limit between, a linear axis would show none of them."""

_AXIS_OF_OPERATIONS = "datum.value == 0 ? '0' : replace(format(datum.value, '.2~e'), 'e+', 'e')"
_HALO = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_QUARTERS_AT, _TODAY_AT = 10, 28  # pixels from the top


def fan_chart(forecast: Forecast, run: str | None = None, language: str = "en") -> dict[str, Any]:
    """Return the Vega-Lite specification of a forecast, one panel for each sum.

    Args:
        forecast: what to draw.
        run: draw also sums of this run that are all done.
        language: of the texts, "en" or "zh-Hant".

    Raises:
        BadInput: when there is no text in that language.
    """
    import altair as alt

    texts = texts_in(language)
    panels = panels_of(forecast, run)
    # scales are each panel's own: another panel's operations and days say nothing here
    chart = alt.vconcat(*(_panel(panel, texts) for panel in panels), spacing=36)
    spec: dict[str, Any] = chart.resolve_scale(color="shared", strokeDash="shared").to_dict()
    spec["config"] = config()
    spec["description"] = " ".join(_about(panel, texts) for panel in panels)
    return spec


def _panel(panel: Panel, texts: Mapping[str, str]) -> Any:
    import altair as alt

    logarithmic = _is_logarithmic(panel)
    limits = [limit for limit in panel.limits if _is_drawn(limit, panel, logarithmic)]
    highest = max([panel.top * 1.08, *(limit.amount * 1.12 for limit in limits)], default=1.0)
    lowest = _lowest(panel, limits) if logarithmic else 0.0
    x = alt.X("day:T", title=None, axis=_months(panel))
    scale = (
        alt.Scale(type="log", domain=[lowest, highest], clamp=True)
        if logarithmic
        else alt.Scale(domain=[0, highest], nice=False)
    )
    y = alt.Y(
        "amount:Q",
        title=texts["operations"],
        scale=scale,
        axis=alt.Axis(labelExpr=_AXIS_OF_OPERATIONS, tickCount=6),
    )
    layers = [
        *_bands(panel, texts, x, y),
        *_lines(panel, texts, x, y),
        *_rules(panel, limits, y),
        *_dates(panel, texts, x),
    ]
    notes = [texts["counted"].format(law=panel.shown.regime)]
    notes += [texts["logarithmic"]] if logarithmic else []
    notes += [texts["quarters"]] if panel.quarters else []
    hidden = [limit.label.replace("  ", " ") for limit in panel.limits if limit not in limits]
    notes += [f"{texts['not_drawn']}: {', '.join(hidden)}"] if hidden else []
    return alt.layer(*layers).properties(
        width=_SIZE[0],
        height=_SIZE[1],
        title=alt.TitleParams(panel.name, subtitle=" · ".join(notes)),
    )


def _bands(panel: Panel, texts: Mapping[str, str], x: Any, y: Any) -> list[Any]:
    import altair as alt

    held = {"bounds": panel.band if not panel.fan else (), **panel.fan}
    layers = []
    for name, rows in held.items():
        if not rows:
            continue
        data = alt.Data(
            values=[
                {"day": _day(day), "amount": low, "high": high, "series": texts[name]}
                for day, low, high in rows
            ]
        )
        area = alt.Chart(data).mark_area(
            color=_COLOUR.get(name, BLUE), fillOpacity=_SHADE.get(name, 0.14)
        )
        layers.append(area.encode(x=x, y=y, y2="high:Q"))
        edge = alt.Chart(data).mark_line(strokeWidth=1).encode(**_keys(texts))
        layers += [edge.encode(x=x, y=y), edge.encode(x=x, y="high:Q")]
    return layers


def _lines(panel: Panel, texts: Mapping[str, str], x: Any, y: Any) -> list[Any]:
    import altair as alt

    layers = []
    for name, rows in (("done", panel.done), ("plan", panel.plan), ("median", panel.median)):
        values = [
            {"day": _day(day), "amount": amount, "series": texts[name]} for day, amount in rows
        ]
        if values:
            line = alt.Chart(alt.Data(values=values)).mark_line(strokeWidth=_WIDE[name])
            layers.append(line.encode(x=x, y=y, **_keys(texts)))
    return layers


def _keys(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the encodings of dash and colour, with one legend for both."""
    import altair as alt

    names = [texts[name] for name in _DASH]
    legend = alt.Legend(title=None, symbolType="stroke", symbolSize=600, orient="right")
    return {
        "strokeDash": alt.StrokeDash(
            "series:N",
            scale=alt.Scale(domain=names, range=[list(dash) for dash in _DASH.values()]),
            legend=legend,
        ),
        "color": alt.Color(
            "series:N",
            scale=alt.Scale(domain=names, range=[_COLOUR.get(name, BLUE) for name in _DASH]),
            legend=legend,
        ),
    }


def _months(panel: Panel) -> Any:
    import altair as alt

    days = (panel.last - panel.first).days
    step: dict[str, Any] = {"interval": "month", "step": max(1, round(days / 30 / 12))}
    if days <= _SHORT:
        step = {"interval": "week", "step": 1}
    return alt.Axis(
        format="%Y-%m-%d" if days <= _SHORT else "%Y-%m",
        tickCount=alt.TimeIntervalStep(**step),
        labelOverlap=True,
        grid=False,
    )


def _rules(panel: Panel, limits: Sequence[Limit], y: Any) -> list[Any]:
    import altair as alt

    data = alt.Data(
        values=[
            {"amount": limit.amount, "label": limit.label, "day": _day(panel.first)}
            for limit in limits
        ]
    )
    base = alt.Chart(data).encode(y=y)
    rule = base.mark_rule(color=INK, strokeDash=[10, 3, 2, 3], strokeWidth=1)
    place = {"align": "left", "baseline": "bottom", "dx": 4, "dy": -2}
    return [rule, *_text(base.encode(x="day:T"), place)]


def _dates(panel: Panel, texts: Mapping[str, str], x: Any) -> list[Any]:
    """Return the quarterly dates as ticks along the top, and the day of evaluation."""
    import altair as alt

    ticks = alt.Data(
        values=[{"day": _day(day), "label": quarter} for quarter, day in panel.quarters]
    )
    quarters = alt.Chart(ticks).encode(x=x)
    today = alt.Data(
        values=[{"day": _day(panel.as_of), "label": f"{texts['today']} {panel.as_of}"}]
    )
    on_day = alt.Chart(today).encode(x=x)
    is_early = panel.as_of - panel.first < (panel.last - panel.first) / 3
    beside = {"align": "left", "dx": 4} if is_early else {"align": "right", "dx": -4}
    return [
        quarters.mark_tick(color=INK, thickness=2, size=16, orient="vertical").encode(
            y=alt.value(0)
        ),
        *_text(quarters.encode(y=alt.value(_QUARTERS_AT)), {"baseline": "top"}),
        on_day.mark_rule(color=MUTED, strokeWidth=1),
        *_text(on_day.encode(y=alt.value(_TODAY_AT)), {"baseline": "top", **beside}),
    ]


def _text(base: Any, place: Mapping[str, Any]) -> list[Any]:
    """Return a label with a white rim under it, so that a line behind does not strike it out."""
    written = base.encode(text="label:N")
    return [
        written.mark_text(fontSize=11, **_HALO, **place),
        written.mark_text(fontSize=11, color=INK, **place),
    ]


def _is_logarithmic(panel: Panel) -> bool:
    near = [panel.top * share for share in _NEAR]
    amounts = [limit.amount for limit in panel.limits]
    return bool(amounts) and panel.top > 0 and not any(near[0] <= a <= near[1] for a in amounts)


def _is_drawn(limit: Limit, panel: Panel, logarithmic: bool) -> bool:
    return logarithmic or panel.top * _NEAR[0] / 2 <= limit.amount <= panel.top * _NEAR[1]


def _lowest(panel: Panel, limits: Sequence[Limit]) -> float:
    least = [limit.amount / 2 for limit in limits]
    return min([panel.top / 1000, *least])


def _day(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def _about(panel: Panel, texts: Mapping[str, str]) -> str:
    """Return the text alternative: what the picture shows, with its figures."""
    parts = [texts["about"].format(name=panel.name, first=panel.first, last=panel.last)]
    now, at_end = show_interval(panel.shown.now), show_interval(panel.shown.at_end)
    parts.append(texts["counted"].format(law=panel.shown.regime) + ".")
    parts.append(texts["about_done"].format(amount=now, day=panel.as_of))
    parts.append(texts["about_plan"].format(amount=at_end))
    for limit in panel.limits:
        first = limit.sums[0]
        label = limit.label.replace("  ", ", ")
        plan = _when(first.crossing.likely, texts)
        parts.append(texts["about_limit"].format(label=label, plan=plan))
        best = first.drawn.best if first.drawn else None
        if best is not None and not first.has_passed(panel.as_of):
            early, half, late = (best.quantile(share) for share in (0.1, 0.5, 0.9))
            if isinstance(half, date):
                parts.append(texts["about_paths"].format(half=half, early=early, late=late))
    return " ".join(parts)


def _when(when: When, texts: Mapping[str, str]) -> str:
    if isinstance(when, Open):
        return texts[when.value]
    return texts["on"].format(day=when)
