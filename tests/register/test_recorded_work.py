"""What machines recorded, in a register: segments by method, lost steps apart, counted once."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from declarant.compute.ledger import Method, Purpose
from declarant.compute.reconcile import reconcile
from declarant.problems import BadInput
from declarant.register import Facts, load_register

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "juniper"
SEQUENCE, BATCH, REACHED, LOST = 4096, 1024, 400_000, 137_500 - 130_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "juniper"))


def changed(folder: Path, old: str, new: str) -> Facts:
    file = folder / "register.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_register(folder)


def test_tokens_of_the_closed_form_come_from_the_log(folder: Path) -> None:
    facts = load_register(folder)
    done = {
        segment.work: segment
        for segment in facts.ledger.segments
        if segment.method is Method.ARCHITECTURE
    }
    kept = done["juniper-8b-pretraining/done"].model_operations
    lost = done["juniper-8b-pretraining/done+lost_steps"]
    assert lost.purpose is Purpose.LOST_STEPS
    # the last line of the log stands at step 400,000; printed lost lines end at 137,500
    assert lost.model_operations.best / kept.best == Fraction(LOST, REACHED)
    stated = changed(
        folder, "share: done\n", f"share: done\n        tokens: {SEQUENCE * BATCH * REACHED}\n"
    )
    again = stated.ledger.segments[0].model_operations
    assert (again.low, again.best, again.high) == (kept.low, kept.best, kept.high)


def test_each_piece_of_work_counts_once(folder: Path) -> None:
    preferred = load_register(folder).ledger.preferred.segments
    assert len({segment.work for segment in preferred}) == len(preferred)


def test_a_method_that_tells_nothing_apart_holds_the_lost_steps(folder: Path) -> None:
    facts = changed(folder, "        counts:\n", "        use: chip_time\n        counts:\n")
    works = [segment.work for segment in facts.ledger.preferred.segments]
    assert "juniper-8b-pretraining/done" in works
    assert "juniper-8b-pretraining/done+lost_steps" not in works


def test_the_methods_of_the_example_agree(folder: Path) -> None:
    agreements = {item.part: item for item in reconcile(load_register(folder).ledger)}
    done = agreements["juniper-8b-pretraining/done"]
    assert len(done.figures) >= 3
    assert done.agree is True, done.disagreements
    assert done.choice.method is Method.ARCHITECTURE


def test_a_wrong_configuration_is_contradicted_by_the_machines(folder: Path) -> None:
    config = folder / "evidence" / "config.json"
    config.write_text(
        config.read_text(encoding="utf-8").replace(
            '"num_hidden_layers": 32', '"num_hidden_layers": 12'
        ),
        encoding="utf-8",
    )
    (done, *_) = reconcile(load_register(folder).ledger)
    assert done.agree is False
    assert done.choice.method is not Method.ARCHITECTURE
    assert done.reasons


def test_progress_goes_with_the_facts(folder: Path) -> None:
    progress = load_register(folder).progress_of("juniper-8b-pretraining")
    assert progress.marks[-1].step == REACHED
    assert progress.marks[-1].tokens == SEQUENCE * BATCH * REACHED
    assert load_register(folder).progress_of("nothing") is None


def test_the_files_read_are_evidence_by_the_name_the_register_gives(folder: Path) -> None:
    facts = load_register(folder)
    named = {item.path for item in facts.evidence}
    assert {"evidence/train.log", "evidence/sacct.txt", "evidence/config.json"} <= named
    log = next(item for item in facts.ledger.segments if item.method is Method.TRAINER_LOG)
    assert [item.path for item in log.evidence] == ["evidence/train.log"]


def test_counters_are_as_far_off_as_was_found_over_many_jobs(folder: Path) -> None:
    facts = load_register(folder)
    counter = next(item for item in facts.ledger.segments if item.method is Method.HARDWARE_COUNTER)
    executed = counter.executed_operations
    assert executed.low < executed.best * Fraction(90, 100)  # gaps widen it further
    assert executed.high > executed.best * Fraction(110, 100)
    assert "10 %" in executed.reason


def test_the_same_log_in_two_parts_is_questioned(folder: Path) -> None:
    file = folder / "register.yaml"
    text = file.read_text(encoding="utf-8")
    begin, end = text.index("      - id: done"), text.index("      - id: rest")
    again = text[begin:end].replace("id: done", "id: again")
    file.write_text(text[:end] + again + text[end:], encoding="utf-8")
    found = [item for item in load_register(folder).findings if item.code == "count.recorded_twice"]
    assert {str(item.what).split(" ")[0] for item in found} == {
        "evidence/train.log",
        "evidence/metered.parquet",
        "evidence/sacct.txt",
    }
    assert all("parts[0]" in item.what and "parts[1]" in str(item.where) for item in found)


def test_findings_of_the_log_go_with_the_trainers_figure(folder: Path) -> None:
    for segment in load_register(folder).ledger.segments:
        codes = {item.code.partition(".")[0] for item in segment.findings}
        assert ("megatron_log" in codes) <= (segment.method is Method.TRAINER_LOG), segment.id


def test_other_devices_than_the_records_name_are_told(folder: Path) -> None:
    facts = changed(folder, "device: H100 SXM", "device: A100")
    told = [item for item in facts.findings if item.code == "count.device_differs"]
    assert len(told) == 1
    assert "'h100'" in told[0].what


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("evidence/train.log", "evidence/absent.log", "there is no file 'evidence/absent.log'"),
        ("zone: America/Los_Angeles", "zone: Corvallis", "there is no time zone 'Corvallis'"),
        ("run: juniper-8b\n", "run: hickory\n", "the files hold no work of 'hickory'"),
        (
            "        log:\n          files: [evidence/train.log]\n"
            "          zone: America/Los_Angeles\n",
            "",
            "names no log",
        ),
        ("files: [evidence/train.log]", "files: [evidence/config.json]", "no format that is known"),
        ("method: trainer_log ", "method: architecture ", "counted by each method once"),
        ("method: trainer_log ", "method: trainer_logs ", "Did you mean 'trainer_log'?"),
        ("number_format: bf16", "number_format: bf17", "there is no number format 'bf17'"),
        (
            "files: [evidence/metered.parquet]\n              run: juniper-8b",
            "files: [evidence/train.log]",
            "hold figures by trainer_log, and are named for hardware_counter",
        ),
        (
            "            device: H100 SXM\n            recorded:",
            "            devices: 8\n            recorded:",
            "stated or recorded, not both",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(folder: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        changed(folder, old, new)
    assert said in str(refused.value)
    assert all(str(item.where) and item.mend for item in refused.value.findings)
