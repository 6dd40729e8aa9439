"""The agreement picture: every figure is in it, in words too, in both languages."""

import pytest
from tests.compute.reconcile.made import around, ledger, segment

from declarant.compute.ledger import Method
from declarant.compute.reconcile import reconcile
from declarant.plots.agreement_chart import METHODS, TEXTS, agreement_chart
from declarant.plots.render import render
from declarant.quantities import Interval


def agreements(*, open_ended: bool = False):
    executed = Interval.at_least(90) if open_ended else around(131, 20)
    return reconcile(
        ledger(
            segment(Method.ARCHITECTURE, around(100, 5), around(100, 5), preferred=True),
            segment(Method.HARDWARE_COUNTER, None, executed),
        )
    )


def test_every_known_amount_is_drawn() -> None:
    data = agreement_chart(agreements())["data"]["values"]
    assert [(row["label"], row["low"], row["best"], row["high"]) for row in data] == [
        ("architecture (used in totals)", 95, 100, 105),
        ("architecture (used in totals)", 95, 100, 105),
        ("hardware counter", 111, 131, 151),
    ]


def test_an_open_interval_is_marked_and_has_no_made_up_best() -> None:
    spec = agreement_chart(agreements(open_ended=True))
    rows = [row for row in spec["data"]["values"] if row["open"]]
    assert [(row["low"], row["best"]) for row in rows] == [(90, None)]
    assert "at least 9" in spec["description"]


@pytest.mark.parametrize("nothing", [Interval.exactly(0), Interval.between(0, 0)])
def test_a_figure_of_zero_has_a_mark(nothing: Interval) -> None:
    def marks(amount: Interval | None) -> int:
        one = segment(Method.ARCHITECTURE, around(100, 5), None, preferred=True)
        held = reconcile(ledger(one, segment(Method.TRAINER_LOG, amount, None)))
        svg = render(agreement_chart(held), "svg").decode()
        return svg.count('aria-roledescription="tick"') + svg.count('aria-roledescription="point"')

    assert marks(nothing) >= marks(None) + 2


def test_the_axis_writes_powers_as_the_tables_do() -> None:
    svg = render(agreement_chart(agreements()), "svg").decode()
    assert "e+" not in svg
    assert ">1e2<" in svg


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_picture_says_in_words_what_it_shows(language: str) -> None:
    spec = agreement_chart(agreements(), language)
    svg = render(spec, "svg").decode()
    assert svg.count("<desc") == 1
    assert TEXTS[language]["disagree"] in spec["description"]
    assert TEXTS[language]["title"] in svg
    assert TEXTS[language]["executed"] in svg


def test_both_languages_say_the_same_things() -> None:
    assert set(TEXTS["en"]) == set(TEXTS["zh-Hant"])
    assert set(METHODS) == set(Method)


def test_an_empty_ledger_draws_an_empty_picture() -> None:
    assert render(agreement_chart(()), ".png").startswith(b"\x89PNG")
