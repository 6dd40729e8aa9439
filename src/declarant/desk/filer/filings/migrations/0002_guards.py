"""The database refuses to change what was certified."""

from typing import Any

from django.db import migrations

from declarant.desk.filer.filings import guards


def install(apps: Any, schema_editor: Any) -> None:
    """Make the triggers."""
    guards.install(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    """Take them away."""
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """Guards of filings."""

    dependencies = [("filings", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
