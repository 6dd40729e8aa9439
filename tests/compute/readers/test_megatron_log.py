"""Megatron-LM logs: what they come to, and every trap in them with what it does to the total."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compute.readers import megatron_logs as logs
from tests.compute.readers.hostile import outcome

from declarant.compute.architecture import Recompute, estimate, read_configuration
from declarant.compute.ledger import Method, Purpose
from declarant.compute.readers import Given, read_recording
from declarant.compute.recording import Piece, Recording
from declarant.problems import BadInput, Finding, Severity

DAY = datetime(2024, 10, 2)  # noqa: DTZ001 - the trainer writes no zone
STEP = 440 * 10**12 * 4 * 1024
"""Operations of a step as printed: 440 TFLOP/s x 4 s x 1,024 devices."""
HALF_CORE = 6 * 80 * 4096 * 8192 * 1024 * 4096
"""Half the attention core of a step: 6 x layers x length x width, for 1,024 x 4,096 tokens."""


@pytest.fixture
def read(tmp_path: Path):
    def reading(*texts: str, known: Given | None = None) -> Recording:
        files = {f"{place}.log": text.encode() for place, text in enumerate(texts)}
        result = outcome(tmp_path, files, None, known or Given())
        assert isinstance(result, Recording), result
        return result

    return reading


def piece(recording: Recording, name: str = "kept") -> Piece:
    return next(item for item in recording.pieces if item.id == name)


def codes(recording: Recording) -> set[str]:
    return {item.code.removeprefix("megatron_log.") for item in recording.all_findings}


def finding(recording: Recording, code: str) -> Finding:
    return next(item for item in recording.all_findings if item.code == f"megatron_log.{code}")


def best(recording: Recording, *, with_lost: bool = False) -> Fraction | None:
    total = recording.total(lambda item: item.model_operations, with_lost=with_lost)
    assert total is not None
    return total.best


def printed(steps: int, step: int = STEP) -> str:
    return logs.arguments() + logs.iterations(range(1, steps + 1), DAY)


def test_a_crash_a_resume_and_a_counter_that_was_reset(read) -> None:
    """By hand: 1000 + 500 + 300 steps kept, 200 lost, each of 1.80224e18 less half the core."""
    recording = read(logs.crash_resume_and_reset())
    kept, lost = piece(recording), piece(recording, "lost")
    assert recording.format == "megatron-log"
    assert recording.method is Method.TRAINER_LOG
    assert recording.number_format == "bf16"
    assert STEP == 1_802_240_000_000_000_000
    assert HALF_CORE == 67_553_994_410_557_440
    assert (kept.steps, lost.steps) == (1800, 200)
    assert lost.purpose is Purpose.LOST_STEPS
    assert kept.tokens is not None
    assert kept.tokens.best == 1800 * 1024 * 4096
    assert best(recording) == 1800 * (STEP - HALF_CORE) == 3_122_434_810_060_996_608_000
    assert best(recording, with_lost=True) == 2000 * (STEP - HALF_CORE)
    assert best(recording, with_lost=True) == 3_469_372_011_178_885_120_000
    assert {"went_back", "counter_restarted", "attention_in_full"} <= codes(recording)
    went_back = finding(recording, "went_back")
    assert "11.1 %" in went_back.effect
    assert "without" in went_back.effect
    reset = finding(recording, "counter_restarted")
    assert "2.70e21" in reset.effect  # 1500 of 1800 steps as printed
    assert "83.3 %" in reset.effect


def test_the_same_run_with_a_line_every_fifty_steps_comes_to_the_same(read) -> None:
    recording = read(logs.crash_resume_and_reset(interval=50))
    assert (piece(recording).steps, piece(recording, "lost").steps) == (1800, 200)
    assert best(recording) == 1800 * (STEP - HALF_CORE)
    assert "interval" in codes(recording)


def test_a_log_cut_in_files_is_one_log(read) -> None:
    whole = logs.crash_resume_and_reset()
    cut = whole.index("\n", len(whole) // 2) + 1
    one, two = read(whole), read(whole[:cut], whole[cut:])
    assert [item.steps for item in one.pieces] == [item.steps for item in two.pieces]
    assert best(one) == best(two)
    assert len(two.evidence) == 2


def test_one_file_named_twice_is_read_once(read) -> None:
    recording = read(printed(20), printed(20))
    assert piece(recording).steps == 20
    assert len(recording.pieces) == 1
    assert any(item.code == "file.same_content" for item in recording.findings)


def test_files_out_of_order_are_seen_by_their_times(read) -> None:
    early = logs.arguments() + logs.iterations(range(1, 51), DAY)
    late = logs.iterations(range(51, 101), datetime(2024, 10, 3))  # noqa: DTZ001
    recording = read(late, early)
    assert finding(recording, "times_go_back").severity is Severity.ERROR


def test_half_the_core_is_taken_off_before_the_change_and_may_be_after(read) -> None:
    old = read(logs.arguments() + logs.iteration(1, datetime(2025, 3, 5, 23, 59, 59)))  # noqa: DTZ001
    new = read(logs.arguments() + logs.iteration(1, datetime(2025, 3, 6)))  # noqa: DTZ001
    undated = read(logs.arguments() + logs.iteration(1))
    assert best(old) == STEP - HALF_CORE
    for recording in (new, undated):
        amount = piece(recording).model_operations
        assert amount is not None
        assert amount.best is None
        assert amount.low < STEP - HALF_CORE < STEP < amount.high
        assert "version_unknown" in codes(recording)
        assert "6 March 2025" in finding(recording, "version_unknown").what


def per_sample(core: Fraction) -> Fraction:
    """Return the trainer's formula for the arguments above; `core` is s/h, or half of it."""
    inner = Fraction(28672, 8192) * Fraction(3, 2)
    head = Fraction(128256, 2 * 80 * 8192)
    return 12 * 4096 * 80 * 8192**2 * (1 + Fraction(8, 64) + core + inner + head)


@pytest.mark.parametrize(("share", "attention"), [(1, "full"), (2, "half")])
def test_the_arithmetic_of_a_line_shows_its_version(read, share: int, attention: str) -> None:
    step = per_sample(Fraction(4096, 8192) / share) * 1024
    rate = float(step / (4 * 1024) / 10**12)
    line = logs.iteration(1, datetime(2026, 1, 1), rate=rate)  # noqa: DTZ001
    recording = read(logs.arguments() + line)
    assert "version_unknown" not in codes(recording)
    assert ("attention_in_full" in codes(recording)) == (attention == "full")
    causal = per_sample(Fraction(4096, 8192) / 2) * 1024
    assert abs(best(recording) / causal - 1) < Fraction(1, 1000)


def test_a_model_that_is_given_shows_the_version_where_the_log_is_silent(read) -> None:
    small = read_configuration(Path(__file__).parents[1] / "configurations" / "olmo-2-7b.json")
    known = Given(architecture=small, devices=64, sequence_length=4096)
    closed = estimate(small, 1024 * 4096, sequence_length=4096).model_operations.best
    assert closed is not None
    rate = float(closed / (4 * 64) / 10**12)
    recording = read(logs.iteration(1, rate=rate), known=known)
    assert "version_unknown" not in codes(recording)
    assert abs(best(recording) / closed - 1) < Fraction(1, 1000)


def test_a_total_under_the_name_of_one_device_is_found_by_arithmetic(read) -> None:
    step = per_sample(Fraction(4096, 8192)) * 1024
    line = logs.iteration(1, DAY, rate=float(step / 4 / 10**12))
    recording = read(logs.arguments() + line)
    assert "total_throughput" in codes(recording)
    assert abs(best(recording) / (step - HALF_CORE) - 1) < Fraction(1, 1000)


def test_a_throughput_above_the_peak_of_the_device_is_an_error(read) -> None:
    line = logs.iteration(1, DAY, rate=440_000.0)
    recording = read(logs.arguments() + line, known=Given(device="H100 SXM"))
    above = finding(recording, "above_peak")
    assert above.severity is Severity.ERROR
    assert "times too high" in above.effect
    at_peak = read(logs.arguments() + logs.iteration(1, DAY), known=Given(device="H100 SXM"))
    assert "above_peak" not in codes(at_peak)


def test_lines_of_the_older_form_hold_recomputation(read) -> None:
    """By hand: 149.02e12 x 105.22 x 384; a fourth of what is not the head is recomputation."""
    known = {"num_layers": 70, "hidden_size": 14336, "seq_length": 2048, "world_size": 384}
    known |= {"padded_vocab_size": 250880, "num_attention_heads": 112, "global_batch_size": 2048}
    said = logs.arguments(**known, checkpoint_activations=True, recompute_granularity="absent")
    recording = read(said + logs.bigscience(1))
    shown = 149_020 * 10**9 * 105_220 * 384 // 1000
    tokens = 2048 * 2048
    core, head = 6 * 70 * 2048 * 14336 * tokens, 6 * 14336 * 250880 * tokens
    assert best(recording) == shown - Fraction(shown - head, 4) - core
    executed = piece(recording).executed_operations
    assert executed is not None
    assert executed.best == shown - core * Fraction(4, 3)
    assert "with_recomputation" in codes(recording)


def test_without_the_arguments_an_older_line_is_bounds(read) -> None:
    recording = read(logs.bigscience(1), known=Given(devices=384, sequence_length=2048))
    amount = piece(recording).model_operations
    shown = 149_020 * 10**9 * 105_220 * 384 // 1000
    assert amount is not None
    assert amount.best is None
    assert amount.low < shown * Fraction(3, 8)
    assert amount.high > shown * Fraction(3, 4)
    assert piece(recording).tokens.best == 2048 * 2048


def test_unknown_devices_and_length_are_not_guessed(read) -> None:
    recording = read(logs.iteration(1, DAY))
    kept = piece(recording)
    assert kept.model_operations is None
    assert kept.executed_operations is None
    assert kept.tokens is None
    assert kept.devices is None
    assert kept.samples.best == 1024
    assert {"devices_unknown", "sequence_length_unknown"} <= codes(recording)


def test_what_is_given_stands_in_and_the_word_of_the_log_wins(read) -> None:
    known = Given(devices=512, sequence_length=8192)
    assert piece(read(logs.iteration(1, DAY), known=known)).devices == 512
    recording = read(logs.arguments() + logs.iteration(1, DAY), known=known)
    assert piece(recording).devices == 1024
    assert piece(recording).tokens.best == 1024 * 4096
    assert "devices_differ" in codes(recording)


def test_lines_without_throughput_leave_operations_open(read) -> None:
    none = read(logs.arguments() + logs.iteration(1, DAY, rate=None))
    assert piece(none).model_operations is None
    assert "no_throughput" in codes(none)
    some = read(logs.arguments() + logs.iteration(1, DAY) + logs.iteration(2, DAY, rate=None))
    amount = piece(some).model_operations
    assert amount is not None
    assert amount.high is None
    assert amount.low > 0
    assert "throughput_missing" in codes(some)


def test_a_line_that_several_ranks_print_counts_once(read) -> None:
    text = logs.arguments()
    for number in range(1, 11):
        for rank in ("default0:[rank0]:", "default0:[rank8]:"):
            text += logs.iteration(number, DAY, prefix=rank)
    recording = read(text)
    assert piece(recording).steps == 10
    assert len(recording.pieces) == 1
    assert finding(recording, "repeated_lines").what.startswith("10 lines")


@pytest.mark.parametrize("prefix", ["0: ", "default0:[rank0]:", "[default7]:", " 12: [host-3] "])
def test_what_a_launcher_writes_before_a_line_is_passed_over(read, prefix: str) -> None:
    text = "".join(logs.iteration(number, DAY, prefix=prefix) for number in range(1, 6))
    assert piece(read(logs.arguments() + text)).steps == 5


def test_lines_that_are_missing_leave_their_steps(read) -> None:
    numbers = [*range(1, 101), *range(151, 201)]
    recording = read(logs.arguments() + logs.iterations(numbers, DAY))
    assert piece(recording).steps == 200
    missing = finding(recording, "lines_missing")
    assert "50 steps" in missing.what
    assert "25 %" in missing.effect


def test_a_log_that_begins_late_says_what_is_not_in_it(read) -> None:
    recording = read(logs.arguments() + logs.iterations(range(501, 601), DAY))
    assert piece(recording).steps == 100
    late = finding(recording, "begins_late")
    assert "after step 500" in late.what
    assert "500 %" in late.effect


def test_skipped_and_nan_iterations_were_executed(read) -> None:
    text = logs.arguments() + logs.iterations(range(1, 10), DAY)
    recording = read(text + logs.iteration(10, DAY, skipped=1, nan=1))
    assert piece(recording).steps == 10
    for code in ("skipped_iterations", "nan_iterations"):
        assert "10 %" in finding(recording, code).effect
        assert "executed" in finding(recording, code).what


def test_samples_that_were_set_back_are_counted_by_the_batch(read) -> None:
    text = logs.arguments() + logs.iterations(range(1, 101), DAY)
    for number in range(101, 201):
        text += logs.iteration(number, DAY, consumed=(number - 100) * 1024)
    recording = read(text)
    assert piece(recording).samples.best == 200 * 1024
    reset = finding(recording, "samples_restarted")
    assert "102400 samples" in reset.effect
    assert "50 %" in reset.effect


def test_a_start_from_nothing_throws_everything_before_it_away(read) -> None:
    text = logs.arguments() + logs.iterations(range(1, 201), DAY)
    recording = read(text + logs.arguments() + logs.iterations(range(1, 101), DAY))
    assert (piece(recording).steps, piece(recording, "lost").steps) == (100, 200)


def test_a_fall_that_nothing_explains_is_kept_and_asked_about(read) -> None:
    text = logs.arguments() + "".join(logs.iteration(n, DAY, loss=None) for n in range(1, 101))
    text += "".join(logs.iteration(n, DAY, loss=None) for n in range(1, 51))
    recording = read(text)
    assert piece(recording).steps == 150
    asked = finding(recording, "counter_restarted")
    assert asked.severity is Severity.WARNING
    assert "Confirm" in asked.mend


def test_a_restart_without_repeated_steps_may_hide_some(read) -> None:
    text = logs.arguments(log_interval=100) + logs.iterations(range(100, 1001, 100), DAY)
    text += logs.arguments(log_interval=100) + logs.loaded(1000)
    text += logs.iterations(range(1100, 2001, 100), datetime(2024, 10, 3))  # noqa: DTZ001
    recording = read(text)
    assert piece(recording).steps == 2000
    assert len(recording.pieces) == 1
    hidden = finding(recording, "restarted")
    assert "Up to 100 steps" in hidden.what
    assert "5 %" in hidden.effect


def test_each_number_of_devices_counts_for_its_own_part(read) -> None:
    text = logs.arguments() + logs.iterations(range(1, 101), DAY)
    text += logs.arguments(world_size=2048) + logs.loaded(100)
    text += logs.iterations(range(101, 201), datetime(2024, 10, 3), ms=2000.0)  # noqa: DTZ001
    recording = read(text)
    assert best(recording) == 200 * (STEP - HALF_CORE)
    assert piece(recording).devices == 2048
    assert piece(recording).device_seconds.best == 100 * (4 * 1024 + 2 * 2048)
    assert "devices_changed" in codes(recording)


def test_recomputation_is_executed_only(read) -> None:
    def amounts(granularity: object) -> tuple[Fraction | None, ...]:
        said = logs.arguments(recompute_granularity=granularity)
        kept = piece(read(said + logs.iteration(1, DAY)))
        assert kept.model_operations is not None
        assert kept.executed_operations is not None
        assert kept.model_operations.best == STEP - HALF_CORE
        return kept.executed_operations.best, kept.executed_operations.high

    head = 6 * 8192 * 128256 * 1024 * 4096
    model = STEP - HALF_CORE
    assert amounts(None)[0] == model
    assert amounts("full")[0] == model + Fraction(model - head, 3)
    assert amounts("selective")[0] is None
    assert amounts("selective")[1] > model


def test_recomputation_that_is_given_counts_where_the_log_is_silent(read) -> None:
    line = logs.iteration(1, DAY)
    known = Given(devices=1024, sequence_length=4096, recompute=Recompute.NONE)
    kept = piece(read(line, known=known))
    assert kept.model_operations == kept.executed_operations


def test_evaluations_are_forward_passes_of_their_own(read) -> None:
    text = logs.arguments() + logs.iterations(range(1, 101), DAY) + logs.evaluated(100) * 2
    recording = read(text)
    apart = piece(recording, "evaluation")
    assert apart.purpose is Purpose.EVALUATION
    assert apart.samples.best == 10 * 1024
    assert apart.model_operations.best == Fraction(10, 3) * (STEP - HALF_CORE)
    unsized = read(text.replace("eval_iters", "eval_other"))
    assert "evaluations_unsized" in codes(unsized)


def test_an_iteration_beyond_the_plan_is_damage(read) -> None:
    text = logs.arguments() + logs.iterations(range(1, 11), DAY)
    recording = read(text + logs.iteration(5001, DAY) + logs.iteration(11, DAY))
    assert piece(recording).steps == 11
    assert "damaged_lines" in codes(recording)
    at_the_plan = read(logs.arguments() + logs.iterations(range(4991, 5001), DAY))
    assert "damaged_lines" not in codes(at_the_plan)


def test_progress_is_marked_with_steps_and_tokens(read) -> None:
    recording = read(printed(100))
    assert recording.progress is not None
    last = recording.progress.marks[-1]
    assert (last.step, last.tokens) == (100, 100 * 1024 * 4096)
    assert last.moment == datetime(2024, 10, 2, 0, 6, 40, tzinfo=UTC)
    assert "times_without_zone" in codes(recording)
    assert read(logs.arguments() + logs.iteration(1)).progress is None


def test_a_configuration_that_cannot_be_of_this_run_is_an_error(read) -> None:
    small = Path(__file__).parents[1] / "configurations" / "gpt3-small.json"
    known = Given(architecture=read_configuration(small))
    recording = read(printed(10), known=known)
    assert finding(recording, "far_from_model").severity is Severity.ERROR


def test_a_log_without_iterations_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "empty.log"
    file.write_text(logs.arguments())
    with pytest.raises(BadInput, match="no line about an iteration"):
        read_recording([file], format="megatron-log")


def test_every_finding_that_bears_on_the_total_says_how(read) -> None:
    text = logs.crash_resume_and_reset() + logs.iteration(301, DAY, skipped=1)
    for item in read(text).all_findings:
        assert item.effect, item


@settings(max_examples=60, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=6),
    back=st.lists(st.integers(0, 30), min_size=6, max_size=6),
)
def test_steps_kept_and_lost_are_all_that_were_done(tmp_path_factory, lengths, back) -> None:
    """However often a run goes back, every step done is in one piece, and kept ones are once."""
    text, at, done = logs.arguments(), 0, 0
    for length, behind in zip(lengths, back, strict=False):
        start = max(0, at - behind) if at else 0
        if start == 0 and at:
            start = at
        text += logs.arguments() + (logs.loaded(start) if start else "")
        text += "".join(logs.iteration(n, DAY) for n in range(start + 1, start + length + 1))
        at, done = start + length, done + length
    folder = tmp_path_factory.mktemp("log")
    recording = outcome(folder, {"a.log": text.encode()}, "megatron-log")
    assert isinstance(recording, Recording)
    assert piece(recording).steps == at
    assert sum(item.steps or 0 for item in recording.pieces) == done
    total = recording.total(lambda item: item.model_operations, with_lost=True)
    assert total is not None
    assert total.best == done * (STEP - HALF_CORE)


def test_older_lines_are_joined_and_nothing_is_lost(read, monkeypatch) -> None:
    """With room for few lines, totals stay the same; a restart far back cuts in proportion."""
    from declarant.compute.readers.megatron import succession, work

    text = logs.arguments() + logs.iterations(range(1, 401), DAY)
    text += logs.arguments() + logs.loaded(30) + logs.iterations(range(31, 301), DAY)
    whole = read(text)
    monkeypatch.setattr(work, "MOST_STRETCHES", 8)
    monkeypatch.setattr(succession, "MOST_ROWS", 32)
    joined = read(text)
    assert [item.steps for item in joined.pieces] == [item.steps for item in whole.pieces]
    assert piece(joined).steps == 300
    assert best(joined) == best(whole)
    assert best(joined, with_lost=True) == 670 * (STEP - HALF_CORE)


def test_usual_lines_and_others_come_to_the_same(read) -> None:
    """Lines that are taken in bulk are counted as those that are taken one by one."""
    usual = logs.crash_resume_and_reset()
    other = usual.replace("/    5000 |", "/    5000  |")  # of no usual form
    one, two = read(usual), read(other)
    assert one.pieces == two.pieces
    assert one.progress == two.progress
    assert [item.as_json() for item in one.findings] == [item.as_json() for item in two.findings]


def test_a_log_that_begins_with_much_else_is_known_by_its_arguments(read) -> None:
    noise = "NCCL INFO Channel 00/32 : 0 1 2 3 4 5 6 7\n" * 3000
    assert piece(read(logs.arguments() + noise + logs.iteration(1, DAY))).steps == 1


def test_a_rotated_log_that_begins_with_its_former_end_counts_once(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    lines = (root / "examples/juniper/evidence/train.log").read_text("utf-8").splitlines(True)
    whole, first, second = (tmp_path / name for name in ("whole.log", "a.log", "b.log"))
    whole.write_text("".join(lines[:100]), "utf-8")
    first.write_text("".join(lines[:60]), "utf-8")
    second.write_text("".join(lines[50:100]), "utf-8")
    one, cut = read_recording([whole]), read_recording([first, second])
    assert [piece.id for piece in cut.pieces] == ["kept"]
    assert cut.pieces[0].steps == one.pieces[0].steps
    assert cut.pieces[0].model_operations == one.pieces[0].model_operations
    assert "megatron_log.copied_lines" in {item.code for item in cut.findings}


def test_every_evaluation_that_ran_counts(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    lines = (root / "examples/juniper/evidence/train.log").read_text("utf-8").splitlines(True)
    dump = next(place for place, line in enumerate(lines) if "seq_length" in line)
    lines.insert(dump, "  eval_iters " + "." * 36 + " 100\n")
    for at, loss in ((40, "2.1"), (60, "2.0"), (80, "2.0")):
        lines.insert(at, f" validation loss at iteration 10000 | lm loss value: {loss}{at} |\n")
    log = tmp_path / "train.log"
    log.write_text("".join(lines), "utf-8")
    pieces = {piece.id: piece for piece in read_recording([log]).pieces}
    assert pieces["evaluation"].samples.best == 3 * 100 * 1024
