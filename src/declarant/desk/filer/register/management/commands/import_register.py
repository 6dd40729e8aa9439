"""`import_register FOLDER`: take a register folder on this machine in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from declarant.desk.filer.register.importing import Examined, examine_folder, import_folder
from declarant.desk.filer.register.planning import SAME
from declarant.problems import BadInput

ACTOR = "command line"


class Command(BaseCommand):
    """Take in a folder with its `register.yaml` and evidence, all of it or nothing."""

    help = "Imports a register folder: the same folder that `declarant assess` reads."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add FOLDER, --preview and --replace."""
        parser.add_argument("folder", type=Path, help="Folder that holds register.yaml.")
        parser.add_argument(
            "--preview", action="store_true", help="Only say what would change, and change nothing."
        )
        parser.add_argument(
            "--replace", action="store_true", help="Take out what the folder does not have."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, or say what importing would do."""
        folder: Path = options["folder"].resolve()
        try:
            if options["preview"]:
                self._preview(examine_folder(folder), options["replace"])
                return
            summary = import_folder(ACTOR, folder, with_removals=options["replace"])
        except BadInput as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(f"records: {_counted(summary.records)}; files: {_counted(summary.files)}")

    def _preview(self, examined: Examined, replace: bool) -> None:
        plan = examined.plan
        lines = [
            f"{item.act:8} {item.kind} {item.key}" for item in plan.records if item.act != SAME
        ]
        lines += [f"{act:8} {path}" for path, act in plan.files.items() if act != SAME]
        if replace:
            lines += [f"removed  {row.kind} {row.key}" for row in plan.removed]
            lines += [f"removed  {path}" for path in plan.files_removed]
        self.stdout.write("\n".join(lines) or "Nothing would change.")


def _counted(held: dict[str, int]) -> str:
    return ", ".join(f"{count} {act}" for act, count in held.items()) or "none"
