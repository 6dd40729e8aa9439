"""A Django project of the audit app alone: the log needs no other part of the desk."""

import os
from pathlib import Path
from types import SimpleNamespace

import dj_database_url

HOME = Path(os.environ["AUDIT_TEST_HOME"])
DESK = SimpleNamespace(home=HOME, heads_to=())
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("AUDIT_TEST_DATABASE") or f"sqlite:///{HOME / 'desk.sqlite3'}"
    )
}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }
INSTALLED_APPS = ["declarant.desk.audit"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
SECRET_KEY = "not used"
