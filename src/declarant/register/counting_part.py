"""One part of a run as segments: by each method the register names, from what each rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from declarant.compute.architecture import Architecture, Recompute, read_configuration
from declarant.compute.ledger import Evidence, Segment
from declarant.compute.progress import Progress
from declarant.compute.readers import Given
from declarant.compute.recording import Recording
from declarant.problems import BadInput, Finding, Place, Severity
from declarant.quantities import Interval
from declarant.register import schema
from declarant.register.folder import EvidenceFolder
from declarant.register.methods import (
    Counted,
    by_architecture,
    by_chip_time,
    by_short_form,
    by_statement,
    stated_utilisation,
)
from declarant.register.recorded_methods import (
    Stretch,
    as_recorded,
    by_jobs,
    from_tokens,
    not_known,
    stretches,
)
from declarant.register.recordings import Recordings
from declarant.yaml_source import YamlDocument

_Path = tuple[str | int, ...]
OWN_WORK = Stretch(None, ())
"""Of a figure that no recording divides."""


class PartCounter:
    """Counts parts; reads each configuration and each log once.

    Attributes:
        progress: by (run, part), how far the part's log says the run was at moments.
    """

    def __init__(
        self, document: YamlDocument, evidence: EvidenceFolder, problems: list[Finding]
    ) -> None:
        self._document = document
        self._evidence = evidence
        self._problems = problems
        self._recordings = Recordings(document, evidence, problems)
        self._architectures: dict[str, Architecture] = {}
        self.progress: dict[tuple[str, str], tuple[str, Progress]] = {}

    def segments(
        self, run: schema.Run, part: schema.RunPart, path: _Path, utilisation: Interval
    ) -> list[Segment]:
        """Return a part's segments, every method that can be counted; problems are noted."""
        made: list[Segment] = []
        told: set[tuple[Finding, ...]] = set()  # a log's findings go with the first figure from it
        for order, count in enumerate(part.counts):
            at = (*path, "counts", order)
            where = self._document.place(*at)
            try:
                for stretch, counted, recording in self._counted(run, part, count, at, utilisation):
                    findings = tuple(_placed(counted.findings, where))
                    if recording is not None and self._tells(part, count, recording, told):
                        findings += tuple(_placed(recording.all_findings, self._source(count, at)))
                    placed = replace(counted, findings=findings)
                    evidence = self._evidence_of(run, part, count, at, recording)
                    made.append(_segment(run, part, count, stretch, placed, evidence))
            except BadInput as error:
                self._problems += [
                    replace(item, where=item.where if item.where.file else where)
                    for item in error.findings
                ]
        return made

    def _tells(
        self,
        part: schema.RunPart,
        count: schema.Count,
        recording: Recording,
        told: set[tuple[Finding, ...]],
    ) -> bool:
        """Return whether a recording's findings go with this count: once, and with its own figure.

        What a log's reader found is about the trainer's figure first, and about its tokens where
        that figure is not asked for.
        """
        methods = [item.method for item in part.counts]
        own = recording.method in methods and recording.method is not count.method
        if own or recording.all_findings in told:
            return False
        told.add(recording.all_findings)
        return True

    def _source(self, count: schema.Count, at: _Path) -> Place:
        """Return where the register names the files behind a count."""
        recorded = isinstance(count, (schema.ChipTime, schema.Counter))
        return self._document.place(*((*at, "recorded") if recorded else (*at[:-2], "log")))

    def _counted(
        self,
        run: schema.Run,
        part: schema.RunPart,
        count: schema.Count,
        at: _Path,
        utilisation: Interval,
    ) -> Iterator[tuple[Stretch, Counted, Recording | None]]:
        """Yield what a method says of a part: of its own work, then of what its files tell apart.

        Raises:
            BadInput: when the part cannot be counted so.
        """
        given = self._given(run, part, at)
        recording = self._recording(run, part, count, at, given)
        if isinstance(count, (schema.Stated, schema.Counter, schema.TrainerLog)):
            if isinstance(count, schema.TrainerLog) and part.log is None:
                self._refuse("log", f"part {part.id!r} names no log.", at, "Give the part's `log`.")
            elif isinstance(count, schema.Stated) or (
                isinstance(count, schema.Counter) and count.recorded is None
            ):
                yield OWN_WORK, by_statement(count), None
            elif recording is not None and self._is_by(recording, count, at):
                for stretch in stretches(recording):
                    yield stretch, as_recorded(stretch, recording), recording
        elif isinstance(count, schema.ChipTime):
            used = stated_utilisation(count) or utilisation
            if count.recorded is None:
                yield OWN_WORK, by_chip_time(count, run.number_format, used), None
            elif recording is not None:
                for stretch in stretches(recording):
                    counted = by_jobs(stretch, count.device, run.number_format, used)
                    yield stretch, counted, recording
        else:
            yield from self._by_tokens(run, part, count, at, recording)

    def _by_tokens(
        self,
        run: schema.Run,
        part: schema.RunPart,
        count: schema.Architecture | schema.ShortForm,
        at: _Path,
        recording: Recording | None,
    ) -> Iterator[tuple[Stretch, Counted, Recording | None]]:
        architecture = self._architecture(run, at)
        if architecture is None:
            return
        count_tokens: Callable[[int], Counted] = (
            (lambda tokens: by_short_form(architecture, tokens))
            if isinstance(count, schema.ShortForm)
            else (lambda tokens: by_architecture(architecture, tokens, count))
        )
        if part.tokens is not None or part.log is None:
            tokens = self._tokens(part, self._document.place(*at))
            if tokens is not None:
                yield OWN_WORK, count_tokens(tokens), None
        if recording is None:
            return
        for stretch in stretches(recording):
            if stretch.purpose is None and part.tokens is not None:
                continue  # stated; the log still tells the rest apart
            counted = from_tokens(stretch, count_tokens)
            if counted is not None:
                yield stretch, counted, recording
            elif stretch.purpose is not None:
                yield stretch, not_known(stretch), recording
            else:
                self._refuse(
                    "tokens",
                    f"the log of part {part.id!r} does not tell how many tokens were seen.",
                    at,
                    "Give the part's `tokens`, or `sequence_length` to turn samples into tokens.",
                )

    def _given(self, run: schema.Run, part: schema.RunPart, at: _Path) -> Given:
        """Return what the register knows of a part beside its files."""
        form = next((item for item in part.counts if isinstance(item, schema.Architecture)), None)
        timed = next((item for item in part.counts if isinstance(item, schema.ChipTime)), None)
        named = run.configuration is not None
        return Given(
            sequence_length=form.sequence_length if form else None,
            devices=timed.devices if timed else None,
            device=timed.device if timed else None,
            number_format=run.number_format,
            architecture=self._architecture(run, at) if named else None,
            recompute=Recompute(form.recompute) if form else Recompute.UNKNOWN,
        )

    def _recording(
        self, run: schema.Run, part: schema.RunPart, count: schema.Count, at: _Path, given: Given
    ) -> Recording | None:
        """Return what the files behind a count recorded, None where it rests on none."""
        if isinstance(count, (schema.ChipTime, schema.Counter)):
            if count.recorded is None:
                return None
            return self._recordings.recording(count.recorded, given, (*at, "recorded"))
        if part.log is None or isinstance(count, schema.Stated):
            return None
        recording = self._recordings.recording(part.log, given, (*at[:-2], "log"))
        if recording is not None and recording.progress is not None:
            self.progress[run.id, part.id] = (run.id, recording.progress)
        return recording

    def _tokens(self, part: schema.RunPart, where: Place) -> int | None:
        tokens: Fraction | None = part.tokens
        if tokens is None or tokens.denominator != 1 or tokens < 1:
            said = "are not given" if tokens is None else f"are {tokens}, no whole number from 1 on"
            self._problems.append(
                Finding(
                    "count.tokens",
                    f"part {part.id!r} cannot be counted so: its tokens {said}.",
                    where,
                    "Give the part's `tokens`, such as 15.6e12, or its `log`.",
                    Severity.ERROR,
                )
            )
            return None
        return int(tokens)

    def _architecture(self, run: schema.Run, path: _Path) -> Architecture | None:
        name = run.configuration
        if name is None:
            self._refuse(
                "configuration",
                f"run {run.id!r} cannot be counted so: its model's configuration is not named.",
                path,
                "Name the model's config.json as the run's `configuration`.",
            )
            return None
        if name not in self._architectures:
            file = self._evidence.file(name, self._document.place(*path[:2], "configuration"))
            if file is None:
                return None
            self._architectures[name] = read_configuration(file)
        return self._architectures[name]

    def _evidence_of(
        self,
        run: schema.Run,
        part: schema.RunPart,
        count: schema.Count,
        path: _Path,
        recording: Recording | None,
    ) -> tuple[Evidence, ...]:
        """Return the files behind a count: its part's, its own, what it read, the configuration."""
        named = [(name, (*path[:-2], "evidence", n)) for n, name in enumerate(part.evidence)]
        if isinstance(count, (schema.ChipTime, schema.Stated, schema.Counter)):
            named += [(name, (*path, "evidence", n)) for n, name in enumerate(count.evidence)]
        elif run.configuration is not None and not isinstance(count, schema.TrainerLog):
            named.append((run.configuration, (*path[:2], "configuration")))
        files = (self._evidence.hashed(name, self._document.place(*where)) for name, where in named)
        read = recording.evidence if recording is not None else ()
        return tuple(dict.fromkeys(file for file in (*files, *read) if file is not None))

    def _is_by(self, recording: Recording, count: schema.Count, at: _Path) -> bool:
        """Return whether files hold figures of the method they are named for; note it if not."""
        if recording.method is count.method:
            return True
        self._refuse(
            "method_differs",
            f"the files ({recording.format}) hold figures by {recording.method.value}, and are "
            f"named for {count.method.value}.",
            at,
            f"Count them as `method: {recording.method.value}`, or name other files.",
        )
        return False

    def _refuse(self, code: str, what: str, path: _Path, mend: str) -> None:
        where = self._document.place(*path)
        self._problems.append(Finding(f"count.{code}", what, where, mend, Severity.ERROR))


def _placed(findings: Iterable[Finding], where: Place) -> Iterator[Finding]:
    return (item if item.where.file else replace(item, where=where) for item in findings)


def _segment(
    run: schema.Run,
    part: schema.RunPart,
    count: schema.Count,
    stretch: Stretch,
    counted: Counted,
    evidence: tuple[Evidence, ...],
) -> Segment:
    begins = [piece.start.date() for piece in stretch.pieces if piece.start is not None]
    ends = [piece.end.date() for piece in stretch.pieces if piece.end is not None]
    runs_on = any(piece.start and not piece.end for piece in stretch.pieces)
    own = stretch.purpose is None
    return Segment(
        id=f"{run.id}/{part.id}{stretch.suffix}/{count.method.value}",
        run=run.id,
        model=run.model,
        stage=part.stage,
        purpose=stretch.purpose or part.purpose,
        share=part.share,
        start=(part.start if own else None) or min(begins, default=part.start),
        end=(part.end if own else None) or (None if runs_on else max(ends, default=part.end)),
        method=count.method,
        model_operations=counted.model,
        executed_operations=counted.executed,
        formula=counted.formula,
        formula_version=counted.version,
        evidence=evidence,
        findings=counted.findings,
        number_format=run.number_format,
        capacity=counted.capacity,
        includes=counted.includes,
    )
