"""The database keeps what was written and what was sent."""

from typing import Any

from django.db import migrations

from declarant.desk.filer.questions import guards


def install(apps: Any, schema_editor: Any) -> None:
    """Make the guards."""
    guards.install(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    """Take them away."""
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """Guards of answers."""

    dependencies = [("questions", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
