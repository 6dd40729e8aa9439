"""The table of scalars' names: whole names, behind folders, never in part."""

from __future__ import annotations

import pytest

from declarant.compute.readers.stores.tags import (
    GLOBAL_BATCH,
    SEQUENCE_LENGTH,
    TAGS,
    Quantity,
    has_other_axis,
    parameter,
    tag_of,
)


@pytest.mark.parametrize(
    ("name", "quantity"),
    [
        ("consumed_samples", Quantity.SAMPLES),
        ("Train/Consumed_Samples", Quantity.SAMPLES),
        ("train|device|flops_per_sec", Quantity.DEVICE_RATE),
        ("train/flops_per_sec", Quantity.RATE),
        ("throughput", Quantity.DEVICE_RATE),
        ("throughput/mfu", Quantity.UTILISATION),
        ("throughput(tps)", Quantity.SPEED),
        ("samples vs steps", Quantity.SAMPLES),
        ("run 3/train/num_input_tokens_seen", Quantity.TOKENS),
    ],
)
def test_a_name_is_known(name: str, quantity: Quantity) -> None:
    tag = tag_of(name)
    assert tag is not None
    assert tag.quantity is quantity


@pytest.mark.parametrize(
    "name",
    [
        "eval/consumed_samples",
        "val_loss",
        "validation/loss",
        "my_consumed_samples",
        "consumed_samples_per_second",
        "lm loss vs samples",
        "",
        "/",
    ],
)
def test_a_name_is_not_known(name: str) -> None:
    assert tag_of(name) is None


def test_units_come_to_base_units() -> None:
    assert TAGS["mfu(%)"].scale == 0.01
    assert TAGS["time_per_iteration_ms"].scale == 0.001
    assert TAGS["throughput/total_gflops"].scale == 1e9
    assert TAGS["tflops"].scale == 1e12


def test_every_figure_of_operations_names_its_convention() -> None:
    figures = {
        Quantity.OPERATIONS,
        Quantity.RATE,
        Quantity.DEVICE_RATE,
        Quantity.EXECUTED_DEVICE_RATE,
    }
    for tag in TAGS.values():
        assert bool(tag.convention) is (tag.quantity in figures), tag.name
        assert tag.name == tag.name.lower()
        assert tag.scale > 0


def test_axes_other_than_steps_are_told() -> None:
    assert has_other_axis("lm loss vs samples")
    assert has_other_axis("steps-vs-tokens/y=steps,x=tokens")
    assert not has_other_axis("samples vs steps")


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ([("seq_length", "2048")], 2048),
        ([("model.seq-length", "2048")], 2048),
        ([("model/seq_length", " 4096 ")], 4096),
        ([("seq_length", "2048"), ("data.seq_length", "2048")], 2048),
        ([("seq_length", "2048"), ("data.seq_length", "4096")], None),
        ([("seq_length", "0"), ("my_seq_length", "9")], None),
        ([("seq_length", "long"), ("seq_length", "²")], None),
        ([], None),
    ],
)
def test_parameters_by_their_names(held: list[tuple[str, str]], found: int | None) -> None:
    assert parameter(held, SEQUENCE_LENGTH) == found
    assert parameter(held, GLOBAL_BATCH) is None
