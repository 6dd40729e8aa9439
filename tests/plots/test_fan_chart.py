"""The picture of a forecast: what it shows, in both languages, for those who cannot see it too."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from tests.determination.forecast.test_forecast import done, foretell, log, rest
from tests.determination.made import facts

from declarant.determination.forecast import Forecast
from declarant.plots.fan_chart import fan_chart
from declarant.plots.fan_data import panels_of
from declarant.plots.fan_texts import TEXTS
from declarant.plots.render import render
from declarant.problems import BadInput
from declarant.quantities import Interval


@cache
def planned() -> Forecast:
    amount = Interval.between(5 * 10**25, 2 * 10**26, 10**26)
    return foretell(facts(done(), rest(amount)))


@cache
def measured() -> Forecast:
    return foretell(facts(done(), rest(10**26)), log())


@cache
def drawn() -> dict[str, Any]:
    return fan_chart(measured())


def series(spec: Any) -> set[str]:
    found: set[str] = set()
    if isinstance(spec, dict):
        if isinstance(spec.get("series"), str):
            found.add(spec["series"])
        for value in spec.values():
            found |= series(value)
    elif isinstance(spec, list):
        for value in spec:
            found |= series(value)
    return found


def test_a_plan_has_bounds_and_no_paths() -> None:
    assert series(fan_chart(planned())) == {"done so far", "plan, best value", "plan, bounds"}


def test_a_log_adds_a_median_and_three_bands() -> None:
    assert series(drawn()) == {
        "done so far",
        "plan, best value",
        "median path",
        "50 of 100 paths",
        "80 of 100 paths",
        "95 of 100 paths",
    }


def test_every_line_has_a_dash_and_no_two_in_one_colour_share_it() -> None:
    found = json.loads(json.dumps(drawn()))
    encoded = find(found, "strokeDash")
    dashes = next(item["scale"] for item in encoded if "scale" in item)
    colours = next(item["scale"] for item in find(found, "color") if "scale" in item)
    looks = [
        (tuple(dash), colour)
        for dash, colour in zip(dashes["range"], colours["range"], strict=True)
    ]
    assert len(looks) == len(set(looks)) == 7


def test_the_legend_lists_what_is_drawn_and_nothing_else() -> None:
    for made in (planned(), measured(), foretell(facts(done()))):
        spec = json.loads(json.dumps(fan_chart(made)))
        legends = [item["values"] for item in find(spec, "legend") if "values" in item]
        assert legends
        assert all(set(listed) == series(spec) for listed in legends)


def test_the_fan_begins_where_the_done_line_ends() -> None:
    panel = panels_of(measured())[0]
    day, amount = panel.done[-1]
    assert panel.plan[0] == panel.median[0] == (day, amount)
    assert panel.fan
    for rows in panel.fan.values():
        assert rows[0] == (day, amount, amount)
        days = [each for each, _, _ in rows]
        assert days == sorted(set(days))


def find(spec: Any, key: str) -> list[Any]:
    if isinstance(spec, list):
        return [item for value in spec for item in find(value, key)]
    if not isinstance(spec, dict):
        return []
    here = [spec[key]] if isinstance(spec.get(key), dict) else []
    return here + [item for value in spec.values() for item in find(value, key)]


def test_the_text_alternative_has_the_figures() -> None:
    about = str(drawn()["description"])
    assert "Limit 1.00e26, us-bis-702-7, us-ca-sb53, us-ny-raise" in about
    assert "passed on 2027-01-30" in about
    assert "80 of 100 between 2027-" in about


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_it_renders_in_both_languages(language: str, suffix: str) -> None:
    picture = render(fan_chart(measured(), language=language), suffix)
    assert len(picture) > 10_000
    if suffix == "svg":
        text = picture.decode()
        assert TEXTS[language]["median"] in text
        assert "<title" in text
        assert "<desc" in text


def test_the_languages_say_the_same_things() -> None:
    assert TEXTS["en"].keys() == TEXTS["zh-Hant"].keys()
    with pytest.raises(BadInput, match="no text in 'fr'"):
        fan_chart(planned(), language="fr")


def test_limits_far_from_a_run_are_named_and_not_drawn() -> None:
    spec = fan_chart(planned())
    panel = spec["vconcat"][0]
    assert "not drawn: 1.00e23 eu-ai-act-gpai" in panel["title"]["subtitle"]
    assert "1.00e26" not in panel["title"]["subtitle"]


def test_a_run_far_below_every_limit_is_drawn_on_a_logarithmic_scale() -> None:
    spec = fan_chart(foretell(facts(done(10**20), rest(10**20))))
    assert "logarithmic scale" in spec["vconcat"][0]["title"]["subtitle"]
    assert len(render(spec, "svg")) > 5_000


def test_a_run_without_anything_known_still_gives_a_picture() -> None:
    assert render(fan_chart(foretell(facts())), "svg").startswith(b"<svg")


def test_the_specification_is_the_same_for_the_same_forecast() -> None:
    assert fan_chart(measured()) == drawn()
