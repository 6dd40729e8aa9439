"""Weights & Biases, run offline: the file run-ID.wandb, or a folder that holds such files.

A run's history gives its scalars by the table of `tags`; its configuration gives sequence length
and batch. The step is the trainer's (`train/global_step`, `trainer/global_step`) where it is
logged, since W&B's own `_step` counts calls of the logger and never goes back. The system metrics
in the file are described and left to the meter.

Source: wandb/proto/wandb_internal.proto; docs.wandb.ai, offline mode.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from declarant.compute.ledger import Evidence, Method
from declarant.compute.readers.extras import library
from declarant.compute.readers.registry import Given, reader
from declarant.compute.readers.source import Source
from declarant.compute.readers.stores.run_pieces import told_by
from declarant.compute.readers.stores.run_store import MOST_RUNS, recording_of
from declarant.compute.readers.stores.wandb_log import HEADER, RecordFile
from declarant.compute.readers.stores.wandb_run import OfflineRun
from declarant.compute.recording import Recording
from declarant.formats import Sample
from declarant.problems import Finding, Place, bad_input

VERSION = "wandb-offline/1"


def _is_offline(sample: Sample) -> bool:
    if sample.name.endswith("/"):
        return any(name.endswith(".wandb") for name in sample.head.split("\n"))
    return sample.content.startswith(HEADER)


@reader("wandb-offline", shows="W&B offline run, run-ID.wandb", sniff=_is_offline)
def read(sources: Sequence[Source], given: Given) -> Recording:
    """Read the files of runs; files of one run's id are one run, in the order given.

    Raises:
        BadInput: when there is no such file, there are too many, or the library is missing.
    """
    held: dict[str, OfflineRun] = {}
    evidence: list[Evidence] = []
    findings: list[Finding] = []
    for number, (path, shown) in enumerate(_files(sources)):
        if number >= MOST_RUNS:
            raise bad_input(
                "wandb-offline.too_many_runs",
                f"holds more than {MOST_RUNS:,} files.",
                mend="Name the files of the runs that count.",
                file=sources[0].shown,
            )
        _read_file(path, shown, given, held, findings)
        evidence.append(Evidence(shown, Source(path).evidence[0].sha256))
    told = [told_by(run.scalars, given) for run in held.values()]
    facts = [fact for run in held.values() for fact in run.facts()]
    findings += [item for run in held.values() for item in run.findings()]
    return recording_of(
        "wandb-offline", VERSION, Method.TRAINER_LOG, tuple(evidence), told, findings, facts
    )


def _files(sources: Sequence[Source]) -> Iterator[tuple[Path, str]]:
    for source in sources:
        if not source.path.is_dir():
            yield source.path, source.shown
            continue
        seen: set[Path] = set()
        for path in sorted(source.path.rglob("*.wandb")):
            real = path.resolve()  # wandb/latest-run is a link to one of the others
            if path.is_file() and real not in seen and real.is_relative_to(source.path.resolve()):
                seen.add(real)
                inner = real.relative_to(source.path.resolve()).as_posix()
                yield real, f"{source.shown}/{inner}"
        if not seen:
            raise bad_input(
                "wandb-offline.no_runs",
                "holds no .wandb file.",
                mend="Name the folder wandb, or one of its offline-run-….",
                file=source.shown,
            )


def _read_file(
    path: Path, shown: str, given: Given, held: dict[str, OfflineRun], findings: list[Finding]
) -> None:
    messages = library("wandb.proto.wandb_internal_pb2", "wandb", shown)
    file = RecordFile(path, shown)
    run = OfflineRun(path.stem.removeprefix("run-"), shown, given)
    strange = 0
    for raw in file.records():
        try:
            record = messages.Record.FromString(raw)
        except Exception:  # the library's own kinds of error differ by its backend
            strange += 1
            continue
        if record.WhichOneof("record_type") == "run" and record.run.run_id in held:
            run = held[record.run.run_id]  # resumed: its steps go on, or go back
        run.add(record)
    held.setdefault(run.identity, run)
    if file.lost or strange:
        share = f"{100 * file.lost / file.size:.1f} %"
        findings.append(
            Finding(
                "wandb-offline.damaged",
                f"breaks off or is damaged: {file.lost:,} bytes and {strange:,} records cannot be "
                "read.",
                Place(shown),
                "Copy the file again; a run that was killed leaves its last records unfinished.",
                effect=f"leaves out {share} of the file, and what it counts",
            )
        )
