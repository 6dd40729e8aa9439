"""The fused encoder layer that PyTorch runs without gradients costs what the plain one costs."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")


FUSED = {"aten::_transformer_encoder_layer_fwd", "aten::_native_multi_head_attention"}
"""Which of them a layer runs depends on its settings."""


@pytest.mark.parametrize("width", [32, 64])
@pytest.mark.parametrize("norm_first", [False, True])
def test_a_fused_layer_costs_what_its_parts_cost(tracked, width: int, norm_first: bool) -> None:
    from torch.utils.flop_counter import FlopCounterMode

    layer = torch.nn.TransformerEncoderLayer(
        width, 4, 3 * width, dropout=0.0, batch_first=True, norm_first=norm_first
    )
    batch = torch.randn(2, 7, width)
    slowly = torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH)
    with slowly, FlopCounterMode(display=False) as plain:  # it knows no fused attention on a CPU
        layer.train()(batch)
    layer.eval()
    with tracked(layer) as tracker, torch.no_grad():
        layer(batch)
    assert FUSED & set(tracker.ledger.counts()[0].by_kernel)
    assert tracker.ledger.executed("evaluation") == plain.get_total_flops()
