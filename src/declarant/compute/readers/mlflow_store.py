"""MLflow's tracking store: a folder `mlruns`, one run of it, or an `mlflow.db` of SQLite.

Both are read directly and never written to. MLflow's own library is not used: opening a store with
it may migrate the database, which would change the evidence, and it keeps the folder form in
maintenance since MLflow 3.7. Sources: mlflow.org/docs, backend stores; mlflow/store/tracking/
file_store.py (a metric's file holds `timestamp value step` a line) and dbmodels/models.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from declarant.compute.ledger import Evidence, Method
from declarant.compute.readers.registry import Given, reader
from declarant.compute.readers.source import Source
from declarant.compute.readers.stores.mlflow_database import read_database
from declarant.compute.readers.stores.mlflow_folder import evidence_of, read_folder
from declarant.compute.readers.stores.mlflow_run import StoredRun
from declarant.compute.readers.stores.run_pieces import told_by
from declarant.compute.readers.stores.run_store import recording_of
from declarant.compute.recording import Recording
from declarant.formats import Sample
from declarant.problems import Finding, Place, Severity

VERSION = "mlflow/1"


def _is_mlflow(sample: Sample) -> bool:
    if sample.name.endswith("/"):
        names = sample.head.split("\n")
        has_meta = any(name == "meta.yaml" or name.endswith("/meta.yaml") for name in names)
        return has_meta and any(
            name == part or f"/{part}" in f"/{name}" for name in names for part in ("metrics/",)
        )
    return sample.content.startswith(b"SQLite format 3\0") and b"run_uuid" in sample.content


@reader("mlflow", shows="MLflow store, mlruns or mlflow.db", suffixes=(".db",), sniff=_is_mlflow)
def read(sources: Sequence[Source], given: Given) -> Recording:
    """Read stores; each run that logged a step gives pieces of its own.

    Raises:
        BadInput: when a database cannot be read or is no tracking store.
    """
    runs: list[StoredRun] = []
    findings: list[Finding] = []
    evidence: list[Evidence] = []
    for source in sources:
        if source.path.is_dir():
            runs += read_folder(source, given, findings)
            evidence += evidence_of(source)
        else:
            runs += read_database(source, given, findings)
            evidence += source.evidence
    for run in runs:
        findings += _of_run(run)
    told = [told_by(run.scalars, given) for run in runs]
    return recording_of("mlflow", VERSION, Method.TRAINER_LOG, tuple(evidence), told, findings)


def _of_run(run: StoredRun) -> list[Finding]:
    place = Place(run.scalars.file)
    found = []
    if run.is_deleted and run.scalars.tracks:
        found.append(
            Finding(
                "mlflow.deleted_run",
                f"Run {run.scalars.name!r} was deleted, and still stands in the store.",
                place,
                severity=Severity.NOTE,
                effect="it is counted: what it used was used",
            )
        )
    if run.parent and run.scalars.tracks:
        found.append(
            Finding(
                "mlflow.run_within_a_run",
                f"Run {run.scalars.name!r} was logged within another run, {run.parent[:64]}.",
                place,
                "Check that the two do not log the same steps.",
                Severity.NOTE,
                "both are counted",
            )
        )
    if run.is_running and run.scalars.tracks:
        found.append(
            Finding(
                "mlflow.running",
                f"Run {run.scalars.name!r} has not ended, as the store has it.",
                place,
                "Read the store again when it has.",
                effect="counted as far as it went",
            )
        )
    return found
