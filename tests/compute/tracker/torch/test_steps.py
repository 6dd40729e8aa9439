"""What belongs to one step, and what each step was for."""

from __future__ import annotations

import io
from copy import deepcopy

import pytest

torch = pytest.importorskip("torch")
nn = torch.nn


def test_micro_steps_of_accumulated_gradients_count_each(small, tracked) -> None:
    optimizer = torch.optim.SGD(small.model.parameters())
    with tracked(small.model) as tracker:
        for _ in range(3):
            for _ in range(4):
                small.model(torch.randn(5, 8)).sum().backward()
            optimizer.step()
            optimizer.zero_grad()
    training = 3 * 5 * small.row - 5 * small.first  # no gradient of the input
    assert tracker.ledger.steps == {(0, ""): 12}
    assert tracker.ledger.executed() == 12 * training
    assert [step for _, _, step in tracker.ledger.adds] == [None] * 12


def test_steps_are_numbered_from_the_first_when_it_is_given(small, tracked) -> None:
    optimizer = torch.optim.SGD(small.model.parameters())
    with tracked(small.model, first_step=1000) as tracker:
        for _ in range(2):
            small.model(torch.randn(5, 8)).sum().backward()
            optimizer.step()
        tracker.step = 7
        small.model(torch.randn(5, 8)).sum().backward()
        optimizer.step()
    assert [step for _, _, step in tracker.ledger.adds] == [1000, 1001, 7]


def test_another_models_optimizer_does_not_number_the_steps(small, tracked) -> None:
    other = nn.Linear(2, 2)
    other.weight.grad = torch.zeros(2, 2)
    with tracked(small.model, first_step=0) as tracker:
        torch.optim.SGD(other.parameters()).step()
        small.model(torch.randn(5, 8)).sum().backward()
    assert [step for _, _, step in tracker.ledger.adds] == [0]


@pytest.mark.parametrize("how", [torch.no_grad, torch.inference_mode, torch.enable_grad])
def test_evaluation_is_tagged_apart(how, small, tracked) -> None:
    model = small.model
    with tracked(model) as tracker:
        model(torch.randn(5, 8)).sum().backward()
        model.eval()
        with how():
            for _ in range(3):
                model(torch.randn(7, 8))
        model.train()
        model(torch.randn(5, 8)).sum().backward()
    assert tracker.ledger.executed("evaluation") == 3 * 7 * small.row
    assert len(tracker.ledger.counts("")) == 2


def test_training_in_eval_mode_is_training(small, tracked) -> None:
    small.model.eval()
    with tracked(small.model) as tracker:
        small.model(torch.randn(5, 8)).sum().backward()
    assert [purpose for _, purpose, _ in tracker.ledger.adds] == [""]


def test_forward_passes_in_training_mode_are_never_taken_for_evaluation(small, tracked) -> None:
    with tracked(small.model) as tracker, torch.no_grad():
        small.model(torch.randn(5, 8))
    assert tracker.ledger.steps == {(0, ""): 1}


def test_purposes_may_be_given(small, tracked) -> None:
    with tracked(small.model, purpose="teacher") as tracker:
        with torch.no_grad():
            small.model(torch.randn(5, 8))
        with tracker.counting_as("synthetic_data"):
            small.model(torch.randn(5, 8)).sum().backward()
        small.model.eval()(torch.randn(5, 8))
    assert [purpose for _, purpose, _ in tracker.ledger.adds] == [
        *("teacher", "synthetic_data", "teacher")
    ]


def test_several_forward_passes_before_one_backward_pass(small, tracked, flops) -> None:
    model = small.model

    def step() -> None:
        one, other = model(torch.randn(5, 8)), model(torch.randn(6, 8))
        (one @ other.T).sum().backward()  # the loss multiplies matrices as well

    expected = flops(step)
    with tracked(model) as tracker:
        for _ in range(3):
            step()
    assert tracker.ledger.executed() == 3 * expected
    assert tracker.ledger.steps == {(0, ""): 3}
    assert tracker.ledger.counts()[0].samples == 11


def test_several_backward_passes_of_one_forward_pass(small, tracked, flops) -> None:
    model = small.model

    def step() -> None:
        out = model(torch.randn(5, 8))
        out.sum().backward(retain_graph=True)
        out.square().sum().backward()

    expected = flops(step)
    with tracked(model) as tracker:
        step()
        step()
    assert tracker.ledger.executed() == 2 * expected


def test_two_models_that_train_each_other(tracked, flops) -> None:
    generator, judge = nn.Linear(4, 8), nn.Sequential(nn.Linear(8, 16), nn.Linear(16, 1))
    for_generator = torch.optim.SGD(generator.parameters(), 0.01)
    for_judge = torch.optim.SGD(judge.parameters(), 0.01)

    def step() -> None:
        made = generator(torch.randn(5, 4))
        (judge(torch.randn(5, 8)) - judge(made.detach())).mean().backward()
        for_judge.step()
        for_judge.zero_grad()
        judge(made).mean().backward()
        for_generator.step()
        for_generator.zero_grad()

    expected = flops(step)
    with tracked(generator, judge) as together:
        for _ in range(3):
            step()
    assert together.ledger.executed() == 3 * expected

    with tracked(generator) as one, tracked(judge) as other:
        for _ in range(3):
            step()
    assert one.ledger.executed() > 0
    assert one.ledger.executed() + other.ledger.executed() == 3 * expected


def test_a_tracked_model_inside_a_tracked_model_counts_once(tracked, flops) -> None:
    inner = nn.Linear(8, 8)
    outer = nn.Sequential(inner, nn.Linear(8, 2))
    x = torch.randn(3, 8)
    expected = flops(lambda: outer(x).sum().backward())
    with tracked(inner) as within, tracked(outer) as whole:
        for _ in range(2):
            outer(x).sum().backward()
    assert whole.ledger.executed() == 2 * expected
    assert not within.ledger.adds


def test_gradients_of_gradients_are_model_operations(small, tracked) -> None:
    model, x = small.model, torch.randn(5, 8, requires_grad=True)

    def step() -> None:
        (gradient,) = torch.autograd.grad(model(x).sum(), x, create_graph=True)
        gradient.square().sum().backward()

    with tracked(model) as tracker:
        step()
        step()
    forward, gradient, second = small.row, small.row, small.row - small.first
    again = 2 * small.first + second  # gradients of both products; the last output's is constant
    zeros = 2 * small.first  # PyTorch passes zeros on from the activation to the first layer
    once = 5 * (forward + gradient + again + zeros)
    assert tracker.ledger.executed() == tracker.ledger.model() == 2 * once


def test_a_model_whose_output_hides_its_tensors_is_not_counted_as_forward_only(
    small, tracked, caplog
) -> None:
    class Hides(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = small.model

        def forward(self, x):
            loss = self.inner(x).sum()
            return lambda: loss

    model = Hides()
    with tracked(model) as tracker:
        model(torch.randn(5, 8))().backward()
    (count,) = tracker.ledger.counts()
    assert count.executed.low == 5 * small.row
    assert count.executed.high is None
    assert "give the step as a whole" in caplog.text


def test_a_step_given_as_a_whole(small, tracked, flops) -> None:
    optimizer = torch.optim.SGD(small.model.parameters(), 0.01)

    def step(batch) -> None:
        small.model[2](small.model[0](batch).relu()).sum().backward()  # the model is never called
        optimizer.step()

    expected = flops(lambda: step(torch.randn(5, 8)))
    with tracked(small.model, first_step=0) as tracker:
        for _ in range(3):
            batch = torch.randn(5, 8)
            with tracker.whole_step(batch):
                step(batch)
    assert tracker.ledger.executed() == 3 * expected
    assert tracker.ledger.steps == {(0, ""): 3}
    assert [step for _, _, step in tracker.ledger.adds] == [0, 1, 2]


def test_an_optimizer_that_runs_the_step_itself(small, tracked, flops) -> None:
    model, x = small.model, torch.randn(5, 8)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=3)

    def closure():
        optimizer.zero_grad()
        loss = model(x).square().sum()
        loss.backward()
        return loss

    once = flops(closure)
    with tracked(model) as tracker:
        optimizer.step(closure)
    calls = len(tracker.ledger.adds)
    assert calls >= 2
    assert tracker.ledger.executed() == calls * once


class _Fails(nn.Module):
    def __init__(self, inner) -> None:
        super().__init__()
        self.inner, self.fail = inner, False

    def forward(self, x):
        out = self.inner(x)
        if self.fail:
            raise RuntimeError("out of memory")
        return out


def test_an_error_leaves_the_model_as_it_was_and_the_ledger_closed(small, tracked) -> None:
    model = _Fails(small.model)
    tracker = tracked(model)

    def train() -> None:
        with tracker:
            model(torch.randn(5, 8)).sum().backward()
            model.fail = True
            model(torch.randn(6, 8))

    with pytest.raises(RuntimeError, match="out of memory"):
        train()
    assert tracker.ledger.closed
    assert not model._forward_pre_hooks
    assert not model._forward_hooks
    assert not torch.utils._python_dispatch._get_current_dispatch_mode_stack()
    assert len(tracker.ledger.adds) == 1
    tracker.close()  # once more does nothing


def test_training_goes_on_after_an_error_that_was_caught(small, tracked) -> None:
    model = _Fails(small.model)
    with tracked(model) as tracker:
        model.fail = True
        for _ in range(2):
            with pytest.raises(RuntimeError):
                model(torch.randn(5, 8))
        model.fail = False
        model(torch.randn(5, 8)).sum().backward()
        out = model(torch.randn(5, 8)).register_hook(lambda _: 1 / 0)
        del out
        model(torch.randn(5, 8)).sum().backward()
    training = 3 * 5 * small.row - 5 * small.first
    assert training * 2 <= tracker.ledger.executed() <= training * 2 + 5 * small.row


def test_a_backward_pass_that_fails_is_not_learned(small, tracked) -> None:
    model, armed = small.model, [True]

    def trip(gradient):
        if armed.pop() if armed else False:
            raise RuntimeError("out of memory")
        return gradient

    model[0].weight.register_hook(trip)
    with tracked(model) as tracker:
        with pytest.raises(RuntimeError, match="out of memory"):
            model(torch.randn(5, 8)).sum().backward()
        for _ in range(2):
            model(torch.randn(5, 8)).sum().backward()
    training = 3 * 5 * small.row - 5 * small.first
    assert [count.executed.best for count in tracker.ledger.counts()][-2:] == [training] * 2
    assert all(count.executed.high is not None for count in tracker.ledger.counts())


def test_a_copy_of_the_model_is_counted_and_a_saved_model_is_clean(small, tracked) -> None:
    with tracked(small.model) as tracker:
        copy = deepcopy(small.model).eval()  # as averaged weights are evaluated
        copy(torch.randn(5, 8))
        file = io.BytesIO()
        torch.save(small.model, file)
        file.seek(0)
        loaded = torch.load(file, weights_only=False)
        assert loaded(torch.randn(5, 8)).shape == (5, 4)
    assert b"declarant" not in file.getvalue()
    assert tracker.ledger.steps == {(0, "evaluation"): 1}


def test_an_error_of_the_trackers_own_never_ends_a_training(
    small, tracked, monkeypatch, caplog
) -> None:
    from declarant.compute.tracker.torch.rounds import Rounds

    def fails(*_):
        raise KeyError("a fault of ours")

    with tracked(small.model) as tracker:
        small.model(torch.randn(5, 8)).sum().backward()
        small.model(torch.randn(5, 8)).sum().backward()
        monkeypatch.setattr(Rounds, "write", fails)
        for _ in range(3):
            small.model(torch.randn(5, 8)).sum().backward()
    counts = tracker.ledger.counts()
    assert counts[0].executed.best == 5 * (3 * small.row - small.first)
    assert (counts[-1].executed.low, counts[-1].executed.high) == (0, None)
    assert "a fault of ours" in counts[-1].uncounted[0].why
    assert "counts no further" in caplog.text


def test_only_modules_can_be_tracked(tmp_path) -> None:
    import declarant
    from declarant.problems import BadInput

    for wrong in ("a model", [], [nn.Linear(2, 2), None], nn.DataParallel(nn.Linear(2, 2))):
        with pytest.raises(BadInput) as refused:
            declarant.track(wrong, run="atlas", folder=tmp_path)
        assert refused.value.findings[0].mend
    assert not list(tmp_path.iterdir())


def test_the_package_names_only_what_it_has() -> None:
    import declarant

    with pytest.raises(AttributeError, match="no attribute 'trace'"):
        _ = declarant.trace
