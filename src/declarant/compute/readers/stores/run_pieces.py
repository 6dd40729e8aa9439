"""From what a run did to the pieces of a recording and to what people should know about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from declarant.compute.ledger import Purpose
from declarant.compute.progress import Progress
from declarant.compute.readers.registry import Given
from declarant.compute.readers.stores.run_amounts import Amounts, amounts_of, by_convention, whole
from declarant.compute.readers.stores.run_scalars import RunScalars, joined
from declarant.compute.readers.stores.scalar_track import Track, as_moment
from declarant.compute.readers.stores.tags import Quantity
from declarant.compute.recording import Piece
from declarant.problems import Finding, Place, Severity
from declarant.quantities import show_operations


@dataclass(frozen=True, slots=True)
class Told:
    """What one run tells."""

    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...]
    facts: tuple[tuple[str, str], ...]
    progress: Progress | None


def told_by(run: RunScalars, given: Given) -> Told:
    """Return the pieces of one run, kept and lost, its findings and what else it says."""
    made = amounts_of(run, given)
    findings = [*_of_store(run), *(_of_amounts(run, made) if made else ())]
    facts = tuple(_facts(run))
    if made is None:
        return Told((), tuple(findings), facts, None)
    axis = run.axis()
    starts = [t.first_moment for t in run.tracks.values() if t.first_moment is not None]
    ends = [t.last_moment for t in run.tracks.values() if t.last_moment is not None]
    includes = "what the trainer logged; " + (
        "; ".join(dict.fromkeys(made.conventions)) or "no figure of operations"
    )
    prefix = f"{run.name}/" if run.name else ""
    pieces = [
        Piece(
            f"{prefix}kept",
            start=as_moment(min(starts, default=None)),
            end=as_moment(max(ends, default=None)),
            steps=made.steps,
            samples=made.samples,
            tokens=made.tokens,
            model_operations=by_convention(made.model_operations, made.conventions),
            executed_operations=made.executed_operations,
            devices=made.devices or None,
            device=given.device or "",
            formula="; ".join(made.formulas),
            includes=includes,
            run=run.name,
        )
    ]
    if made.lost[1] and axis is not None:
        pieces.append(
            Piece(
                f"{prefix}lost",
                purpose=Purpose.LOST_STEPS,
                steps=made.lost[1],
                samples=made.of_lost(made.samples),
                tokens=made.of_lost(made.tokens),
                model_operations=by_convention(
                    made.of_lost(made.model_operations), made.conventions
                ),
                executed_operations=made.of_lost(made.executed_operations),
                devices=made.devices or None,
                device=given.device or "",
                formula=f"{made.lost[1]:,} steps ({made.lost[0]:,} to {made.lost[2]:,}) taken "
                f"again after going back, by {axis.name[:80]}, at the mean of the kept steps",
                includes=includes,
                run=run.name,
            )
        )
    return Told(tuple(pieces), tuple(findings), facts, run.progress())


def _of_amounts(run: RunScalars, made: Amounts) -> Iterator[Finding]:
    place = Place(run.file)
    of_run = f" of run {run.name!r}" if run.name else ""
    axis = run.axis()
    if axis is not None and axis.turns:
        yield _lost(run, made, axis, of_run)
    if axis is not None and axis.starts_late:
        before = axis.first_step - axis.gap
        yield Finding(
            f"{run.format}.starts_late",
            f"The log{of_run} starts at step {axis.first_step:,}; what came before stands in other "
            "files, or in none.",
            place,
            "Do not add the log of those steps to this one.",
            effect=f"{before:,} steps ({_percent(before, made.steps)}) are counted that the files "
            "do not show",
        )
    if axis is not None and axis.repeated:
        yield Finding(
            f"{run.format}.repeated_points",
            f"{axis.repeated:,} points{of_run} stand at the same step as the point before; counted "
            "once.",
            place,
            severity=Severity.NOTE,
            effect=f"adds {axis.repeated * axis.gap:,} steps "
            f"({_percent(axis.repeated * axis.gap, made.steps)}) if counted",
        )
    for quantity, unit in ((Quantity.TOKENS, "tokens"), (Quantity.SAMPLES, "samples")):
        found = run.of(quantity)
        if found and found[1].restarts and found[1].is_counter:
            yield _restarted(run, found[1], unit, of_run)
    for name in made.dropped:
        yield Finding(
            f"{run.format}.no_counter",
            f"{name[:80]!r}{of_run} falls too often for a counter; it is not used.",
            place,
            effect="what it counts is unknown, or comes from other scalars",
        )
    yield from _of_tokens(run, made, of_run)
    yield from _of_operations(run, made, of_run)


def _lost(run: RunScalars, made: Amounts, axis: Track, of_run: str) -> Finding:
    turn = axis.turns[0]
    low, best, high = made.lost
    tokens = whole(made.of_lost(made.tokens))
    extra = f" and {tokens:,} tokens" if tokens else ""
    begun = turn.again <= axis.gap
    return Finding(
        f"{run.format}.lost_steps",
        f"Steps{of_run} go back {_times(axis.turns_in_all)}, first from {turn.reached:,} to "
        f"{turn.again:,}"
        + (": a start from nothing, or a counter of steps that was reset." if begun else "."),
        Place(run.file),
        "Check with the job's history which steps were taken twice.",
        effect=f"{best:,} steps ({low:,} to {high:,}){extra} were taken again: adds "
        f"{_percent(best, made.steps)} if lost steps count; they stand in a piece of their own",
    )


def _restarted(run: RunScalars, track: Track, unit: str, of_run: str) -> Finding:
    carried, last = int(track.carried), int(track.last_value)
    return Finding(
        f"{run.format}.counter_restarted",
        f"The counter {track.name[:80]!r}{of_run} started again {_times(track.restarts)} while "
        "the steps went on; what it had reached is added.",
        Place(run.file),
        effect=f"{carried:,} {unit} ({_percent(carried, carried + last)} of all) would be missing",
    )


def _of_tokens(run: RunScalars, made: Amounts, of_run: str) -> Iterator[Finding]:
    place = Place(run.file)
    if "sequence length" in made.needs:
        yield Finding(
            f"{run.format}.sequence_length",
            f"Samples{of_run} are counted, but not how long they are.",
            place,
            "Give the sequence length.",
            effect=f"tokens of {whole(made.samples):,} samples are unknown",
        )
    other = made.tokens_by_samples
    if other is not None and made.tokens is not None:
        counted, worked = whole(made.tokens), whole(other)
        if abs(counted - worked) * 100 > max(counted, worked):
            yield Finding(
                f"{run.format}.tokens_disagree",
                f"The counter of tokens{of_run} and samples x sequence length differ; the counter "
                "is taken.",
                place,
                "Check the sequence length, packing, padding and resumed counters.",
                effect=f"{counted:,} against {worked:,} tokens "
                f"({_percent(worked - counted, counted)})",
            )


def _of_operations(run: RunScalars, made: Amounts, of_run: str) -> Iterator[Finding]:
    place = Place(run.file)
    if "devices" in made.needs:
        yield Finding(
            f"{run.format}.devices",
            f"Rates of one device{of_run} are logged, but not how many there were.",
            place,
            "Give the number of devices.",
            effect="what rests on the rates is unknown",
        )
    for convention in dict.fromkeys(made.conventions):
        figure = made.model_operations or made.executed_operations
        best = None if figure is None else figure.best
        yield Finding(
            f"{run.format}.convention",
            f"The trainer's figure of operations{of_run} is by its own convention: {convention}.",
            place,
            "Count in closed form from the tokens and the model's configuration beside it.",
            effect=f"{show_operations(best)} operations rest on that convention",
        )
    found = run.of(Quantity.UTILISATION)
    if found is not None:
        tag, track = found
        is_percent = tag.scale != 1
        top = track.greatest / tag.scale
        if (is_percent and 0 < top <= 1) or (not is_percent and top > 1):
            yield Finding(
                f"{run.format}.percent_or_ratio",
                f"{track.name[:80]!r}{of_run} is {'a percentage' if is_percent else 'a ratio'} by "
                f"its name, and {'at most' if is_percent else 'up to'} {top:.3g} in the file.",
                place,
                "Ask the trainer's authors which it is.",
                effect="a factor of 100 in that figure; no total rests on it",
            )


def _of_store(run: RunScalars) -> Iterator[Finding]:
    place = Place(run.file)
    of_run = f" of run {run.name!r}" if run.name else ""
    if run.not_numbers:
        yield Finding(
            f"{run.format}.no_number",
            f"{run.not_numbers:,} points{of_run} are no number or stand at no step; passed over.",
            place,
            severity=Severity.NOTE,
            effect="nothing, unless they are the last of a counter",
        )
    if run.beyond:
        yield Finding(
            f"{run.format}.names_beyond",
            f"There are more scalars{of_run} than are followed; {run.beyond:,} points are passed "
            "over.",
            place,
            effect="nothing, unless a counter is among them",
        )
    if run.tracks and not run.tags:
        yield Finding(
            f"{run.format}.names_unknown",
            f"No scalar{of_run} has a name that is known here: {joined(run.unknown, 8)}.",
            place,
            "Log tokens or samples so far under a name of the table, such as consumed_tokens.",
            effect="steps alone are counted; tokens and operations are unknown",
        )


def _facts(run: RunScalars) -> Iterator[tuple[str, str]]:
    of_run = f" of {run.name}" if run.name else ""
    for quantity in (Quantity.UTILISATION, Quantity.SPEED):
        found = run.of(quantity)
        if found is not None:
            track = found[1]
            mean = f"{track.total / track.points / found[0].scale:.4g}"
            yield (f"mean of {track.name[:80]}{of_run}, as logged", mean)
    if run.tags and run.unknown:
        yield (f"scalars that are not used{of_run}", joined(run.unknown))
    if run.other_axes:
        yield (f"scalars over samples or tokens{of_run}", joined(sorted(run.other_axes)))


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"


def _percent(part: int, whole_: int) -> str:
    return f"{100 * part / whole_:.1f} %" if whole_ else "of nothing"
