"""The reader of Megatron-LM logs: lines about iterations, arguments, checkpoints, evaluations."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from declarant.compute.ledger import Method, Purpose
from declarant.compute.progress import Mark, Thinned
from declarant.compute.readers.capacity import dense_capacity
from declarant.compute.readers.megatron.convention import (
    HALVED_ON,
    Amounts,
    amounts,
    recognised,
)
from declarant.compute.readers.megatron.findings import Outcome, findings_of
from declarant.compute.readers.megatron.lines import (
    LONGEST_USUAL,
    USUAL,
    IterationLine,
    iteration_line,
)
from declarant.compute.readers.megatron.settings import Arguments, Settings
from declarant.compute.readers.megatron.succession import Succession
from declarant.compute.readers.megatron.work import MOST_STRETCHES, Work
from declarant.compute.readers.registry import Given, reader
from declarant.compute.readers.same_files import distinct
from declarant.compute.readers.source import Source
from declarant.compute.recording import FORWARD_ONLY, Piece, Recording
from declarant.formats import Sample
from declarant.problems import Finding, Place, Severity, bad_input
from declarant.quantities import Interval

VERSION = "megatron-log/1"
_MOST_STARTS = 10_000
_OVERLAP = 20_000
"""Lines of a file that the next one of a rotated log may begin with."""
_MOST_STRETCHES = 4 * MOST_STRETCHES
_HALVED = HALVED_ON.isoformat()
_HALVED_STAMP = _HALVED.encode()
_LINE = re.compile(
    rb"iteration +\d+/ *(?:\d+|infinity) *\|.{0,400}elapsed time per iteration \(m?s\)"
)
_ARGUMENTS = re.compile(rb" (?:seq_length|micro_batch_size|tensor_model_parallel_size) \.{4,} \d")
_LOADED = re.compile(rb"loaded checkpoint.{0,1000}? at iteration (\d{1,15})(?=\D|$)", re.ASCII)
_EVALUATED = re.compile(rb"validation loss at iteration (\d{1,15})\b")
_STAMP = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)


def _is_megatron(sample: Sample) -> bool:
    """Whether iterations are seen, or the arguments that may fill the beginning of a file."""
    content = sample.content
    if b"iteration" in content and _LINE.search(content):
        return True
    return b" arguments ---" in content and _ARGUMENTS.search(content) is not None


@reader(
    "megatron-log", shows="Megatron-LM log", suffixes=(".log", ".out", ".txt"), sniff=_is_megatron
)
def read(sources: Sequence[Source], given: Given) -> Recording:
    """Read the files of one log in their order; a restart is seen in what the lines say.

    Raises:
        BadInput: when no line about an iteration can be read.
    """
    log = _Log(given)
    parts, copies = distinct(sources)
    for source in parts:
        log.read(source)
    log.finish()
    if not log.work.kept:
        raise bad_input(
            "megatron_log.no_iterations",
            "no line about an iteration can be read.",
            mend="Name the output of the last rank, which prints them.",
            file=sources[0].shown,
        )
    return log.recording(parts, copies)


class _Log:
    """What the lines of a log add up to."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.work = Work()
        self.arguments = Arguments(given)
        self.settings = self.arguments.settings()
        self.worlds: list[tuple[int, int | None, str, int]] = []
        self.evaluations = 0
        self._evaluated = b""
        self._tail: deque[int] = deque(maxlen=_OVERLAP)  # hashes of the last lines
        self.copied: list[Finding] = []
        self.marks = Thinned()
        self.first: datetime | None = None
        self.last: datetime | None = None
        self._minute = b""
        self._day = ""
        self._stale = True  # arguments came since the settings were made
        self._in_arguments = False
        self.times_back: tuple[str, int] | None = None
        self._conventions: dict[tuple[Settings, int, bool], Settings] = {}
        self._last_stamp = b""
        self.succession = Succession(self.work)

    def read(self, source: Source) -> None:
        """Take every line of a file; other lines than the trainer's own are passed over quickly."""
        take, take_other, usual, follows = self._iteration, self._other, USUAL.search, self._follows
        shown, keep = source.shown, self._tail.append
        before, copies = frozenset(self._tail), 0  # a rotated log may begin with its former end
        for number, line in source.lines_with(b"iteration", b" ...", b"using world size"):
            if b"elapsed time per iteration" in line:
                if before:
                    if hash(line) in before:
                        copies += 1
                        continue
                    before = frozenset()
                keep(hash(line))
                found = usual(line) if len(line) <= LONGEST_USUAL else None
                if found is None or not follows(line, found):
                    take(line, number, shown)
            elif b"iteration" in line and b" ..." not in line:
                take_other(line)
            else:
                self._argument(line)
        self._mark_last()
        if copies:
            self.copied.append(_copied(shown, copies))

    def finish(self) -> None:
        """Place what is still waiting for the line after it."""
        self.succession.flush()
        self.work.settle()

    def _follows(self, line: bytes, found: re.Match[bytes]) -> bool:
        """Take a usual line that follows on the one before it in steps and time; else False."""
        began = found.start()
        at = line.rfind(b"[2", 0, began)
        stamp = line[at + 1 : at + 20] if at >= 0 else b""
        before = self._last_stamp
        is_next = before <= stamp and (before < _HALVED_STAMP) == (stamp < _HALVED_STAMP)
        if not (is_next if before else not stamp):
            return False
        if not self.succession.take(found.groups(), line):
            return False
        self._last_stamp = stamp
        if stamp[:16] != before[:16]:
            self._mark(stamp)
        return True

    def _argument(self, line: bytes) -> None:
        if self.arguments.take(line) and not self._stale:
            self._stale = True
            self.succession.flush()
            self.work.restart()

    def _other(self, line: bytes) -> None:
        found = _LOADED.search(line)
        if found is not None:
            self.succession.flush()
            self.work.restart(int(found[1]))
            return
        evaluated = _EVALUATED.search(line)
        if evaluated is not None and line != self._evaluated:  # several ranks print the same
            self.evaluations += 1
            self._evaluated = line

    def _iteration(self, line: bytes, number: int, shown: str) -> None:
        self.succession.flush()
        read = iteration_line(line)
        if read is None:
            self.work.damaged(shown, number)
            return
        began = read.began
        at = line.rfind(b"[2", 0, began)
        minute = line[at + 1 : at + 17] if at >= 0 else b""
        if minute != self._minute or self._stale:
            self._minute = minute
            self._day = minute[:10].decode("ascii", "replace")
        settings = self._settings(read, number, shown)
        rank = line[: at if at >= 0 else began]
        if self.work.add(read, settings, shown, number, rank):
            self._stamped(line[at + 1 : at + 20] if at >= 0 else b"", number, shown)
            self.succession.begin(read, settings)

    def _settings(self, line: IterationLine, number: int, shown: str) -> Settings:
        if self._stale:
            self._stale = False
            self.settings = self.arguments.settings()
            devices = self.settings.devices
            if not self.worlds or self.worlds[-1][1] != devices:
                self.worlds.append((self.work.step, devices, shown, number))
        key = (self.settings, line.kind, "" < self._day < _HALVED)
        found = self._conventions.get(key)
        if found is None:
            found = self._conventions[key] = recognised(self.settings, line, self._day)
        if len(self._conventions) > _MOST_STARTS or len(self.work.kept) > _MOST_STRETCHES:
            raise bad_input(
                "megatron_log.too_many_starts",
                "the trainer starts over and over, with other arguments each time.",
                mend="Name the log of one run; several may be written into this file.",
                file=shown,
                line=number,
            )
        return found

    def _stamped(self, stamp: bytes, number: int, shown: str) -> None:
        """Mark progress once a minute of the log's own clock."""
        previous = self._last_stamp
        if b"" < stamp < previous and self.times_back is None and _hours_back(previous, stamp):
            self.times_back = (shown, number)
        self._last_stamp = stamp
        if previous[:16] != stamp[:16]:
            self._mark(stamp)

    def _mark_last(self) -> None:
        if self._last_stamp:
            self._mark(self._last_stamp)

    def _mark(self, stamp: bytes) -> None:
        moment = _moment(stamp, self.given.zone or UTC)
        if moment is None:
            return
        self.first = moment if self.first is None else min(self.first, moment)
        self.last = moment if self.last is None else max(self.last, moment)
        samples, length = self.succession.samples, self.settings.sequence_length
        tokens = samples * length if samples is not None and length else None
        self.marks.add(Mark(moment, self.succession.step, tokens))

    def recording(self, sources: Sequence[Source], copies: tuple[Finding, ...]) -> Recording:
        """Put the pieces together, with what was found on the way."""
        kept = amounts(self.work.kept)
        lost = [amounts(stretches) for stretches in self.work.lost]
        devices = [devices for _, devices, _, _ in self.worlds if devices]
        number_format = self.settings.number_format
        pieces = [self._piece("kept", None, kept, devices, number_format)]
        for place, amount in enumerate(lost, 1):
            name = "lost" if len(lost) == 1 else f"lost-{place}"
            pieces.append(self._piece(name, Purpose.LOST_STEPS, amount, devices, number_format))
        evaluation = self._evaluation(kept)
        if evaluation is not None:
            pieces.append(evaluation)
        outcome = Outcome(
            self.work,
            kept,
            lost,
            self.given,
            self.settings,
            self.worlds,
            is_dated=self.first is not None,
            evaluations=self.evaluations,
            has_evaluation=evaluation is not None,
            times_back=self.times_back,
        )
        return Recording(
            "megatron-log",
            VERSION,
            Method.TRAINER_LOG,
            tuple(item for source in sources for item in source.evidence),
            tuple(pieces),
            self.marks.progress(),
            number_format,
            self.arguments.facts,
            (*copies, *self.copied, *findings_of(outcome, sources)),
        )

    def _piece(
        self,
        name: str,
        purpose: Purpose | None,
        amount: Amounts,
        devices: list[int],
        number_format: str | None,
    ) -> Piece:
        return Piece(
            name,
            purpose,
            self.first if purpose is None else None,
            self.last if purpose is None else None,
            amount.steps,
            amount.samples,
            amount.tokens,
            amount.model,
            amount.executed,
            amount.device_seconds,
            max(devices, default=None),
            self.given.device or "",
            dense_capacity(self.given.device, number_format, amount.device_seconds),
            f"throughput x devices x elapsed time, summed over {amount.steps} steps; "
            "attention halved (causal)",
            "attention halved; no recomputation in model operations; nothing between the steps",
        )

    def _evaluation(self, kept: Amounts) -> Piece | None:
        """Return the evaluations seen: forward passes only, a third of training for each token."""
        settings = self.settings
        batch = settings.batch
        if not (self.evaluations and settings.evaluated and batch and settings.sequence_length):
            return None
        samples = self.evaluations * settings.evaluated * batch
        tokens = Interval.exactly(samples * settings.sequence_length)
        operations = None
        if kept.model is not None and kept.tokens is not None and kept.tokens.low:
            operations = kept.model * (tokens.low / kept.tokens.low * FORWARD_ONLY)
        if operations is None:
            return None
        return Piece(
            "evaluation",
            Purpose.EVALUATION,
            samples=Interval.exactly(samples),
            tokens=tokens,
            model_operations=operations,
            executed_operations=operations,
            formula=f"{self.evaluations} evaluations x {settings.evaluated} iterations x "
            f"{batch} samples; a third of the operations of training on a token (forward only)",
            includes="forward passes only",
        )


def _copied(shown: str, lines: int) -> Finding:
    return Finding(
        "megatron_log.copied_lines",
        f"the first {lines:,} lines about iterations stand at the end of the file before as well.",
        Place(shown),
        severity=Severity.NOTE,
        effect="counted once",
    )


def _moment(stamp: bytes, zone: tzinfo = UTC) -> datetime | None:
    if _STAMP.fullmatch(stamp) is None:
        return None
    try:
        return datetime.fromisoformat(stamp.decode()).replace(tzinfo=zone)
    except ValueError:
        return None


def _hours_back(before: bytes, after: bytes) -> bool:
    """Whether a clock went back by more than a change from summer time makes it."""
    earlier, later = _moment(after), _moment(before)
    return earlier is not None and later is not None and later - earlier > timedelta(hours=2)
