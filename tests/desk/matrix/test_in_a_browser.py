"""Every page in a real Chromium: accessible, narrow enough for a phone, kept as a picture."""

import json
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import pytest
from tests.desk.matrix.addresses import Address, pages
from tests.desk.matrix.example_desk import KEPT
from tests.desk.servers import desk as desks
from tests.desk.servers.browser import DESKTOP, PHONE, Browser, axe

pytestmark = [pytest.mark.once, pytest.mark.slow]
READABLE = [address for address in pages() if address.declares("GET")]
SIZES = {"desktop": DESKTOP, "phone": PHONE}
LEAD = "from tests.desk.matrix import tour; tour.lead({!r}, plant={})"


Desk = tuple[desks.Desk, dict[str, Any]]


def with_stops(desk: desks.Desk, *, plant: bool = False) -> Desk:
    """A real desk that answers, and where to go in it."""
    said = desk.python(LEAD.format(json.dumps(KEPT), plant))
    return desk.start(worker=False), json.loads(said.splitlines()[-1])


@pytest.fixture(scope="module")
def toured(make_example_desk: Callable[[], desks.Desk]) -> Desk:
    """The example desk, running."""
    return with_stops(make_example_desk())


@pytest.mark.parametrize("language", ["en", "zh-hant"])
@pytest.mark.parametrize("address", READABLE, ids=lambda address: address.name)
def test_a_page_is_accessible_wide_and_narrow(
    address: Address, language: str, toured, browser: Browser
):
    desk, stops = toured
    stop = stops[address.name]
    if not stop["is_page"]:
        return  # a file, a part of a page, or the way to another page
    window = browser.window(desk.url, cookies=stop["cookies"], language=language)
    assert window.open(stop["path"]).status == 200
    found = []
    for size, measures in SIZES.items():
        window.resize(measures)
        window.screenshot(f"{address.name.replace(':', '-')}.{language}.{size}")
        found += [f"{size}: {violation}" for violation in axe(window.page)]
        if window.overflow():
            found.append(f"{size}: the page is {window.overflow()} pixels wider than the window")
    browser.close_windows()
    window.calm()
    assert not found, f"{address.name} at {stop['path']} in {language}:\n" + "\n".join(found)


def test_planted_markup_opens_no_dialog_and_runs_nothing(
    make_example_desk: Callable[[], desks.Desk], browser: Browser
):
    desk, stops = with_stops(make_example_desk(), plant=True)
    for stop in filter(itemgetter("is_page"), stops.values()):
        window = browser.window(desk.url, cookies=stop["cookies"])
        assert window.open(stop["path"]).status == 200
        window.calm()
        browser.close_windows()
