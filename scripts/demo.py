"""The main job on an example: count, assess, file with a trial key, verify. Used by `make demo`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def main(register: str, out: str, as_of: str) -> int:
    """Run the commands one after the other, showing each as a person would type it."""
    folder = Path(out)
    if folder.exists():
        shutil.rmtree(folder)
    key = folder / "trial-key"
    filing = folder / "2026Q4"
    for command in (
        ["count", register, "--as-of", as_of],
        ["assess", register, "--as-of", as_of],
        ["key", "make-trial", "--out", str(key), "--name", "Demo certifying officer"],
        [
            "file", register, "--quarter", "2026Q4", "--date", as_of, "--out", str(filing),
            "--tick", "all", "--sign-with", str(key / "trial-key.pem"),
            "--certificate", str(key / "trial-certificate.pem"),
        ],
        [
            "verify", str(filing / "notification-2026Q4.eml"),
            "--certificate", str(key / "trial-certificate.pem"),
        ],
    ):  # fmt: skip
        print(f"\n$ declarant {' '.join(command)}", flush=True)
        done = subprocess.run([sys.executable, "-m", "declarant", *command], check=False)
        if done.returncode:
            return done.returncode
    print(f"\nEverything written is in {folder}/.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
