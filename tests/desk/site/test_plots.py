"""A plot on a page: the picture, the same for a browser to draw, and the table."""

import json
import re

import pytest
from django.core.cache import caches
from django.template import Context, Template

from declarant.desk.site import plots
from declarant.desk.site.samples import parts
from declarant.desk.site.tables import Column, Table

TABLE = Table("Operations by run", [Column("Run"), Column("Operations")], [["atlas-2", "1.20e26"]])


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    caches["default"].clear()


def shown(spec: dict, **options: bool) -> str:
    template = Template("{% load desk_plots %}{% plot spec table 'Limits' folded %}")
    return template.render(Context({"spec": spec, "table": TABLE, **options}))


def test_the_table_stands_beside_the_picture_and_the_picture_has_words() -> None:
    text = shown(parts()["spec"])
    assert "<caption>Operations by run</caption>" in text
    assert 'src="data:image/svg+xml;base64,' in text
    assert 'alt="Operations by run: atlas-2 1.2e26' in text
    assert "<details" in shown(parts()["spec"], folded=True)


def test_the_browser_gets_vega_with_the_data_in_it() -> None:
    held = re.search(r"<template data-plot-vega>(.*?)</template>", shown(parts()["spec"]))
    vega = json.loads(held[1])
    assert "vega/v6" in vega["$schema"]
    assert "1.2e26" in json.dumps(vega).replace("1.2e+26", "1.2e26")


def test_a_name_in_the_data_cannot_end_the_element_it_stands_in() -> None:
    hostile = "</template><script>alert(1)</script><!--"
    spec = parts()["spec"]
    spec["data"]["values"][0]["run"] = hostile
    spec["description"] = hostile
    text = shown(spec)
    assert "<script" not in text
    assert text.count("</template>") == 1
    held = re.search(r"<template data-plot-vega>(.*?)</template>", text)
    assert hostile in json.loads(held[1])["data"][0]["values"][0]["run"]


def test_a_specification_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = plots.prepare(parts()["spec"])
    monkeypatch.setattr(plots, "render", lambda *_: pytest.fail("drawn again"))
    assert plots.prepare(parts()["spec"]) == first


def test_another_specification_is_another_plot() -> None:
    spec = parts()["spec"]
    first = plots.prepare(spec)
    spec["data"]["values"][0]["operations"] = 9e25
    assert plots.prepare(spec).key != first.key
