"""A tracker's ledger, sent while a model is trained: checked, then kept as evidence of its run."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from declarant.compute.tracker.reading.read_ledger import ledger_files
from declarant.compute.tracker.reading.verification import verify
from declarant.desk.api.authentication import Scope, person_of
from declarant.desk.api.scopes import LEDGER_WRITE
from declarant.desk.api.v1.evidence import body, out
from declarant.desk.api.v1.schemas import REFUSED, EvidenceOut, FindingOut
from declarant.desk.filer.register.evidence import add_evidence
from declarant.desk.filer.register.models import Record
from declarant.desk.vault import store
from declarant.problems import BadInput

router = Router(tags=["ledgers"])
FILE_NAME = re.compile(r"^rank-\d{5,}(\.\d+)?\.ledger\.jsonl(\.gz)?$")


class Taken(Schema):
    """A ledger that was taken in: where it is kept, its records, and what its chain says."""

    evidence: EvidenceOut
    records: int
    head: str
    findings: list[FindingOut]


@router.put(
    "/{run}/{name}",
    response={200: Taken, **REFUSED},
    auth=Scope(LEDGER_WRITE),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
def send_ledger(request: HttpRequest, run: str, name: str) -> Any:
    """Send one rank's whole ledger file of a training run; send it again as it grows.

    It is kept under `evidence/RUN/ledger/NAME`, each state a version. A file whose chain is broken
    is refused; one that was torn by a kill is taken, and the findings say so.
    """
    if not Record.objects.filter(kind="run", key=run, active=True).exists():
        raise HttpError(404, "There is no such training run in the register.")
    if not FILE_NAME.match(name):
        raise HttpError(422, "Name the file as the tracker does: rank-00000.ledger.jsonl.")
    stored = store(body(request), name=name)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(stored.path, Path(folder) / name)
        result = verify(ledger_files(Path(folder), name), ())
    if not result.holds or not result.files:
        raise BadInput(result.findings)
    row = add_evidence(person_of(request), f"evidence/{run}/ledger/{name}", stored)
    (file,) = result.files
    return {
        "evidence": out(row),
        "records": file.records,
        "head": file.head,
        "findings": [finding.as_json() for finding in result.findings],
    }
