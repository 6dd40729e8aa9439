"""The database refuses to edit a version of a record, or an upload."""

from typing import Any

from django.db import migrations

from declarant.desk.filer.register import guards


def install(apps: Any, schema_editor: Any) -> None:
    """Make the guards."""
    guards.install(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    """Take them away."""
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """Guards of versions and uploads."""

    dependencies = [("register", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
