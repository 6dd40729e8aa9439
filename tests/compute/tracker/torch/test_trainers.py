"""The callbacks for Hugging Face's Trainer and for Lightning."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
nn = torch.nn


@pytest.fixture
def recorded(monkeypatch):
    """Ledgers of trackers that are made by a callback."""
    from tests.compute.tracker.torch.conftest import Recorder

    from declarant.compute.tracker import writer

    made = []

    def opens(folder, run, *, rank, world_size, flush_seconds, facts):
        made.append(Recorder(rank, world_size, facts))
        made[-1].run = run
        return made[-1]

    monkeypatch.setattr(writer, "LedgerWriter", opens)
    return made


class _Rows(torch.utils.data.Dataset):
    def __init__(self, number: int, length: int) -> None:
        self.rows = torch.randint(0, 32, (number, length))

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place):
        return {"input_ids": self.rows[place], "labels": self.rows[place]}


def test_hugging_face(recorded, tmp_path, flops) -> None:
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")
    from declarant.compute.tracker.torch.transformers_callback import DeclarantCallback

    model = transformers.GPT2LMHeadModel(
        transformers.GPT2Config(n_embd=16, n_layer=1, n_head=2, vocab_size=32, n_positions=16)
    )

    def arguments(**more):
        return transformers.TrainingArguments(
            output_dir=str(tmp_path),
            per_device_train_batch_size=2,
            per_device_eval_batch_size=4,
            gradient_accumulation_steps=2,
            eval_strategy="steps",
            eval_steps=2,
            save_steps=2,
            report_to=[],
            disable_tqdm=True,
            use_cpu=True,
            **more,
        )

    def trainer(**more):
        return transformers.Trainer(
            model=model,
            args=arguments(**more),
            train_dataset=_Rows(32, 8),
            eval_dataset=_Rows(8, 8),
            callbacks=[DeclarantCallback("atlas-2")],
        )

    trainer(max_steps=4).train()
    (ledger,) = recorded
    assert ledger.closed
    assert ledger.run == "atlas-2"
    assert ledger.facts["model"] == "GPT2LMHeadModel"
    assert len(ledger.counts("")) == 8
    assert len(ledger.counts("evaluation")) == 4
    assert {count.tokens for count in ledger.counts("")} == {16}
    assert [step for _, purpose, step in ledger.adds if not purpose] == [0, 0, 1, 1, 2, 2, 3, 3]
    layer, head, core = 12 * 16 * 16, 32 * 16, 2 * 8 * 16
    once = 2 * 16 * (layer + head + core)
    assert ledger.model("") == 8 * 3 * once
    assert ledger.executed("evaluation") == 4 * 2 * once

    trainer(max_steps=6).train(resume_from_checkpoint=True)
    assert [step for _, purpose, step in recorded[1].adds if not purpose] == [4, 4, 5, 5]
    assert not model._forward_hooks


def test_lightning(recorded, tmp_path) -> None:
    lightning = pytest.importorskip("lightning.pytorch")
    from declarant.compute.tracker.torch.lightning_callback import DeclarantCallback

    class Model(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(8, 4)

        def training_step(self, batch, _):
            return self.layer(batch).square().mean()

        def validation_step(self, batch, _):
            return self.layer(batch).square().mean()

        def configure_optimizers(self):
            return torch.optim.AdamW(self.parameters())

    def loader(number: int, size: int):
        return torch.utils.data.DataLoader(torch.randn(number, 8), batch_size=size)

    model = Model()
    trainer = lightning.Trainer(
        max_epochs=2,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        accumulate_grad_batches=2,
        default_root_dir=tmp_path,
        callbacks=[DeclarantCallback("atlas-2")],
    )
    trainer.fit(model, loader(16, 4), loader(6, 3))
    (ledger,) = recorded
    assert ledger.closed
    row = 2 * 8 * 4
    assert [count.executed.best for count in ledger.counts("")] == [4 * 2 * row] * 8
    assert [count.executed.best for count in ledger.counts("evaluation")] == [3 * row] * 6
    assert [step for _, purpose, step in ledger.adds if not purpose] == [0, 0, 1, 1, 2, 2, 3, 3]
