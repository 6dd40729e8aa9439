"""What machines recorded of a register's runs: files it names, read through the compute room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from declarant.compute.ledger import Evidence
from declarant.compute.readers import Given, read_recording
from declarant.compute.recording import Recording
from declarant.problems import BadInput, Finding, Severity
from declarant.register import schema
from declarant.register.folder import EvidenceFolder
from declarant.yaml_source import YamlDocument, field_name

_Path = tuple[str | int, ...]


class Recordings:
    """Reads logs, stores and exports, each once however many methods count from it."""

    def __init__(
        self, document: YamlDocument, evidence: EvidenceFolder, problems: list[Finding]
    ) -> None:
        self._document = document
        self._evidence = evidence
        self._problems = problems
        self._read: dict[tuple[schema.Recorded, _Path], Recording | None] = {}
        self._taken: dict[tuple[str, str | None], _Path] = {}

    def recording(self, recorded: schema.Recorded, given: Given, at: _Path) -> Recording | None:
        """Return what the named files recorded, of the named run alone where one is named.

        None after noting what keeps it from being read; `at` is where the register names it.
        """
        key = (recorded, at)
        if key not in self._read:
            try:
                self._read[key] = self._from_files(recorded, given, at)
            except BadInput as error:
                where = self._document.place(*at)
                self._problems += [
                    item if item.where.file else replace(item, where=where)
                    for item in error.findings
                ]
                self._read[key] = None
        return self._read[key]

    def _from_files(self, recorded: schema.Recorded, given: Given, at: _Path) -> Recording | None:
        paths = [
            self._evidence.file(name, self._document.place(*at, "files", n), folders=True)
            for n, name in enumerate(recorded.files)
        ]
        found = [path for path in paths if path is not None]
        if len(found) < len(paths):
            return None
        if recorded.zone is not None:
            given = replace(given, zone=ZoneInfo(recorded.zone))
        whole = read_recording(found, given, format=recorded.format)
        evidence = tuple(self._noted(item) for item in whole.evidence)
        found_twice = tuple(self._taken_before(evidence, recorded.run, at))
        whole = replace(whole, evidence=evidence, findings=(*whole.findings, *found_twice))
        return self._of_run(whole, recorded.run, at)

    def _taken_before(
        self, evidence: tuple[Evidence, ...], run: str | None, at: _Path
    ) -> Iterator[Finding]:
        """Yield a finding when another part counts from the same file: the work may count twice."""
        for item in evidence:
            for (sha256, named), part in self._taken.items():
                if (
                    sha256 == item.sha256
                    and part != at[:4]
                    and (None in (run, named) or run == named)
                ):
                    yield Finding(
                        "count.recorded_twice",
                        f"{item.path} is counted in {field_name(part)} already.",
                        self._document.place(*at),
                        "Name each run of the files in one part (`run`), or cut the files apart.",
                        effect="the same work may be counted twice",
                    )
                    break
            self._taken[item.sha256, run] = at[:4]

    def _noted(self, item: Evidence) -> Evidence:
        """Name a file read as the register would, and hold it among the register's evidence."""
        path = Path(item.path)
        root = self._evidence.root
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else item.path
        return self._evidence.add(Evidence(name, item.sha256))

    def _of_run(self, recording: Recording, run: str | None, at: _Path) -> Recording | None:
        if run is None:
            return recording
        pieces = tuple(piece for piece in recording.pieces if piece.run == run)
        if pieces:
            return replace(recording, pieces=pieces)
        known = sorted({piece.run for piece in recording.pieces if piece.run})
        self._problems.append(
            Finding(
                "count.recorded_run",
                f"the files hold no work of {run!r}.",
                self._document.place(*at, "run"),
                f"They name: {', '.join(known) or 'no run at all; leave `run` out'}.",
                Severity.ERROR,
            )
        )
        return None
