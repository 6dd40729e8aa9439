"""Addresses of the register."""

from __future__ import annotations

from django.urls import path, register_converter

from declarant.desk.filer.register.kinds import BY_SECTION, SECTIONS, Kind
from declarant.desk.filer.register.views import (
    editors,
    evidence,
    exporting,
    imports,
    overview,
    records,
)


class SectionConverter:
    """A kind of record, written in addresses as its section of `register.yaml`."""

    regex = "|".join(BY_SECTION)

    def to_python(self, value: str) -> Kind:
        """Return the kind."""
        return BY_SECTION[value]

    def to_url(self, value: str) -> str:
        """Return the section."""
        return SECTIONS[value].name


class KeyConverter:
    """What a record is known by."""

    regex = r"[^/\x00]{1,100}"

    def to_python(self, value: str) -> str:
        """Return the key."""
        return value

    def to_url(self, value: str) -> str:
        """Return the key."""
        return value


register_converter(SectionConverter, "section")
register_converter(KeyConverter, "key")

app_name = "register"
urlpatterns = [
    path("", overview.index, name="index"),
    path("export/", imports.export, name="export"),
    path("import/", imports.imports, name="imports"),
    path("import/<int:pk>/", imports.one_import, name="import"),
    path("import/<int:pk>/confirm/", imports.confirm_import, name="import_confirm"),
    path("import/<int:pk>/discard/", imports.discard_import, name="import_discard"),
    path("evidence/", evidence.files, name="evidence"),
    path("evidence/upload/", evidence.upload, name="upload"),
    path("evidence/<int:pk>/", evidence.one_file, name="evidence_file"),
    path("evidence/<int:pk>/download/", evidence.download, name="evidence_download"),
    path("evidence/<int:pk>/remove/", evidence.remove, name="evidence_remove"),
    path("add/<section:kind>/", editors.add, name="add"),
    path("add/<section:kind>/yaml/", editors.add_yaml, name="add_yaml"),
    path("<section:kind>/", records.listed, name="records"),
    path("<section:kind>/<key:key>/", records.page, name="record"),
    path("<section:kind>/<key:key>/edit/", editors.edit, name="edit"),
    path("<section:kind>/<key:key>/yaml/", editors.edit_yaml, name="edit_yaml"),
    path("<section:kind>/<key:key>/history/", records.history, name="history"),
    path(
        "<section:kind>/<key:key>/export/<slug:form>/",
        exporting.export_record,
        name="export_record",
    ),
    path("<section:kind>/<key:key>/remove/", records.remove, name="remove"),
    path("<section:kind>/<key:key>/restore/", records.restore, name="restore"),
]
