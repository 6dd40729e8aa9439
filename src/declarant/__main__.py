"""`python -m declarant`."""

from declarant.cli import main

main()
