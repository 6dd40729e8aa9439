"""Activations computed again in the backward pass: executed operations, not model operations."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
nn = torch.nn
checkpoint = torch.utils.checkpoint.checkpoint


class _Stack(nn.Module):
    def __init__(self, run) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Sequential(nn.Linear(8, 8), nn.Tanh()) for _ in range(4))
        self.run = run

    def forward(self, x):
        for layer in self.layers:
            x = self.run(layer, x)
        return x


class _OwnCheckpoint(torch.autograd.Function):
    """Recomputation as other libraries write it, without PyTorch's own."""

    @staticmethod
    def forward(ctx, layer, x):
        ctx.layer = layer
        ctx.save_for_backward(x)
        with torch.no_grad():
            return layer(x)

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        x = x.detach().requires_grad_()
        with torch.enable_grad():
            out = ctx.layer(x)
        torch.autograd.backward(out, gradient)
        return None, x.grad


WAYS = {
    "not reentrant": lambda layer, x: checkpoint(layer, x, use_reentrant=False),
    "reentrant": lambda layer, x: checkpoint(layer, x, use_reentrant=True),
    "of another library": _OwnCheckpoint.apply,
}
ROW = 4 * 2 * 8 * 8


@pytest.mark.parametrize("way", WAYS)
def test_recomputation_is_executed_and_not_model(way, tracked, flops) -> None:
    model, x = _Stack(WAYS[way]), torch.randn(5, 8, requires_grad=True)
    with tracked(model) as tracker:
        for _ in range(3):
            model(x).square().sum().backward()
    for count in tracker.ledger.counts():
        assert count.model.low == count.model.best == count.model.high == 5 * 3 * ROW
        assert count.executed.low == count.executed.high == 5 * 4 * ROW
        assert any("executed operations only" in note for note in count.notes)
    assert flops(lambda: model(x).square().sum().backward()) == 5 * 4 * ROW


def test_a_step_that_is_nothing_but_recomputation(tracked) -> None:
    model, x = nn.Linear(8, 8), torch.randn(5, 8, requires_grad=True)
    with tracked(model) as tracker:
        tracked_again = _OwnCheckpoint.apply(model, x)
        tracked_again.sum().backward()
    assert tracker.ledger.executed() <= 4 * 5 * 2 * 8 * 8


@pytest.mark.parametrize("way", ["not reentrant", "reentrant"])
def test_the_whole_model_computed_again(way, tracked) -> None:
    inner = _Stack(lambda layer, x: layer(x))
    model = nn.Sequential(inner, nn.Linear(8, 8))
    model.forward = lambda x: model[1](WAYS[way](inner, x))
    x = torch.randn(5, 8, requires_grad=True)
    with tracked(model) as tracker:
        for _ in range(2):
            model(x).sum().backward()
    last = 2 * 8 * 8
    assert tracker.ledger.model() == 2 * 5 * 3 * (ROW + last)
    assert tracker.ledger.executed() == 2 * 5 * (3 * (ROW + last) + ROW)


def test_a_setting_changed_on_the_way_shows_at_the_next_recount(tracked, monkeypatch) -> None:
    from declarant.compute.tracker.torch import memo

    monkeypatch.setattr(memo, "FIRST_RECOUNT", 4)
    model, x = _Stack(lambda layer, x: layer(x)), torch.randn(5, 8, requires_grad=True)
    with tracked(model) as tracker:
        for step in range(20):
            if step == 5:
                model.run = WAYS["not reentrant"]
            model(x).sum().backward()
    counts = tracker.ledger.counts()
    assert counts[0].executed.best == 5 * 3 * ROW
    between = next(count for count in counts if count.executed.low < count.executed.high)
    assert (between.executed.low, between.executed.high) == (5 * 3 * ROW, 5 * 4 * ROW)
    assert any("vary with the data or with settings" in note for note in between.notes)
    assert counts[-1].executed.low == counts[-1].executed.best == 5 * 4 * ROW
    assert counts[-1].model.best == 5 * 3 * ROW
