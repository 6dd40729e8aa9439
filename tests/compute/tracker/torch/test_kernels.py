"""Kernels without a formula are named and bounded; users may give formulas of their own."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
nn = torch.nn


@torch.library.custom_op("declarant_test::fused_scan", mutates_args=())
def fused_scan(x: torch.Tensor) -> torch.Tensor:
    return torch.from_numpy(x.detach().numpy().cumsum(0))


@torch.library.custom_op("declarant_test::fused_layer", mutates_args=())
def fused_layer(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return torch.relu(x @ weight)


class _Uses(nn.Module):
    def __init__(self, small, *operators) -> None:
        super().__init__()
        self.inner, self.operators = small.model, operators

    def forward(self, x):
        out = self.inner(x)
        for operator in self.operators:
            out = out + operator(out.detach())
        return out


def test_an_unknown_kernel_is_named_and_never_zero(small, tracked, caplog) -> None:
    model = _Uses(small, fused_scan, fused_scan)
    with tracked(model) as tracker:
        for _ in range(2):
            model(torch.randn(5, 8)).sum().backward()
    known = 5 * (3 * small.row - small.first)
    for count in tracker.ledger.counts():
        assert (count.executed.low, count.executed.best, count.executed.high) == (known, None, None)
        (kernel,) = count.uncounted
        assert (kernel.name, kernel.calls) == ("declarant_test::fused_scan", 2)
        assert "nothing bounds" in kernel.why
    assert caplog.text.count("declarant_test::fused_scan are known within bounds only") == 1


@pytest.mark.parametrize("by", ["operator", "name"])
def test_a_formula_of_the_users_own(by, small, tracked) -> None:
    from declarant.compute.tracker.step_count import Bounds

    operator = torch.ops.declarant_test.fused_scan
    key = operator if by == "operator" else "declarant_test::fused_scan"
    model = _Uses(small, fused_scan)
    with tracked(model, formulas={key: lambda x, out_val: 3 * x.numel()}) as tracker:
        model(torch.randn(5, 8)).sum().backward()
    assert tracker.ledger.executed() == 5 * (3 * small.row - small.first) + 3 * 5 * 4
    assert not tracker.ledger.counts()[0].uncounted
    with tracked(model, formulas={key: lambda x, out_val: Bounds(1, 2, 4)}) as tracker:
        model(torch.randn(5, 8)).sum().backward()
    (count,) = tracker.ledger.counts()
    assert count.executed.high - count.executed.low == 3


def test_a_formula_that_fails_does_not_end_the_training(small, tracked) -> None:
    model = _Uses(small, fused_scan)
    with tracked(model, formulas={"declarant_test::fused_scan": lambda: 1}) as tracker:
        model(torch.randn(5, 8)).sum().backward()
    (kernel,) = tracker.ledger.counts()[0].uncounted
    assert "its formula failed: TypeError" in kernel.why


def test_a_kernel_that_calls_others_inside_is_counted_from_them(small, tracked) -> None:
    weight = torch.randn(4, 4)
    model = _Uses(small, lambda x: fused_layer(x, weight))
    with tracked(model) as tracker:
        model(torch.randn(5, 8)).sum().backward()
    (count,) = tracker.ledger.counts()
    assert count.executed.best == 5 * (3 * small.row - small.first) + 2 * 5 * 4 * 4
    assert any("declarant_test::fused_layer calls inside" in note for note in count.notes)


class _Unseen(torch.autograd.Function):
    """Works as extensions and Triton kernels do: PyTorch allocates, something else writes."""

    @staticmethod
    def forward(ctx, x):
        out = torch.empty_like(x)
        out.numpy()[...] = x.numpy() @ x.numpy().T @ x.numpy()
        return out

    @staticmethod
    def backward(ctx, gradient):
        return gradient


def test_a_kernel_that_pytorch_did_not_launch_is_named(small, tracked) -> None:
    model = _Uses(small, _Unseen.apply)
    with tracked(model) as tracker:
        for _ in range(2):
            model(torch.randn(5, 8)).sum().backward()
    (count, _) = tracker.ledger.counts()
    (kernel,) = count.uncounted
    assert kernel.name.startswith("unseen::")
    assert kernel.name.endswith("_Unseen.forward")
    assert count.executed.high is None


def test_memory_that_pytorch_writes_is_no_unseen_kernel(small, tracked) -> None:
    def fills(x):
        out = torch.empty_like(x)
        out.copy_(x)
        other = torch.empty(5, 4).uniform_()
        return torch.add(out, other, out=torch.empty(5, 4)) + torch.empty(0).sum()

    def checkpointed(x):
        return torch.utils.checkpoint.checkpoint(nn.functional.dropout, x, use_reentrant=False)

    model = _Uses(small, fills, checkpointed)
    with tracked(model) as tracker:
        model(torch.randn(5, 8)).sum().backward()
    assert not tracker.ledger.counts()[0].uncounted


def test_a_factorisation_is_bounded(tracked) -> None:
    class Inverts(nn.Linear):
        def forward(self, x):
            return torch.linalg.inv(super().forward(x) + 9 * torch.eye(6))

    model = Inverts(6, 6)
    with tracked(model) as tracker:
        model(torch.randn(6, 6)).sum().backward()
    (count,) = tracker.ledger.counts()
    (kernel,) = count.uncounted
    assert kernel.name == "aten::linalg_inv_ex"
    assert kernel.bounds.high == 32 * 6**3
    assert count.executed.high - count.executed.low == 32 * 6**3


def test_flash_attention_of_another_package_is_counted(tracked) -> None:
    library = torch.library.Library("flash_attn", "DEF")
    library.define(
        "_flash_attn_forward(Tensor q, Tensor k, Tensor v, float dropout_p, float softmax_scale,"
        " bool causal) -> Tensor"
    )
    library.impl("_flash_attn_forward", lambda q, k, v, *_: q.clone(), "CPU")
    q = torch.randn(2, 16, 4, 8)  # batch, positions, heads, head size

    class Attention(nn.Linear):
        def forward(self, x):
            out = torch.ops.flash_attn._flash_attn_forward(q, q, q, 0.0, 1.0, True)
            return super().forward(out.reshape(2, 16, 32))

    model = Attention(32, 4)
    with tracked(model) as tracker:
        model(q).sum().backward()
    kernels = tracker.ledger.counts()[0].by_kernel
    assert kernels["flash_attn::_flash_attn_forward"] == 4 * 2 * 4 * 16 * 16 * 8


def test_formats_are_told_apart_under_autocast(small, tracked) -> None:
    optimizer = torch.optim.SGD(small.model.parameters())
    with tracked(small.model) as tracker:
        for _ in range(2):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = small.model(torch.randn(5, 8)).sum()
            loss.backward()
            optimizer.step()
        small.model(torch.randn(5, 8)).sum().backward()
    training = 5 * (3 * small.row - small.first)
    mixed, mixed_again, single = tracker.ledger.counts()
    assert mixed.by_format == mixed_again.by_format == {"bf16": training}
    assert single.by_format == {"fp32": training}


def test_every_operator_of_pytorch_is_sorted() -> None:
    """No operator that multiplies matrices may be taken for elementwise work."""
    from torch.utils.flop_counter import flop_registry

    from declarant.compute.tracker.torch.formulas import _ATTENTION, _BOUNDED, _OURS
    from declarant.compute.tracker.torch.kernels import is_uncounted_by_convention, name_of

    counted = {
        f"aten::{packet.__name__}" for packet in flop_registry if hasattr(packet, "overloads")
    }
    for name in {*counted, *_OURS, *_ATTENTION, *_BOUNDED}:
        space, _, short = name.partition("::")
        packet = getattr(getattr(torch.ops, space), short, None)
        if space == "aten" and packet is not None:
            operator = getattr(packet, packet.overloads()[0])
            assert not is_uncounted_by_convention(operator), name_of(operator)
    for cheap in (
        "add",
        "embedding",
        "native_layer_norm",
        "_softmax",
        "index",
        "upsample_bilinear2d",
    ):
        packet = getattr(torch.ops.aten, cheap)
        assert is_uncounted_by_convention(getattr(packet, packet.overloads()[0])), cheap
