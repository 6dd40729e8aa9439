"""Methods side by side: what is compared with what, what is chosen, and what may explain it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.compute.reconcile.made import around, ledger, segment

from declarant.compute.ledger import Method
from declarant.compute.reconcile import choose, figures_of, reconcile
from declarant.compute.reconcile.comparison import comparisons
from declarant.problems import Finding


def test_figures_that_touch_agree_and_the_first_in_order_is_used() -> None:
    (agreement,) = reconcile(
        ledger(
            segment(Method.CHIP_TIME, around(130, 30)),
            segment(Method.ARCHITECTURE, around(100, 0), preferred=True),
        )
    )
    assert agreement.agree is True
    assert agreement.choice.method is Method.ARCHITECTURE
    assert "assumes least" in agreement.choice.why
    assert agreement.reasons == ()


def test_figures_that_do_not_touch_disagree_and_the_greatest_is_used() -> None:
    (agreement,) = reconcile(
        ledger(
            segment(Method.CHIP_TIME, around(131, 30), preferred=True),
            segment(Method.ARCHITECTURE, around(100, 0)),
        )
    )
    assert agreement.agree is False
    assert agreement.choice.method is Method.CHIP_TIME
    assert "cautious" in agreement.choice.why
    assert any("utilisation" in reason for reason in agreement.reasons)


def test_the_word_of_the_register_decides() -> None:
    (agreement,) = reconcile(
        ledger(
            segment(Method.CHIP_TIME, around(500)),
            segment(Method.ARCHITECTURE, around(100), preferred=True),
        )
    )
    assert agreement.choice.method is Method.ARCHITECTURE
    assert agreement.choice.why == "the register says so"
    assert agreement.agree is False


def test_counters_are_held_against_the_work_with_its_lost_steps() -> None:
    counted = (
        segment(Method.FRAMEWORK_COUNTER, around(100), around(100), preferred=True),
        segment(Method.FRAMEWORK_COUNTER, around(20), around(20), apart="+lost_steps"),
    )
    (agreeing,) = reconcile(ledger(*counted, segment(Method.HARDWARE_COUNTER, None, around(120))))
    assert agreeing.agree is True
    (without,) = reconcile(ledger(*counted, segment(Method.HARDWARE_COUNTER, None, around(100))))
    assert without.agree is False


def test_a_part_without_lost_steps_of_its_own_method_takes_those_of_another() -> None:
    (agreement,) = reconcile(
        ledger(
            segment(Method.STATED, around(100), around(100), preferred=True),
            segment(Method.TRAINER_LOG, around(20), around(20), apart="+lost_steps"),
            segment(Method.CHIP_TIME, around(100, 50), around(120)),
        )
    )
    assert agreement.agree is True


def test_a_lost_part_of_unknown_size_leaves_no_upper_bound() -> None:
    (agreement,) = reconcile(
        ledger(
            segment(Method.ARCHITECTURE, around(100), around(100), preferred=True),
            segment(Method.ARCHITECTURE, around(1), None, apart="+lost_steps"),
            segment(Method.HARDWARE_COUNTER, None, around(10**6)),
        )
    )
    assert agreement.agree is True


def test_the_effect_of_a_finding_is_the_first_reason() -> None:
    finding = Finding("sacct.double", "GPUs stand twice.", effect="adds 50 if counted")
    (agreement,) = reconcile(
        ledger(
            segment(Method.ARCHITECTURE, around(100)),
            segment(Method.CHIP_TIME, around(150), findings=(finding,), preferred=True),
        )
    )
    assert agreement.reasons[0] == "chip time: GPUs stand twice (adds 50 if counted)"


@pytest.mark.parametrize(("executed", "named"), [(133, True), (124, False), (141, False)])
def test_a_ratio_near_four_thirds_names_recomputation(executed: int, named: bool) -> None:
    (agreement,) = reconcile(
        ledger(
            segment(Method.ARCHITECTURE, around(100), around(100), preferred=True),
            segment(Method.HARDWARE_COUNTER, None, around(executed)),
        )
    )
    assert any("recomputation of activations makes" in text for text in agreement.reasons) is named


def test_a_counter_above_the_chosen_figure_is_not_hidden() -> None:
    (agreement,) = reconcile(
        ledger(
            segment(Method.ARCHITECTURE, around(10), around(10), preferred=True),
            segment(Method.HARDWARE_COUNTER, None, around(40)),
        )
    )
    assert agreement.choice.method is Method.ARCHITECTURE
    assert "greatest of those that know model operations" in agreement.choice.why


def test_a_single_figure_is_compared_with_nothing() -> None:
    (agreement,) = reconcile(ledger(segment(Method.HARDWARE_COUNTER, None, around(3))))
    assert agreement.agree is None
    assert agreement.choice.method is Method.HARDWARE_COUNTER


amounts = st.integers(0, 1000).flatmap(
    lambda best: st.integers(0, best).map(lambda width: around(best, width))
)


@given(st.lists(st.tuples(st.sampled_from(list(Method)), amounts), min_size=1, max_size=5))
def test_the_choice_is_cautious(given_figures: list[tuple[Method, object]]) -> None:
    """What is chosen is never below every figure that disagrees with it."""
    chosen = dict(given_figures)
    segments = [segment(method, amount) for method, amount in chosen.items()]
    figures = figures_of("run/part", segments)
    choice = choose(figures)
    taken = next(item for item in figures if item.method is choice.method)
    if choice.agree is False:
        assert taken.model.best == max(item.model.best for item in figures)
    else:
        assert all(item.agree for item in comparisons(figures))
