"""Lost steps are questioned when a log tells them apart and the register states them too."""

from dataclasses import replace
from datetime import date

import pytest
from tests.compute.reconcile.made import around, ledger, segment

from declarant.compute.ledger import Method, Purpose
from declarant.compute.plausibility import RunContext
from declarant.compute.plausibility.lost_twice import lost_steps_twice

AS_OF = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("stated_on", "questioned"),
    [(date(2026, 3, 4), False), (date(2026, 3, 5), True), (date(2026, 3, 6), True), (None, True)],
)
def test_days_in_common_are_questioned(stated_on: date | None, questioned: bool) -> None:
    told = replace(
        segment(Method.TRAINER_LOG, around(20), apart="+lost_steps", preferred=True),
        start=date(2026, 3, 5),
        end=date(2026, 3, 7),
    )
    stated = replace(
        segment(Method.ARCHITECTURE, around(20), preferred=True),
        id="run/lost/architecture",
        purpose=Purpose.LOST_STEPS,
        start=stated_on,
        end=stated_on,
    )
    found = list(lost_steps_twice(RunContext("run", ledger(told, stated), AS_OF)))
    assert bool(found) is questioned
    assert all("20 operations" in item.effect or "2.00e1" in item.effect for item in found)
