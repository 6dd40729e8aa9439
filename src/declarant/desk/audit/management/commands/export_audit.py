"""`export_audit FOLDER`: the audit log as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from declarant.desk.audit.exporting import export
from declarant.problems import BadInput


class Command(BaseCommand):
    """Writes the log, its signed heads and the hashes of stored files to a folder."""

    help = (
        "Write the audit log, its signed heads and the hashes of all stored files to a new folder. "
        "Check it with: declarant audit verify FOLDER --head HEAD --files HOME/files"
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path, help="new or empty folder to write to")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Write it."""
        try:
            size = export(folder, "command line")
        except BadInput as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{size} entries written to {folder}")
