"""The runs of a register as segments of the ledger: each part counted by every method it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from declarant.compute.architecture import Architecture, read_configuration
from declarant.compute.ledger import Evidence, Method, Segment
from declarant.compute.utilisation import PUBLISHED, FinishedRun, calibrated
from declarant.problems import BadInput, Finding, Place, Severity
from declarant.quantities import Interval
from declarant.register import schema
from declarant.register.facts import RunStatus
from declarant.register.folder import EvidenceFolder
from declarant.register.methods import (
    Counted,
    by_architecture,
    by_chip_time,
    by_short_form,
    by_statement,
)
from declarant.yaml_source import YamlDocument

PREFERENCE = (
    Method.ARCHITECTURE,
    Method.FRAMEWORK_COUNTER,
    Method.TRAINER_LOG,
    Method.HARDWARE_COUNTER,
    Method.CHIP_TIME,
    Method.STATED,
    Method.SHORT_FORM,
)
"""Which figure totals rely on unless the register says: the one with the least uncertainty."""

_Path = tuple[str | int, ...]


def count_runs(
    runs: tuple[schema.Run, ...],
    document: YamlDocument,
    evidence: EvidenceFolder,
    problems: list[Finding],
) -> tuple[Segment, ...]:
    """Return the segments of every run, in order.

    Chip time without a utilisation is calibrated on the finished runs of the same register that
    another method counts as well; without any, it spans what published runs reached.

    Args:
        runs: as the register writes them.
        document: the register, for places.
        evidence: its folder.
        problems: what keeps a part from being counted is added here.
    """
    counter = _Counter(document, evidence, problems)
    first = [counter.run(run, number, PUBLISHED) for number, run in enumerate(runs)]
    finished = [
        measured
        for run, segments in zip(runs, first, strict=True)
        if run.status is RunStatus.COMPLETED
        for measured in _finished(run, segments)
    ]
    reached = calibrated(finished)
    if reached is None:
        return tuple(segment for segments in first for segment in segments)
    problems_before = len(problems)
    again = [counter.run(run, number, reached) for number, run in enumerate(runs)]
    del problems[problems_before:]  # the same ones as on the first pass
    return tuple(segment for segments in again for segment in segments)


def _finished(run: schema.Run, segments: Iterable[Segment]) -> Iterator[FinishedRun]:
    held = tuple(segments)
    for timed in held:
        if timed.capacity is None:
            continue
        for other in held:
            if other.work == timed.work and other.method is Method.ARCHITECTURE:
                operations = other.model_operations
                if operations is not None:
                    yield FinishedRun(run.name, operations, timed.capacity)


class _Counter:
    """Counts parts; reads each configuration once."""

    def __init__(
        self, document: YamlDocument, evidence: EvidenceFolder, problems: list[Finding]
    ) -> None:
        self.document = document
        self.evidence = evidence
        self.problems = problems
        self._architectures: dict[str, Architecture] = {}

    def run(self, run: schema.Run, number: int, utilisation: Interval) -> tuple[Segment, ...]:
        """Return the segments of one run."""
        segments: list[Segment] = []
        for index, part in enumerate(run.parts):
            path = ("runs", number, "parts", index)
            made = [
                segment
                for order, count in enumerate(part.counts)
                if (
                    segment := self._segment(
                        run, part, count, (*path, "counts", order), utilisation
                    )
                )
            ]
            segments += self._with_preference(part, made, path)
        return tuple(segments)

    def _with_preference(
        self, part: schema.RunPart, made: list[Segment], path: _Path
    ) -> list[Segment]:
        methods = [segment.method for segment in made]
        if part.use is not None and part.use not in methods and made:
            self._refuse(
                "use",
                f"totals cannot use {part.use.value}: the part is not counted so.",
                (*path, "use"),
                f"Choose one of: {', '.join(methods)}.",
            )
        chosen = part.use or min(methods, key=PREFERENCE.index, default=None)
        return [replace(segment, preferred=segment.method is chosen) for segment in made]

    def _segment(
        self,
        run: schema.Run,
        part: schema.RunPart,
        count: schema.Count,
        path: _Path,
        utilisation: Interval,
    ) -> Segment | None:
        where = self.document.place(*path)
        try:
            counted = self._counted(run, part, count, path, utilisation)
        except BadInput as error:
            self.problems += [
                replace(item, where=item.where if item.where.file else where)
                for item in error.findings
            ]
            return None
        if counted is None:
            return None
        return Segment(
            id=f"{run.id}/{part.id}/{count.method.value}",
            run=run.id,
            model=run.model,
            stage=part.stage,
            purpose=part.purpose,
            share=part.share,
            start=part.start,
            end=part.end,
            method=count.method,
            model_operations=counted.model,
            executed_operations=counted.executed,
            formula=counted.formula,
            formula_version=counted.version,
            evidence=self._evidence(run, part, count, path),
            findings=tuple(
                finding if finding.where.file else replace(finding, where=where)
                for finding in counted.findings
            ),
            number_format=run.number_format,
            capacity=counted.capacity,
        )

    def _counted(
        self,
        run: schema.Run,
        part: schema.RunPart,
        count: schema.Count,
        path: _Path,
        utilisation: Interval,
    ) -> Counted | None:
        if isinstance(count, schema.Stated):
            return by_statement(count)
        if isinstance(count, schema.ChipTime):
            return by_chip_time(count, run.number_format, utilisation)
        where = self.document.place(*path)
        tokens = self._tokens(part, where)
        architecture = self._architecture(run, path)
        if tokens is None or architecture is None:
            return None
        if isinstance(count, schema.ShortForm):
            return by_short_form(architecture, tokens)
        return by_architecture(architecture, tokens, count)

    def _tokens(self, part: schema.RunPart, where: Place) -> int | None:
        tokens: Fraction | None = part.tokens
        if tokens is None or tokens.denominator != 1 or tokens < 1:
            said = "are not given" if tokens is None else f"are {tokens}, no whole number from 1 on"
            self.problems.append(
                Finding(
                    "count.tokens",
                    f"part {part.id!r} cannot be counted so: its tokens {said}.",
                    where,
                    "Give the part's `tokens`, such as 15.6e12.",
                    Severity.ERROR,
                )
            )
            return None
        return int(tokens)

    def _architecture(self, run: schema.Run, path: _Path) -> Architecture | None:
        name = run.configuration
        if name is None:
            self.problems.append(
                Finding(
                    "count.configuration",
                    f"run {run.id!r} cannot be counted so: its model's configuration is not named.",
                    self.document.place(*path),
                    "Name the model's config.json as the run's `configuration`.",
                    Severity.ERROR,
                )
            )
            return None
        if name not in self._architectures:
            file = self.evidence.file(name, self.document.place(*path[:2], "configuration"))
            if file is None:
                return None
            self._architectures[name] = read_configuration(file)
        return self._architectures[name]

    def _evidence(
        self, run: schema.Run, part: schema.RunPart, count: schema.Count, path: _Path
    ) -> tuple[Evidence, ...]:
        """Return the files behind a count: its part's, its own, and the configuration it uses."""
        named = [(name, (*path[:-2], "evidence", n)) for n, name in enumerate(part.evidence)]
        if isinstance(count, (schema.ChipTime, schema.Stated)):
            named += [(name, (*path, "evidence", n)) for n, name in enumerate(count.evidence)]
        elif run.configuration is not None:
            named.append((run.configuration, (*path[:2], "configuration")))
        files = (self.evidence.hashed(name, self.document.place(*where)) for name, where in named)
        return tuple(dict.fromkeys(file for file in files if file is not None))

    def _refuse(self, code: str, what: str, path: _Path, mend: str) -> None:
        where = self.document.place(*path)
        self.problems.append(Finding(f"count.{code}", what, where, mend, Severity.ERROR))
