"""A tracker that writes into memory, so that tests see what it would put on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import SimpleNamespace

import pytest

torch = pytest.importorskip("torch")


class Recorder:
    """Stands in for the ledger on disk."""

    def __init__(self, rank: int, world_size: int, facts: Mapping[str, str]) -> None:
        self.rank, self.world_size, self.facts = rank, world_size, facts
        self.signatures: list = []
        self.adds: list[tuple[int, str, int | None]] = []
        self.closed = False

    def signature(self, key: str, count) -> int:
        assert key not in [known for known, _ in self.signatures], "one key, one count"
        self.signatures.append((key, count))
        return len(self.signatures) - 1

    def add(self, signature: int, purpose: str = "", step: int | None = None) -> None:
        assert not self.closed
        self.adds.append((signature, purpose, step))

    def close(self) -> None:
        self.closed = True

    @property
    def steps(self) -> Counter:
        """How often each (signature, purpose) occurred."""
        return Counter((number, purpose) for number, purpose, _ in self.adds)

    def counts(self, purpose: str | None = None) -> list:
        """The count of every step in order."""
        return [
            self.signatures[number][1]
            for number, tag, _ in self.adds
            if purpose is None or tag == purpose
        ]

    def executed(self, purpose: str | None = None) -> int:
        return sum(count.executed.best for count in self.counts(purpose))

    def model(self, purpose: str | None = None) -> int:
        return sum(count.model.best for count in self.counts(purpose))


@pytest.fixture
def tracked():
    """Begin to track models; everything is taken off again when the test ends."""
    from declarant.compute.tracker.torch.track import Tracker

    torch.manual_seed(0)
    began = []

    def begin(*models, **settings):
        made: list[Recorder] = []
        tracker = Tracker(
            models, lambda *given: made.append(Recorder(*given)) or made[0], **settings
        )
        began.append(tracker)
        tracker.ledger = made[0]
        return tracker

    yield begin
    for tracker in began:
        tracker.close()
    assert not torch.utils._python_dispatch._get_current_dispatch_mode_stack()


@pytest.fixture
def flops():
    """What FlopCounterMode counts while a function runs."""
    from torch.utils.flop_counter import FlopCounterMode

    def counted(run) -> int:
        with FlopCounterMode(display=False) as counter:
            run()
        return counter.get_total_flops()

    return counted


@pytest.fixture
def small():
    """A perceptron of two layers, what one forward pass of a row costs, and inputs for it."""
    model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Linear(16, 4))
    return SimpleNamespace(model=model, row=2 * (8 * 16 + 16 * 4), first=2 * 8 * 16)
