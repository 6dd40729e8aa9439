"""What a process of its own does to a filing, and where it is killed; patched in from outside."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID, uuid4


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _then_die(act: Callable[..., Any]) -> Callable[..., Any]:
    def done(*arguments: Any, **named: Any) -> None:
        act(*arguments, **named)
        _die()

    return done


def _patched(fault: str) -> Any:
    """Kill this process at a place of the product, by its name."""
    when, _, where = fault.partition(" ")
    module, _, path = where.partition(":")
    *classes, name = path.split(".")
    holder = import_module(module)
    for part in classes:
        holder = getattr(holder, part)
    kept = getattr(holder, name)
    return mock.patch.object(holder, name, _die if when == "before" else _then_die(kept))


def prepare(*quarters: str) -> None:
    """Make two people, and for each quarter a filing that waits, every statement made."""
    from tests.desk import people
    from tests.desk.filings.office import Office

    office = Office(people.make("preparer"), people.make("certifying_officer"))
    rows = [office.ticked(office.ready(quarter)) for quarter in quarters]
    key = office.key().pk
    print(json.dumps([{"filing": row.pk, "act": str(uuid4()), "key": key} for row in rows]))


def certify(given: dict[str, Any], way: str = "smtp", gate: str = "") -> None:
    """Certify as the page does when its form comes in; say "refused" when it does not."""
    from tests.desk.filings.office import PASSPHRASE

    from declarant.desk.filer.filings.models import Filing, SigningKey
    from declarant.desk.filer.filings.signing import certifying, opening
    from declarant.problems import BadInput

    row = Filing.objects.get(pk=given["filing"])
    key = SigningKey.objects.get(pk=given["key"])
    act = certifying.Act(UUID(given["act"]), row.document.sha256, key, way)
    if gate:
        Path(f"{gate}.{os.getpid()}").touch()
        while not Path(gate).exists():
            time.sleep(0.01)
    try:
        certifying.certify(row.officer, row, act, lambda: opening.signer_of(key, PASSPHRASE))
    except BadInput as problem:
        print("refused", problem)
    else:
        print("done")


def work() -> None:
    """Do what a worker does until nothing waits."""
    from django.core.management import call_command

    call_command("work", "--once")


def killed_at(faults: list[str], act: Callable[[], None]) -> Iterator[tuple[str, bool]]:
    """Let a process of its own act once for each fault; tell whether SIGKILL ended it.

    The processes are forked from this one, so that each need not read the whole program again;
    no connection to the database is shared.
    """
    from django.db import connections

    for fault in faults:
        connections.close_all()
        child = os.fork()
        if child == 0:
            try:
                with _patched(fault):
                    act()
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        yield fault, os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def trials(given: dict[str, Any], faults: list[str], of: str) -> None:
    """Certify, or do a worker's work, once for each fault; say how things stand after each."""
    acts = {"signing": lambda: certify(given), "mail": work}
    told = []
    for fault, killed in killed_at(faults, acts[of]):
        told.append({"fault": fault, "killed": killed} | found(given))
        if of == "mail":
            later()
    print(json.dumps(told))


def only_the_mail() -> None:
    """Take the jobs of other rooms away: only the mail is looked at here."""
    from declarant.desk.work.models import Job, Letter

    Job.objects.filter(state="queued").update(state="cancelled")
    Letter.objects.filter(key__contains=":ready:").update(state="sent")


def later() -> None:
    """Let the time pass after which a dead worker's claims are taken over."""
    from datetime import timedelta

    from django.utils import timezone

    from declarant.desk.filer.filings.models import Dispatch
    from declarant.desk.work.models import Letter

    before = timezone.now() - timedelta(minutes=20)
    Letter.objects.filter(state="sending").update(claimed=before)
    Letter.objects.update(not_before=before)
    Dispatch.objects.filter(state="sending").update(claimed=before)
    Dispatch.objects.update(not_before=before)


def state(given: dict[str, Any]) -> None:
    """Say what the database and the vault hold of the filing."""
    print(json.dumps(found(given)))


def found(given: dict[str, Any]) -> dict[str, Any]:
    """Return what the database and the vault hold of the filing."""
    from declarant.desk.audit.models import Entry
    from declarant.desk.filer.filings.models import Filing
    from declarant.desk.filer.register.models import Record
    from declarant.desk.work.models import Letter
    from declarant.filing.canonical import sha256

    row = Filing.objects.get(pk=given["filing"])
    entries = Entry.objects.filter(subject=row.subject)
    return {
        "state": row.state,
        "message": row.message.sha256 if row.message else None,
        "intact": row.message is None or sha256(row.message.read()) == row.message.sha256,
        "act": str(row.act) if row.act else None,
        "dispatches": [list(item) for item in row.dispatches.values_list("way", "state")],
        "letters": Letter.objects.filter(key__startswith=f"filing:{row.pk}:")
        .exclude(key__contains="ready")
        .count(),
        "certified": entries.filter(action="filing.certified").count(),
        "sent": entries.filter(action="filing.sent").count(),
        "filings": Filing.objects.filter(quarter=row.quarter).count(),
        "in_register": Record.objects.filter(kind="filing").count(),
    }
