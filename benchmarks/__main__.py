"""Every benchmark: `python -m benchmarks [LINKS [CSV_LINKS]]`, or `make bench`."""

from __future__ import annotations

import sys

from benchmarks import fabric, startup

if __name__ == "__main__":
    startup.main()
    fabric.main(*map(int, sys.argv[1:]))
