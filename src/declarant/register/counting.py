"""The runs of a register as segments of the ledger: each part counted by every method it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from declarant.compute.ledger import Method, Segment
from declarant.compute.progress import Progress
from declarant.compute.reconcile.choice import PREFERENCE, choose
from declarant.compute.reconcile.figures import TELL_NOTHING_APART, figures_of
from declarant.compute.utilisation import PUBLISHED, FinishedRun, calibrated
from declarant.problems import Finding, Severity
from declarant.quantities import Interval
from declarant.register import schema
from declarant.register.counting_part import PartCounter
from declarant.register.facts import RunStatus
from declarant.register.folder import EvidenceFolder
from declarant.yaml_source import YamlDocument

_Path = tuple[str | int, ...]


def count_runs(
    runs: tuple[schema.Run, ...],
    document: YamlDocument,
    evidence: EvidenceFolder,
    problems: list[Finding],
) -> tuple[tuple[Segment, ...], tuple[tuple[str, Progress], ...]]:
    """Return the segments of every run, in order, and how far its logs say it was at moments.

    Chip time without a utilisation is calibrated on the finished runs of the same register that
    another method counts as well; without any, it spans what published runs reached.

    Args:
        runs: as the register writes them.
        document: the register, for places.
        evidence: its folder.
        problems: what keeps a part from being counted is added here.
    """
    counter = PartCounter(document, evidence, problems)

    def counted(utilisation: Interval) -> list[tuple[Segment, ...]]:
        return [
            tuple(_of_run(run, number, counter, utilisation, document, problems))
            for number, run in enumerate(runs)
        ]

    segments = counted(PUBLISHED)
    finished = [
        measured
        for run, held in zip(runs, segments, strict=True)
        if run.status is RunStatus.COMPLETED
        for measured in _finished(run, held)
    ]
    reached = calibrated(finished)
    if reached is not None:
        problems_before = len(problems)
        segments = counted(reached)
        del problems[problems_before:]  # the same ones as on the first pass
    return tuple(item for held in segments for item in held), tuple(counter.progress.values())


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


def _of_run(
    run: schema.Run,
    number: int,
    counter: PartCounter,
    utilisation: Interval,
    document: YamlDocument,
    problems: list[Finding],
) -> Iterator[Segment]:
    for index, part in enumerate(run.parts):
        path = ("runs", number, "parts", index)
        made = counter.segments(run, part, path, utilisation)
        methods = [segment.method for segment in made]
        if part.use is not None and part.use not in methods and made:
            problems.append(
                Finding(
                    "count.use",
                    f"totals cannot use {part.use.value}: the part is not counted so.",
                    document.place(*path, "use"),
                    f"Choose one of: {', '.join(dict.fromkeys(methods))}.",
                    Severity.ERROR,
                )
            )
        yield from with_preference(f"{run.id}/{part.id}", made, part.use)


def with_preference(work: str, made: Iterable[Segment], said: Method | None) -> Iterator[Segment]:
    """Yield the segments of a part, each piece of work preferred once.

    What only some methods tell apart (lost steps, evaluation) follows the choice for the part's own
    work: a method that sees machines at work holds them already.
    """
    held = tuple(made)
    choice = choose(figures_of(work, held), said)
    chosen = choice.method if choice else said
    apart: dict[str, Method | None] = {}
    for item in held:
        if item.work == work or item.work in apart:
            continue
        methods = [other.method for other in held if other.work == item.work]
        if chosen in methods:
            apart[item.work] = chosen
        elif chosen in TELL_NOTHING_APART:
            apart[item.work] = None
        else:
            apart[item.work] = min(methods, key=PREFERENCE.index)
    for item in held:
        preferred = chosen if item.work == work else apart[item.work]
        yield replace(item, preferred=item.method is preferred)
