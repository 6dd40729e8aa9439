"""Many shapes: each is counted up to a limit, and bounded by its neighbours beyond it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
nn = torch.nn


class _Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Linear(8, 8)

    def forward(self, x):
        x = self.maps(x)
        return torch.nn.functional.scaled_dot_product_attention(x, x, x)


def _cost(length: int) -> int:
    return 2 * (2 * 8 * 8) * length + 6 * 2 * length * length * 8


def test_every_shape_is_counted_by_itself(tracked) -> None:
    model = _Attention()
    lengths = [4, 9, 4, 17, 9, 4]
    with tracked(model) as tracker:
        for length in lengths:
            model(torch.randn(1, 1, length, 8)).sum().backward()
    assert tracker.ledger.model() == sum(_cost(length) for length in lengths)
    assert len(tracker.ledger.signatures) == 3


@settings(max_examples=5, deadline=None)
@given(lengths=st.lists(st.integers(8, 40), min_size=1, max_size=12))
def test_beyond_the_limit_bounds_hold_the_truth(lengths) -> None:
    from tests.compute.tracker.torch.conftest import Recorder

    from declarant.compute.tracker.torch.track import Tracker

    model, made = _Attention(), []
    first = [8, 12, 16, 20, 24, 28, 32, 36, 40]
    with Tracker([model], lambda *a: made.append(Recorder(*a)) or made[0], most_shapes=9):
        for length in first + lengths:
            model(torch.randn(1, 1, length, 8)).sum().backward()
    for length, count in zip(first + lengths, made[0].counts(), strict=True):
        assert count.model.low <= _cost(length) <= count.model.high
        assert count.model.low <= count.model.best <= count.model.high
        assert count.samples == 1
        if length in first:
            assert count.model.low == count.model.high


def test_a_shape_without_close_neighbours_is_counted(tracked) -> None:
    model = _Attention()
    with tracked(model, most_shapes=2) as tracker:
        for length in (10, 11, 40, 12, 5):
            model(torch.randn(1, 1, length, 8)).sum().backward()
    for length, count in zip((10, 11, 40, 12, 5), tracker.ledger.counts(), strict=True):
        assert count.model.best == count.model.high == _cost(length)


def test_a_bounded_shape_says_so(tracked) -> None:
    model = _Attention()
    with tracked(model, most_shapes=2) as tracker:
        for length in (20, 22, 21):
            model(torch.randn(1, 1, length, 8)).sum().backward()
    count = tracker.ledger.counts()[-1]
    assert (count.model.low, count.model.high) == (_cost(20), _cost(22))
    assert any("not counted by itself" in note for note in count.notes)


def test_tokens_and_samples_are_read_from_the_inputs(tracked) -> None:
    transformers = pytest.importorskip("transformers")
    config = transformers.T5Config(
        d_model=16, d_ff=16, d_kv=4, num_layers=1, num_heads=2, vocab_size=32,
        decoder_start_token_id=0,
    )  # fmt: skip
    model = transformers.T5ForConditionalGeneration(config)
    ids, labels = torch.randint(0, 32, (3, 10)), torch.randint(0, 32, (3, 4))
    plain = nn.Embedding(32, 4)
    with tracked(model) as tracker:
        model(input_ids=ids, labels=labels).loss.backward()
    assert (tracker.ledger.counts()[0].samples, tracker.ledger.counts()[0].tokens) == (3, 12)
    with tracked(plain) as tracker:
        plain(ids).sum().backward()
    assert (tracker.ledger.counts()[0].samples, tracker.ledger.counts()[0].tokens) == (3, 30)


class _Routes(nn.Module):
    """Experts that take as many tokens as the data sends them, and drop the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.expert = nn.Linear(8, 8)

    def forward(self, x):
        chosen = (x[:, 0] > 0).nonzero()[:, 0]
        return torch.zeros_like(x).index_add(0, chosen, self.expert(x[chosen]))


def test_work_that_depends_on_the_data_is_counted_often_and_bounded(tracked) -> None:
    model = _Routes()
    sent = [3, 5, 4] + [4, 4, 3, 5] * 8
    with tracked(model) as tracker:
        for number in sent:
            x = torch.full((8, 8), -1.0)
            x[:number] = 1.0
            model(x).sum().backward()
    counts = tracker.ledger.counts()
    for number, count in zip(sent, counts, strict=True):
        assert count.executed.low <= number * 4 * 8 * 8 <= count.executed.high
    assert counts[0].executed.low == counts[0].executed.high
    assert any("vary with the data" in note for note in counts[-1].notes)


def test_work_that_does_not_depend_on_the_data_stays_exact(tracked) -> None:
    model = _Routes()
    x = torch.ones(8, 8)
    with tracked(model) as tracker:
        for _ in range(20):
            model(x).sum().backward()
    assert {(count.executed.low, count.executed.high) for count in tracker.ledger.counts()} == {
        (8 * 4 * 8 * 8, 8 * 4 * 8 * 8)
    }


def test_generation_with_a_growing_cache(tracked, flops) -> None:
    transformers = pytest.importorskip("transformers")
    config = transformers.GPT2Config(n_embd=16, n_layer=1, n_head=2, vocab_size=32, n_positions=32)
    model = transformers.GPT2LMHeadModel._from_config(config, attn_implementation="eager").eval()
    ids = torch.randint(1, 32, (2, 4))

    def generate() -> None:
        with torch.no_grad():
            held = model(ids, use_cache=True).past_key_values
            for _ in range(6):
                held = model(ids[:, :1], past_key_values=held, use_cache=True).past_key_values

    expected = flops(generate)
    with tracked(model) as tracker, tracker.counting_as("synthetic_data"):
        generate()
        generate()
    assert tracker.ledger.executed("synthetic_data") == 2 * expected
