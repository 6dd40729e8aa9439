"""The generated reference says what the commands say today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_reference_is_current(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "make_reference.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, timeout=120)
    written = sorted(file.relative_to(tmp_path) for file in tmp_path.rglob("*") if file.is_file())
    assert written
    for file in written:
        now = (ROOT / "docs" / "reference" / file).read_text(encoding="utf-8")
        assert now == (tmp_path / file).read_text(encoding="utf-8"), f"run `make docs`: {file}"
