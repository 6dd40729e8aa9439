"""The public line, with the ledger that is kept on disk."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")


def test_one_line_is_enough(small, tmp_path, monkeypatch) -> None:
    import declarant

    monkeypatch.chdir(tmp_path)
    optimizer = torch.optim.SGD(small.model.parameters())
    with declarant.track(small.model, run="atlas-2"):
        for _ in range(3):
            small.model(torch.randn(5, 8)).sum().backward()
            optimizer.step()
    text = "".join(
        file.read_text()
        for file in sorted((tmp_path / "declarant-ledger").rglob("*"))
        if file.is_file() and file.suffix not in {".lock"}
    )
    assert "atlas-2" in text
    assert str(5 * (3 * small.row - small.first)) in text
    assert "Sequential(0=float32[5,8]; training, 4 trained tensors)" in text
