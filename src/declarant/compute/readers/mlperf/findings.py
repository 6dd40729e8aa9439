"""What is to be known about an MLPerf log, each with what it does to the total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from declarant.compute.readers.mlperf.events import Run
from declarant.compute.readers.mlperf.units import Unit, evaluation_unit
from declarant.compute.readers.registry import Given
from declarant.compute.readers.shares import share_of
from declarant.compute.readers.source import Source
from declarant.compute.recording import Piece
from declarant.hardware import match_device
from declarant.problems import NOWHERE, Finding, Place, Severity


def findings_of(
    run: Run, unit: Unit, given: Given, pieces: Sequence[Piece], sources: Sequence[Source]
) -> tuple[Finding, ...]:
    """Return every finding about a log."""
    where = Place(sources[0].shown)
    return (
        *_ended(run, where),
        *_counted(run, unit, where),
        *_starts_from(run, where),
        *_times(run, where),
        *_devices(run, given, pieces[0], where),
        *_cores(run, pieces[0], where),
        *_format(given, where),
        *_evaluated(run, unit, where),
        *_repeated(run, where),
    )


def _ended(run: Run, where: Place) -> Iterator[Finding]:
    if run.stopped is None and not run.disordered:
        what = "the log has no run_stop: the run was cut off, or the log was."
        status = "no_end"
    elif run.status and run.status != "success":
        what = f"the run ended with status {run.status!r}."
        status = "not_success"
    else:
        what = status = ""
    begun = run.begun
    if what or begun:
        open_block = (
            f"a block of {begun} was begun and not ended; if it was done, it adds"
            f" {share_of(begun, run.trained) or 'all there is'}"
            if begun
            else "the blocks that ended are counted in full"
        )
        yield Finding(
            f"mllog.{status or 'open_block'}",
            what or "the last block of training was begun and not ended.",
            where,
            "Count the work all the same where the law counts what was executed.",
            effect=open_block,
        )
    if run.runs > 1:
        yield Finding(
            "mllog.several_runs",
            f"run_start stands in the log {run.runs} times.",
            where,
            "Name the log of one run, unless these are outputs of ranks of one run.",
            effect="blocks that begin at the same sample are counted once: of several runs, only "
            "the first",
        )


def _counted(run: Run, unit: Unit, where: Place) -> Iterator[Finding]:
    if unit.in_tokens:
        yield Finding(
            "mllog.counts_tokens",
            "what the log calls samples and epochs are tokens.",
            where,
            severity=Severity.NOTE,
            effect=f"read as sequences, the total would be {unit.length or 'many'} times too high",
        )
    elif unit.in_tokens is None and run.trained is not None:
        yield Finding(
            "mllog.unit_unknown",
            "whether the log counts sequences or tokens is not settled by its numbers.",
            where,
            "Give the benchmark's own rule; the log of its reference says which.",
            effect=f"the total may differ by a factor of {unit.length}",
        )
    if unit.length is None:
        yield Finding(
            "mllog.sequence_length_unknown",
            "the log names no max_sequence_length.",
            where,
            "Give the sequence length; for images, count samples.",
            effect="tokens are not known" if not unit.in_tokens else "sequences are not known",
        )
    if run.trained is None:
        return
    if not run.blocks:
        yield Finding(
            "mllog.no_blocks",
            "the log has no blocks of training; the number at its end is taken.",
            where,
            "Look whether that number holds the work of the checkpoint the run started from.",
            effect="may count work that was not done here",
        )
    elif run.stated is not None and run.stated != run.trained + run.begun:
        difference = run.stated - run.trained
        yield Finding(
            "mllog.stated_differs",
            f"the log ends with {run.stated} samples, and its blocks add up to {run.trained}.",
            where,
            "Look whether the number at the end holds the work of the checkpoint it started from.",
            effect=f"{difference:+d} ({share_of(abs(difference), run.trained)}) if the number at "
            "the end were taken; the blocks are",
        )


def _starts_from(run: Run, where: Place) -> Iterator[Finding]:
    if run.checkpoint_step is not None:
        known = run.batch is not None and run.length is not None
        then = (
            f"; at this batch size they would be {run.checkpoint_step * run.batch * run.length} "
            "tokens"
            if known and run.batch and run.length
            else ""
        )
        yield Finding(
            "mllog.starts_from_checkpoint",
            f"the run starts from a checkpoint of {run.checkpoint_step} steps.",
            where,
            severity=Severity.NOTE,
            effect=f"those steps are not counted here{then}",
        )


def _times(run: Run, where: Place) -> Iterator[Finding]:
    if run.disordered:
        yield Finding(
            "mllog.times_disordered",
            "run_stop is dated before run_start.",
            where,
            "Look whether the files are of one run, and whether its clocks agreed.",
            effect="start and end of the run are not known; amounts of work do not depend on them",
        )
    if run.evaluations and not run.evaluation_milliseconds:
        yield Finding(
            "mllog.evaluation_in_blocks",
            f"{run.evaluations} evaluations are logged without their time, which may lie within "
            "the blocks of training.",
            where,
            severity=Severity.NOTE,
            effect="device seconds may hold evaluation, so that utilisation is a lower bound",
        )
    elif run.evaluation_milliseconds:
        spent = run.evaluation_milliseconds
        whole = run.training_milliseconds
        yield Finding(
            "mllog.evaluation_apart",
            f"{run.evaluations} evaluations took {spent / 1000:.1f} seconds.",
            where,
            severity=Severity.NOTE,
            effect=f"not in the device seconds of training, of which it is "
            f"{share_of(spent, whole) or 'an unknown share'}",
        )


def _devices(run: Run, given: Given, piece: Piece, where: Place) -> Iterator[Finding]:
    said = run.devices
    if said is not None and given.devices is not None and said != given.devices:
        yield Finding(
            "mllog.devices_differ",
            f"{given.devices} devices are given, and the log says {said}.",
            where,
            "Check the number; the log's own word is used.",
            effect=f"with the given number device seconds are {given.devices}/{said} of this",
        )
    if said is None and given.devices is None:
        if piece.devices is not None:
            yield Finding(
                "mllog.devices_from_ranks",
                f"{piece.devices} ranks logged init_start, and each is taken for one device.",
                where,
                "Compare with the system description beside the log; give --devices if it differs.",
                Severity.NOTE,
                effect="device seconds and utilisation rest on it",
            )
        else:
            yield Finding(
                "mllog.devices_unknown",
                "the log does not say how many devices worked.",
                where,
                "Give the number of devices; the system description beside the log names it.",
                effect="device seconds and utilisation are not known",
            )
    if piece.device and not match_device(piece.device).devices:
        yield Finding(
            "mllog.device_unknown",
            f"the log names the system {piece.device!r}, which is no device of the catalogue.",
            where,
            "Give the device; the system description beside the log names it.",
            effect="peak and utilisation are not known",
        )


def _cores(run: Run, piece: Piece, where: Place) -> Iterator[Finding]:
    found = match_device(piece.device).devices if piece.device else ()
    if [item.id for item in found] in (["tpu-v4"], ["tpu-v5p"], ["tpu-v3"], ["tpu-v2"]):
        yield Finding(
            "mllog.cores_not_chips",
            f"names such as {run.platform or piece.device}-128 count TensorCores, of which "
            f"{found[0].name} has two; the peak is that of a chip.",
            where,
            "Give the number of chips: nodes times accelerators in the system description.",
            Severity.NOTE,
            effect="with the number in such a name, utilisation would be half of what it was",
        )


def _format(given: Given, where: Place) -> Iterator[Finding]:
    said = f"; {given.number_format} was given" if given.number_format else ""
    yield Finding(
        "mllog.number_format_not_logged",
        f"the log does not say in which number format the run was trained{said}.",
        where,
        "Take it from the submission's configuration (fp8 or bf16).",
        Severity.NOTE if given.number_format else Severity.WARNING,
        effect="utilisation depends on it: the dense 8-bit peak is often twice the 16-bit one",
    )


def _evaluated(run: Run, unit: Unit, where: Place) -> Iterator[Finding]:
    if run.evaluations and run.evaluation_samples is None:
        yield Finding(
            "mllog.evaluation_unsized",
            f"{run.evaluations} evaluations are logged, of a size that the log does not name.",
            where,
            "Take eval_samples from the benchmark's rules.",
            effect="evaluation is not known in tokens",
        )
    elif run.evaluations and unit.in_tokens:
        counted = evaluation_unit(run, unit).in_tokens
        taken = "it is taken as tokens" if counted else "it is taken as sequences"
        if counted is None:
            taken = "either may be meant"
        yield Finding(
            "mllog.evaluation_unit",
            f"eval_samples is {run.evaluation_samples}; submissions give it in sequences or in "
            f"tokens, and the log does not say which: by its size, {taken}."
            if counted is not None
            else f"eval_samples is {run.evaluation_samples}, in sequences or in tokens: {taken}.",
            where,
            severity=Severity.NOTE,
            effect=f"tokens of evaluation would differ by a factor of {unit.length or 'many'}; "
            "training is not touched",
        )


def _repeated(run: Run, where: Place) -> Iterator[Finding]:
    if run.repeated:
        yield Finding(
            "mllog.repeated_events",
            f"{run.repeated} events repeat others, as when several ranks log.",
            where,
            severity=Severity.NOTE,
            effect="each block and evaluation is counted once",
        )
    if run.damaged:
        yield Finding(
            "mllog.damaged_lines",
            f"{run.damaged} lines cannot be read as events.",
            Place(*run.damaged_at) if run.damaged_at else NOWHERE,
            "Look at the line; the file may have been cut.",
            effect="a block whose end is lost with them is not counted",
        )
