"""The examples' evidence is what the script beside it writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from declarant.compute.meter import read_metered

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_the_evidence_is_written_by_the_script(tmp_path: Path) -> None:
    script = EXAMPLES / "make_evidence.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    written = sorted(file.relative_to(tmp_path) for file in tmp_path.rglob("*") if file.is_file())
    assert len(written) == 11
    for file in written:
        if file.suffix == ".parquet":  # its bytes depend on the library's version
            kept, made = (read_metered(root / file, file.name) for root in (EXAMPLES, tmp_path))
            assert kept == made, file
        else:
            assert (EXAMPLES / file).read_bytes() == (tmp_path / file).read_bytes(), file
