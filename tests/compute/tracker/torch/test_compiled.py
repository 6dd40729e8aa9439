"""Compiled models: counted uncompiled, at their first step, and compiled at every other."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
nn = torch.nn


class _Notes:
    """A compiler's backend that counts how often its compiled code runs."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, graph, _):
        def run(*args):
            self.runs += 1
            return graph(*args)

        return run


class _Holds(nn.Module):
    def __init__(self, inner) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return self.inner[2](self.inner[0](x).relu())


@pytest.fixture(autouse=True)
def _fresh():
    torch.compiler.reset()
    yield
    torch.compiler.reset()


@pytest.mark.parametrize("where", ["around", "in place", "after"])
@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_a_compiled_model_is_counted_once_and_runs_compiled(backend, where, small, tracked) -> None:
    from torch._dynamo import lookup_backend

    notes, inner = _Notes(), lookup_backend(backend)
    model = _Holds(small.model)  # PyTorch leaves its own containers uncompiled

    def noted(graph, example):
        return notes(inner(graph, example), example)

    if where == "around":
        model = torch.compile(model, backend=noted)
    elif where == "in place":
        model.compile(backend=noted)
    with tracked(model) as tracker:
        if where == "after":
            model.compile(backend=noted)
        for _ in range(5):
            model(torch.randn(5, 8)).sum().backward()
    training = 5 * (3 * small.row - small.first)
    assert [count.executed.best for count in tracker.ledger.counts()] == [training] * 5
    assert tracker.ledger.steps == {(0, ""): 5}
    assert notes.runs == 4  # all but the counted one
    before = notes.runs
    model(torch.randn(5, 8)).sum().backward()
    assert notes.runs == before + 1  # the model is left as it was


def test_layers_compiled_one_by_one(small, tracked) -> None:
    model = small.model
    model[0].compile(backend="eager")
    with tracked(model) as tracker:
        for _ in range(3):
            model(torch.randn(5, 8)).sum().backward()
    assert tracker.ledger.executed() == 3 * 5 * (3 * small.row - small.first)
    assert tracker.ledger.facts["compiled"].startswith("yes")


def test_a_compiled_step_as_a_whole(small, tracked) -> None:
    @torch.compile(backend="aot_eager")
    def loss_of(x):
        return small.model[2](small.model[0](x).relu()).sum()

    with tracked(small.model) as tracker:
        for _ in range(3):
            batch = torch.randn(5, 8)
            with tracker.whole_step(batch):
                loss_of(batch).backward()
    assert tracker.ledger.executed() == 3 * 5 * (3 * small.row - small.first)


def test_a_model_compiled_with_its_surroundings_says_what_to_do(small, tracked, caplog) -> None:
    runs, model = _Notes(), _Holds(small.model)
    compiled = torch.compile(lambda x: model(x).sum(), backend=runs)
    whole = torch.compile(lambda x: model(x).sum(), backend="eager", fullgraph=True)
    with tracked(model) as tracker:
        for _ in range(3):
            compiled(torch.randn(5, 8)).backward()
        assert runs.runs >= 3  # it stays compiled
        with pytest.raises(torch._dynamo.exc.Unsupported, match=r"tracker.whole_step\(batch\)"):
            whole(torch.randn(5, 8))
    for count in tracker.ledger.counts():
        assert (count.executed.low, count.executed.high) == (0, None)
    assert "track the compiled module" in caplog.text
