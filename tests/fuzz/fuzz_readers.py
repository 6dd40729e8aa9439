"""Fuzzing of the readers of text logs with atheris: coverage shows it where to dig.

    python tests/fuzz/fuzz_readers.py -runs=100000 [corpus folder]
    python tests/fuzz/fuzz_readers.py -max_total_time=60

The first byte of an input picks the format, the rest is the file. Ends with an error on any
exception other than a refusal, on a recording whose amounts do not hold together, and on a hang.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

with atheris.instrument_imports(include=["declarant.compute.readers"]):
    from declarant.compute.readers import readers

    readers()  # every reader's module is imported by it, and instrumented here

from tests.compute.readers.hostile import outcome

IN_FOLDERS = ("mlflow", "wandb", "tensorboard")
"""Beginnings of the names of formats that other people's libraries read."""
FORMATS = [name for name in readers() if not name.startswith(IN_FOLDERS)]


def seeds(folder: Path) -> None:
    """Write one whole file of each format that the tests have at hand."""
    from tests.compute.readers.test_hostile_logs import CONTENTS

    for name, content in CONTENTS.items():
        (folder / name).write_bytes(bytes([FORMATS.index(name)]) + content)


def main() -> None:
    """Fuzz until the bounds that were given are reached."""
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)

        def one(content: bytes) -> None:
            if content:
                format = FORMATS[content[0] % len(FORMATS)]
                outcome(work, {"log": content[1:]}, format)

        corpus = work / "corpus"
        corpus.mkdir()
        seeds(corpus)
        print(f"formats: {', '.join(FORMATS)}", flush=True)
        words = sys.argv[1:] or ["-runs=20000"]
        atheris.Setup([sys.argv[0], "-timeout=10", "-rss_limit_mb=2048", *words, str(corpus)], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
