"""TensorBoard event files: one file, the files of one run, or a folder of runs.

A run is a folder that holds event files, as TensorBoard has it; its files are read in the order
they were begun (the number in their name). A file that overlaps in time with the one before was
written beside it, by another rank or a second trainer: only the longer of the two is counted.
Values are 32-bit floats, so a counter is right to 24 bits.

Source: tensorboard/README.md, event files and runs; tensorboard/compat/proto/event.proto.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from declarant.compute.ledger import Evidence, Method
from declarant.compute.readers.registry import Given, reader
from declarant.compute.readers.source import Source
from declarant.compute.readers.stores.run_pieces import told_by
from declarant.compute.readers.stores.run_scalars import RunScalars
from declarant.compute.readers.stores.run_store import MOST_RUNS, recording_of
from declarant.compute.readers.stores.tensorboard_records import EventFile
from declarant.compute.recording import Recording
from declarant.formats import Sample
from declarant.problems import Finding, Place, Severity, bad_input

VERSION = "tensorboard/1"
_NAME = re.compile(r"(?:^|/)[^/\n]*tfevents\.(\d{1,12})", re.MULTILINE)


def _is_tensorboard(sample: Sample) -> bool:
    if sample.name.endswith("/"):
        return _NAME.search(sample.head) is not None
    # a record's length, then an event that says which version of the file it begins
    return _NAME.search(sample.name) is not None or b"brain.Event:" in sample.content[:128]


@reader("tensorboard", shows="TensorBoard event files", sniff=_is_tensorboard)
def read(sources: Sequence[Source], given: Given) -> Recording:
    """Read event files; those of one folder are one run.

    Raises:
        BadInput: when there is no event file, there are too many runs, or the library is missing.
    """
    by_run = _by_run(sources)
    if len(by_run) > MOST_RUNS:
        raise bad_input(
            "tensorboard.too_many_runs",
            f"holds {len(by_run):,} runs; {MOST_RUNS:,} are the most that are read at once.",
            mend="Name the folders of the runs that count.",
            file=sources[0].shown,
        )
    told, findings = [], []
    for name, files in sorted(by_run.items()):
        run, noticed = _read_run(name, files, given)
        findings += noticed
        told.append(told_by(run, given))
    evidence = tuple(item for source in sources for item in _evidence(source))
    return recording_of("tensorboard", VERSION, Method.TRAINER_LOG, evidence, told, findings)


def _by_run(sources: Sequence[Source]) -> dict[str, list[tuple[Path, str]]]:
    held: dict[str, list[tuple[Path, str]]] = {}
    for source in sources:
        if not source.path.is_dir():
            held.setdefault("", []).append((source.path, source.shown))
            continue
        found = False
        for path in _event_files(source.path):
            found = True
            inner = path.relative_to(source.path)
            name = PurePosixPath(inner.parent).as_posix()
            held.setdefault("" if name == "." else name, []).append(
                (path, f"{source.shown}/{inner.as_posix()}")
            )
        if not found:
            raise bad_input(
                "tensorboard.no_events",
                "holds no event file (…tfevents…).",
                mend="Name the folder that TensorBoard is started with (--logdir).",
                file=source.shown,
            )
    return {name: sorted(files, key=_begun) for name, files in held.items()}


def _event_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if _NAME.search(path.name) and path.is_file():
            yield path


def _begun(item: tuple[Path, str]) -> tuple[int, str]:
    match = _NAME.search(item[0].name)
    return (int(match[1]) if match else 0, item[1])


def _evidence(source: Source) -> tuple[Evidence, ...]:
    if not source.path.is_dir():
        return source.evidence
    files = [Source(path) for path in _event_files(source.path)]
    return tuple(
        Evidence(
            f"{source.shown}/{file.path.relative_to(source.path).as_posix()}",
            file.evidence[0].sha256,
        )
        for file in files
    )


def _read_run(
    name: str, files: Sequence[tuple[Path, str]], given: Given
) -> tuple[RunScalars, list[Finding]]:
    """Read the files of one run one after the other; of two that overlap in time, the longer."""
    read = _in_order(name, files, given)
    if read is not None:
        return read
    chosen, beside = _apart(files)
    run, findings = _in_order(name, chosen, given, may_overlap=True) or (
        RunScalars(name, "tensorboard", files[0][1]),
        [],
    )
    for (_, shown), points in beside:
        findings.append(
            Finding(
                "tensorboard.written_beside",
                "was written while another file of the same run was: another rank, or a second "
                "trainer in the same folder. The longer file is counted.",
                Place(shown),
                "Give each trainer a folder of its own.",
                effect=f"leaves out {points:,} points",
            )
        )
    return run, findings


def _in_order(
    name: str, files: Sequence[tuple[Path, str]], given: Given, *, may_overlap: bool = False
) -> tuple[RunScalars, list[Finding]] | None:
    """Read files that follow each other; None as soon as one begins before another has ended."""
    findings: list[Finding] = []
    run = RunScalars(name, "tensorboard", files[0][1], length=given.sequence_length, narrow=True)
    latest = float("-inf")
    for path, shown in files:
        file = EventFile(path, shown)
        before, is_first = latest, True
        for scalar in file.scalars():
            if is_first and scalar.moment < before and not may_overlap:
                return None
            is_first = False
            latest = max(latest, scalar.moment)
            run.add(scalar.name, scalar.step, scalar.value, scalar.moment)
        findings += _damage(file)
    return run, findings


def _apart(
    files: Sequence[tuple[Path, str]],
) -> tuple[list[tuple[Path, str]], list[tuple[tuple[Path, str], int]]]:
    """Return the files that follow each other in time, and those written beside them."""
    spans = []
    for path, shown in files:
        points, first, last = 0, float("inf"), float("-inf")
        for scalar in EventFile(path, shown).scalars():
            points += 1
            first, last = min(first, scalar.moment), max(last, scalar.moment)
        spans.append(((path, shown), points, first, last))
    chosen: list[tuple[tuple[Path, str], int, float, float]] = []
    beside = []
    for span in spans:
        if span[1] == 0:
            chosen.append(span)  # nothing in it, but its damage is told
        elif chosen and span[2] < max(item[3] for item in chosen):
            rivals = [item for item in chosen if item[1] and span[2] < item[3]]
            if span[1] > sum(item[1] for item in rivals):
                chosen = [item for item in chosen if item not in rivals] + [span]
                beside += [(item[0], item[1]) for item in rivals]
            else:
                beside.append((span[0], span[1]))
        else:
            chosen.append(span)
    return [item[0] for item in chosen], beside


def _damage(file: EventFile) -> list[Finding]:
    found = []
    left = file.size - file.read
    if left > 0:
        share = f"{100 * left / file.size:.1f} %"
        found.append(
            Finding(
                "tensorboard.cut_off",
                "breaks off, or holds a record that does not match its checksum; what stands "
                "before it is counted.",
                Place(file.shown),
                "Copy the file again; a trainer that was killed leaves its last record unfinished.",
                Severity.WARNING,
                f"leaves out {left:,} of {file.size:,} bytes ({share}), and what they count",
            )
        )
    if file.unreadable:
        found.append(
            Finding(
                "tensorboard.no_event",
                f"{file.unreadable:,} records hold no event; passed over.",
                Place(file.shown),
                effect="leaves out an unknown amount",
            )
        )
    return found
