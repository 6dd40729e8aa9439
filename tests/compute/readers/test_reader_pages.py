"""Every format of what runs left stands on a how-to page, with a small file as shown."""

from pathlib import Path

import pytest

from declarant.compute.readers import readers

HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to"
FILES = sorted((HOW_TO / "files" / "runs").iterdir())
ALL = {page.name: page.read_text(encoding="utf-8") for page in HOW_TO.glob("*.md")}
PAGES = {
    name: text
    for name, text in ALL.items()
    if name.startswith("read-") and "$ declarant log" in text
}
WORDS = {
    "megatron-log": "Megatron-LM",
    "megatron-progress": "progress.txt",
    "mllog": "MLPerf",
    "trainer-state": "trainer_state.json",
    "tensorboard": "TensorBoard",
    "mlflow": "MLflow",
    "wandb-offline": "Weights & Biases, offline",
    "wandb-system": "W&B system metrics",
    "sacct": "sacct",
    "metered": "metered.parquet",
    "tracker-ledger": "declarant ledger",
}
"""What a page calls each format."""


def test_every_format_stands_on_a_page() -> None:
    assert set(WORDS) == set(readers())
    for word in WORDS.values():
        assert any(word in page for page in ALL.values()), word


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_small_file_stands_on_a_page(file: Path) -> None:
    assert any(f"docs/how-to/files/runs/{file.name}" in page for page in ALL.values())
    held = [item for item in file.rglob("*") if item.is_file()] if file.is_dir() else [file]
    assert sum(item.stat().st_size for item in held) < 40_000


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_answers_the_same_questions(name: str) -> None:
    headings = [line[3:] for line in PAGES[name].splitlines() if line.startswith("## ")]
    assert headings[-1] == "Traps"
    assert "What is taken from it" in headings
    assert {"Read it", "Read them"} & set(headings)
