"""The way through a desk for a browser: run inside a real desk, it says where to go and as whom."""

import json
from collections import deque

from tests.desk.matrix import planting
from tests.desk.matrix.addresses import pages
from tests.desk.matrix.example_desk import KEPT, ExampleDesk
from tests.desk.matrix.expectations import is_answer, path_of
from tests.desk.matrix.judging import is_page


def lead(kept: str, *, plant: bool = False) -> None:
    """Print, as JSON, each address with its path, cookies, and whether it is a page.

    ``kept`` is what the desk showed once, as JSON; with ``plant`` hostile text is first put into
    every field of every form.
    """
    KEPT.update(json.loads(kept))
    desk = ExampleDesk.here()
    ways = []
    for address in pages():
        if address.declares("GET"):
            who = desk.reader(address)
            ways.append((address, who, path_of(address, desk.person(who))))
    if plant:
        deque(planting.plant(desk, planting.visits(desk)), maxlen=0)
    stops = {}
    for address, who, path in ways:
        response = desk.client(who).get(path)
        assert plant or is_answer(address, "GET", response.status_code), (path, response)
        shown = response.status_code == 200 and is_page(response)
        stops[address.name] = {"path": path, "cookies": desk.cookies(who), "is_page": shown}
    print(json.dumps(stops))
