"""Once a step is known, no operator is looked at and the device is never waited for."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")


def test_no_operator_is_looked_at_once_the_step_is_known(small, tracked, monkeypatch) -> None:
    from declarant.compute.tracker.torch import counting_mode

    looked = []
    whole = counting_mode.CountingMode.__torch_dispatch__

    def looks(self, func, types, args=(), kwargs=None):
        looked.append(func)
        return whole(self, func, types, args, kwargs)

    monkeypatch.setattr(counting_mode.CountingMode, "__torch_dispatch__", looks)
    optimizer = torch.optim.AdamW(small.model.parameters())
    batch = torch.randn(5, 8)
    with tracked(small.model):
        for step in range(4):
            small.model(batch).sum().backward()
            optimizer.step()
            optimizer.zero_grad()
            if step == 0:
                assert looked
                looked.clear()
    assert not looked


def test_nothing_is_read_from_a_tensor(small, tracked, monkeypatch) -> None:
    """On a GPU, reading a value waits for the device: inputs are looked at by their shape alone."""
    reading = ("item", "tolist", "cpu", "numpy", "__bool__", "__int__", "__float__", "__index__")
    optimizer = torch.optim.SGD(small.model.parameters())
    batch = torch.randn(5, 8)

    def forbidden(*_, **__):
        raise AssertionError("a tensor's value was read")

    with tracked(small.model) as tracker:
        for step in range(3):
            for name in reading:
                monkeypatch.setattr(torch.Tensor, name, forbidden)
            monkeypatch.setattr(torch.cuda, "synchronize", forbidden)
            small.model(batch).sum().backward()
            optimizer.step()
            small.model.eval()
            with torch.no_grad():
                small.model(batch)
            small.model.train()
            monkeypatch.undo()
            assert len(tracker.ledger.adds) == 2 * (step + 1)


def test_another_dispatch_mode_puts_counting_off(small, tracked, flops) -> None:
    model = small.model

    def step() -> None:
        model(torch.randn(5, 8)).sum().backward()

    training = 5 * (3 * small.row - small.first)
    with tracked(model) as tracker:
        assert flops(step) == training  # somebody else counts
        assert not tracker.ledger.adds
        step()
        step()
    assert tracker.ledger.executed() == 3 * training  # the one that was put off as well


def test_a_step_that_could_never_be_counted_is_not_zero(small, tracked, flops) -> None:
    with tracked(small.model) as tracker:
        flops(lambda: small.model(torch.randn(5, 8)).sum().backward())
    (count,) = tracker.ledger.counts()
    assert (count.executed.low, count.executed.best, count.executed.high) == (0, None, None)
    assert {item.name for item in count.uncounted} == {"forward pass", "backward pass"}


def test_a_mode_opened_by_others_while_counting_survives(small, tracked, flops) -> None:
    model = small.model
    with tracked(model) as tracker:
        out = model(torch.randn(5, 8))
        assert flops(lambda: out.sum().backward()) == 5 * (2 * small.row - small.first)
        model(torch.randn(5, 8)).sum().backward()
    assert tracker.ledger.executed() == 2 * 5 * (3 * small.row - small.first)


def test_inference_mode_right_after_a_counted_step(small, tracked) -> None:
    """PyTorch restores its dispatch keys at the end of inference mode; nothing may be left over."""
    with tracked(small.model) as tracker:
        small.model(torch.randn(5, 8)).sum().backward()
        small.model.eval()
        with torch.inference_mode():
            small.model(torch.randn(6, 8))
        small.model.train()
        small.model(torch.randn(5, 8)).sum().backward()
    assert torch.zeros(2).sum() == 0
    assert tracker.ledger.executed("evaluation") == 6 * small.row


def test_the_package_is_imported_without_torch() -> None:
    import subprocess
    import sys

    code = (
        "import sys; sys.modules['torch'] = None; import declarant\n"
        "from declarant.problems import BadInput\n"
        "assert declarant.__version__\n"
        "try: declarant.track\n"
        "except BadInput as refused: print(refused)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'declarant[torch]'" in done.stdout
