"""The fan chart of a forecast: what is done, the plan with its bounds, and bands of drawn paths.

Bands are told apart by the dash of their outlines as well as by shade, lines by dash and legend,
limits by their labels. One specification serves page and paper (`plots.render`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from declarant.compute.forecast import Open, When
from declarant.determination.forecast import Forecast
from declarant.plots.fan_data import Limit, Panel, panels_of
from declarant.plots.fan_texts import texts_in
from declarant.plots.render import AXIS_OF_OPERATIONS, INK, MUTED, config
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

_HALO = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
_QUARTERS_AT = 10  # pixels from the top
_HEADROOM = 1.2
"""Of the highest line: keeps the labels of limits below those of the quarters."""

_EDGE = 1 / 20  # of the width, on either side, where a label in the middle would leave the picture
_EARLY = 2 / 5  # of the width: a limit passed in it has its label on the right, off the line


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
    keys = _keys(texts, panels)
    chart = alt.vconcat(*(_panel(panel, texts, keys) for panel in panels), spacing=36)
    spec: dict[str, Any] = chart.resolve_scale(color="shared", strokeDash="shared").to_dict(
        validate=False
    )
    spec["config"] = config()
    spec["description"] = " ".join(_about(panel, texts) for panel in panels)
    return spec


def _panel(panel: Panel, texts: Mapping[str, str], keys: Mapping[str, Any]) -> Any:
    import altair as alt

    logarithmic = _is_logarithmic(panel)
    limits = [limit for limit in panel.limits if _is_drawn(limit, panel, logarithmic)]
    highest = max(panel.top, *(limit.amount for limit in limits), 0.0) or 1.0
    lowest = _lowest(panel, limits) if logarithmic else 0.0
    highest *= (highest / lowest) ** (_HEADROOM - 1) if logarithmic else _HEADROOM
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
        axis=alt.Axis(labelExpr=AXIS_OF_OPERATIONS, tickCount=6),
    )
    layers = [
        *_bands(panel, texts, x, y, keys),
        *_lines(panel, texts, x, y, keys),
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
        title=alt.TitleParams(panel.name, subtitle=" · ".join(notes), offset=26),
    )


def _bands_of(panel: Panel) -> dict[str, tuple[tuple[date, float, float], ...]]:
    return {"bounds": panel.band if not panel.fan else (), **panel.fan}


def _lines_of(panel: Panel) -> dict[str, tuple[tuple[date, float], ...]]:
    return {"done": panel.done, "plan": panel.plan, "median": panel.median}


def _bands(
    panel: Panel, texts: Mapping[str, str], x: Any, y: Any, keys: Mapping[str, Any]
) -> list[Any]:
    import altair as alt

    layers = []
    for name, rows in _bands_of(panel).items():
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
        edge = alt.Chart(data).mark_line(strokeWidth=1).encode(**keys)
        layers += [edge.encode(x=x, y=y), edge.encode(x=x, y="high:Q")]
    return layers


def _lines(
    panel: Panel, texts: Mapping[str, str], x: Any, y: Any, keys: Mapping[str, Any]
) -> list[Any]:
    import altair as alt

    layers = []
    for name, rows in _lines_of(panel).items():
        values = [
            {"day": _day(day), "amount": amount, "series": texts[name]} for day, amount in rows
        ]
        if values:
            line = alt.Chart(alt.Data(values=values)).mark_line(strokeWidth=_WIDE[name])
            layers.append(line.encode(x=x, y=y, **keys))
    return layers


def _keys(texts: Mapping[str, str], panels: Sequence[Panel]) -> dict[str, Any]:
    """Return the encodings of dash and colour, with one legend for both, of what is drawn."""
    import altair as alt

    names = [texts[name] for name in _DASH]
    held = [{**_lines_of(panel), **_bands_of(panel)} for panel in panels]
    legend = alt.Legend(
        title=None,
        symbolType="stroke",
        symbolSize=600,
        orient="right",
        values=[texts[name] for name in _DASH if any(rows.get(name) for rows in held)],
    )
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

    layers = []
    for limit in limits:
        is_early = _passed(panel, limit.amount) < _EARLY
        day, align, dx = (panel.last, "right", -4) if is_early else (panel.first, "left", 4)
        values = [{"amount": limit.amount, "label": limit.label, "day": _day(day)}]
        base = alt.Chart(alt.Data(values=values)).encode(y=y)
        place = {"align": align, "baseline": "bottom", "dx": dx, "dy": -2}
        layers.append(base.mark_rule(color=INK, strokeDash=[10, 3, 2, 3], strokeWidth=1))
        layers += _text(base.encode(x="day:T"), place)
    return layers


def _passed(panel: Panel, amount: float) -> float:
    """Return where the lines pass an amount, from 0 (left) to 1 (right, or never)."""
    for day, done in (*panel.done, *panel.plan):
        if done >= amount:
            return _across(panel, day)
    return 1.0


def _across(panel: Panel, day: date) -> float:
    return (day - panel.first) / max(panel.last - panel.first, timedelta(days=1))


def _beside(panel: Panel, day: date) -> dict[str, Any]:
    """Return how a label stands at a day: in the middle, but off the picture's edges."""
    if _across(panel, day) < _EDGE:
        return {"align": "left", "dx": -4}
    return {"align": "right", "dx": 4} if _across(panel, day) > 1 - _EDGE else {"align": "center"}


def _dates(panel: Panel, texts: Mapping[str, str], x: Any) -> list[Any]:
    """Return the quarterly dates as ticks along the top, and the day of evaluation."""
    import altair as alt

    layers = []
    for quarter, day in panel.quarters:
        ticks = alt.Data(values=[{"day": _day(day), "label": quarter}])
        base = alt.Chart(ticks).encode(x=x)
        tick = base.mark_tick(color=INK, thickness=2, size=16, orient="vertical")
        layers.append(tick.encode(y=alt.value(0)))
        place = {"baseline": "top", **_beside(panel, day)}
        layers += _text(base.encode(y=alt.value(_QUARTERS_AT)), place)
    today = alt.Data(
        values=[{"day": _day(panel.as_of), "label": f"{texts['today']} {panel.as_of}"}]
    )
    on_day = alt.Chart(today).encode(x=x)
    is_early = _across(panel, panel.as_of) < 1 / 2
    # above the panel, where no line and no other label comes
    place = {"baseline": "bottom", "dy": -10, "align": "left" if is_early else "right"}
    return [
        *layers,
        on_day.mark_rule(color=MUTED, strokeWidth=1),
        *_text(on_day.encode(y=alt.value(0)), place),
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
