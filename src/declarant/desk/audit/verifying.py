"""Verifying this desk's own log from inside: quick to ask for, but the desk judges itself.

The same verifier that works off line reads the database in use. An auditor should run
`declarant audit verify` elsewhere, with heads that were kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection

from declarant.audit_log import (
    Verification,
    WrongEntry,
    verify,
    verify_files,
)
from declarant.audit_log.head_files import heads_in
from declarant.audit_log.stored import SURPLUS, as_of_tree, read_stored
from declarant.desk.audit import guards
from declarant.desk.audit.heads import folder
from declarant.desk.audit.keys import known_keys
from declarant.problems import Finding

_MEND_GUARDS = "Ask the operator to run `migrate audit 0001` and `migrate audit` once more."
Progress = Callable[[int, int, bool], None]


def verify_desk(progress: Progress = lambda done, total, files: None) -> Verification:
    """Verify entries, heads and stored files of this desk; heads of HOME/heads are checked as well.

    `progress(done, total, files)` counts entries, then files.
    """
    files = "vault_storedfile" in connection.introspection.table_names()
    # no transaction: it would keep others from writing, and progress from being seen
    found = as_of_tree(read_stored(str(settings.DESK.public_url), _execute, files=files))
    size = found.tree.size if found.tree else 0
    found.heads += heads_in(folder(), found.heads)
    result = verify(found, known_keys(), lambda done: progress(done, size, False))
    for name in guards.missing(connection):
        what = f"the database's guard {name} is gone: statements may change the log."
        result.findings.append(Finding("audit.guard_missing", what, mend=_MEND_GUARDS))
    ((surplus,),) = _execute(SURPLUS)
    if surplus > 0 and result.valid:
        what = f"there are {surplus} more entries than the database counts"
        result.wrong_entry(WrongEntry(size, size, "added", what))
        result.name_first()
    if found.files is not None:
        number = len(found.files)
        place = settings.DESK.home / "files"
        verify_files(found, place, result, lambda done: progress(done, number, True))
    return result


def _execute(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
