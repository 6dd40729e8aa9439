"""Pages of a large desk, in server time and queries, against an empty Django page in one run.

The peer is what Django itself needs for a page of ten bytes through the same middleware, signed in:
session, user, access. Both are asked by Django's test client in this process, in turns; the best of
several turns counts, so that other work on the machine does not.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import large_desk

TARGET_MS = 200
_PAGES = (
    "/",
    "/determination/",
    "/determination/us-bis-702-7/",
    "/register/",
    "/register/runs/",
    "/register/clusters/",
    "/register/evidence/",
    "/register/runs/run-10/",
    "/register/clusters/cluster-1/",
    "/filings/",
    "/questions/",
    "/clocks/",
    "/account/people/",
    "/audit/",
    "/search/?q=run",
)
_EMPTY = "/empty/"


def main(turns: int = 7, runs: int = large_desk.RUNS, clusters: int = large_desk.CLUSTERS) -> None:
    """Make the desk, ask every page, print a table."""
    with tempfile.TemporaryDirectory() as folder:
        _set_up(Path(folder))
        seconds = _fill(Path(folder) / "register", runs, clusters)
        print(f"\n{runs} runs, {clusters} clusters, {large_desk.YEARS} years of filings, SQLite")
        print(f"assessed in the background in {seconds:.0f} s")
        _ask(turns)


def _set_up(home: Path) -> None:
    os.environ |= {
        "DECLARANT_HOME": str(home / "home"),
        "DJANGO_SETTINGS_MODULE": "declarant.desk.settings.filer",
    }
    from declarant.desk import starting

    starting.prepare(lambda text: None)
    from django.conf import settings
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    from declarant.desk.access import Power, access
    from declarant.desk.urls import filer

    @access(get=Power.READ)
    def empty(request: HttpRequest) -> HttpResponse:
        return HttpResponse("<p>empty</p>")

    filer.urlpatterns.append(path(_EMPTY.lstrip("/"), empty, name="empty"))
    settings.ALLOWED_HOSTS = ["testserver"]


def _fill(folder: Path, runs: int, clusters: int) -> float:
    from django.core.management import call_command

    from declarant.desk.accounts.granting import grant
    from declarant.desk.accounts.models import User
    from declarant.desk.filer.register.importing import import_folder

    preparer = User.objects.create_user("li@example.org", "Li Wen", "seven herons over it")
    officer = User.objects.create_user("ada@example.org", "Ada Byrne", "seven herons over it")
    for role in ("preparer", "auditor"):
        grant("benchmark", preparer, role, reason="benchmark")
    large_desk.former_filings((preparer, officer))
    import_folder("benchmark", large_desk.register_folder(folder, runs, clusters))
    began = time.perf_counter()
    call_command("work", "--once")
    return time.perf_counter() - began


def _ask(turns: int) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from declarant.desk.accounts.models import User

    client = Client()
    client.force_login(
        User.objects.get(email="li@example.org"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    best: dict[str, float] = {}
    queries: dict[str, int] = {}
    for turn in range(turns):
        for page in (_EMPTY, *_PAGES):
            with CaptureQueriesContext(connection) as asked:
                began = time.perf_counter()
                answer = client.get(page)
                _read(answer)
                took = time.perf_counter() - began
            assert answer.status_code == 200, (page, answer.status_code)
            if turn:  # the first turn fills caches of templates and laws
                best[page] = min(took, best.get(page, took))
            queries[page] = len(asked)
    empty = best[_EMPTY]
    print(f"empty Django page: {empty * 1000:.1f} ms, {queries[_EMPTY]} queries\n")
    print(f"{'page':<34}{'ms':>8}{'ratio':>8}{'queries':>9}")
    for page in _PAGES:
        late = "" if best[page] * 1000 < TARGET_MS else f"  above {TARGET_MS} ms"
        print(
            f"{page:<34}{best[page] * 1000:>8.1f}{best[page] / empty:>8.1f}{queries[page]:>9}{late}"
        )


def _read(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


if __name__ == "__main__":
    main()
