"""A register that is right loads; one that is wrong says where, and how to mend it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from declarant.compute.ledger import Method, Purpose
from declarant.problems import BadInput, Finding
from declarant.register import load_register, plausibility_of
from declarant.register.facts import Facts

CONFIG = {
    "model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 4, "vocab_size": 100,
    "max_position_embeddings": 32, "tie_word_embeddings": False,
}  # fmt: skip

REGISTER = """\
register: 1
person:
  name: Test, Inc.
  kind: legal
  covered:
    us-bis-702-7: {answer: "yes", grounds: [organized_in_us], why: A Delaware corporation.}
models:
  - {id: m, name: M}
runs:
  - id: r
    name: R
    model: m
    status: completed
    start: 2026-01-01
    end: 2026-01-31
    cluster: c
    number_format: bf16
    configuration: config.json
    parts:
      - id: p
        stage: pre-training
        purpose: pre_training
        share: done
        start: 2026-01-01
        end: 2026-01-31
        tokens: 1.5e12
        evidence: [log.txt]
        counts:
          - {method: architecture, recompute: none}
          - {method: short_form}
clusters:
  - id: c
    name: C
    groups:
      - id: g
        status: in_service
        inventory: [machines.csv]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "register.yaml").write_text(REGISTER)
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    (tmp_path / "log.txt").write_text("iteration 1\n")
    (tmp_path / "machines.csv").write_text("name,device,count\na1,NVIDIA H100 80GB HBM3,8\n")
    return tmp_path


def change(folder: Path, before: str, after: str) -> None:
    file = folder / "register.yaml"
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


def findings(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(BadInput) as error:
        load_register(folder)
    assert all(item.what and item.mend for item in error.value.findings)
    return error.value.findings


def test_facts_are_loaded_and_counted(folder: Path) -> None:
    facts = load_register(folder)
    assert facts.person.covered["us-bis-702-7"].answer is True
    assert facts.run("r").end == date(2026, 1, 31)
    assert facts.cluster("c").groups[0].observations[0].machines.count.tolist() == [8]
    closed, short = facts.ledger.segments
    assert (closed.method, short.method) == (Method.ARCHITECTURE, Method.SHORT_FORM)
    assert closed.purpose is Purpose.PRE_TRAINING
    assert (closed.preferred, short.preferred) == (True, False)
    assert {item.path for item in closed.evidence} == {"config.json", "log.txt"}
    assert all(len(item.sha256) == 64 for item in facts.evidence)
    assert facts.ledger.model_operations() == closed.model_operations


def test_the_register_itself_may_be_named(folder: Path) -> None:
    assert load_register(folder / "register.yaml").person == load_register(folder).person


def test_totals_rely_on_the_method_the_register_chooses(folder: Path) -> None:
    change(folder, "        counts:\n", "        use: short_form\n        counts:\n")
    chosen = load_register(folder).ledger.preferred.segments
    assert [segment.method for segment in chosen] == [Method.SHORT_FORM]


@pytest.mark.parametrize(
    ("before", "after", "code", "field", "line"),
    [
        ("status: completed", "status: done", "yaml.value", "runs[0].status", 13),
        ("tokens: 1.5e12", "tokens: many", "yaml.value", "runs[0].parts[0].tokens", 26),
        ("tokens: 1.5e12", "tokens: -3", "yaml.value", "runs[0].parts[0].tokens", 26),
        ("start: 2026-01-01", "start: 20260101", "yaml.value", "runs[0].start", 14),
        ("start: 2026-01-01", "start: 2026-02-30", "yaml.value", "runs[0].start", 14),
        ("model: m", "model: n", "register.unknown_id", "runs[0].model", 12),
        ("cluster: c", "cluster: d", "register.unknown_id", "runs[0].cluster", 16),
        ("    cluster: c", "    clutser: c", "yaml.unknown_key", "runs[0].clutser", 16),
        (
            "configuration: config.json",
            "configuration: c.json",
            "evidence.missing",
            "runs[0].configuration",
            18,
        ),
        ("[log.txt]", "[../log.txt]", "evidence.outside", "runs[0].parts[0].evidence[0]", 27),
        ("[machines.csv]", "[/etc/hostname]", "evidence.outside", None, 37),
        ("        inventory: [machines.csv]\n", "", "yaml.value", "clusters[0].groups[0]", 35),
        ("[machines.csv]", "[.]", "evidence.not_a_file", None, 37),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    folder: Path, before: str, after: str, code: str, field: str | None, line: int
) -> None:
    change(folder, before, after)
    (finding,) = findings(folder)
    assert finding.code == code
    assert finding.where.line == line
    assert finding.where.file
    assert finding.where.file.endswith("register.yaml")
    if field is not None:
        assert finding.where.field == field


def test_everything_wrong_is_said_at_once(folder: Path) -> None:
    change(folder, "[log.txt]", "[one.txt, two.txt]")
    change(folder, "[machines.csv]", "[three.csv]")
    missing = [item.what for item in findings(folder) if item.code == "evidence.missing"]
    assert {name for name in ("one", "two", "three") if any(name in what for what in missing)} == {
        "one", "two", "three",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("        tokens: 1.5e12\n", "", "count.tokens"),
        ("        tokens: 1.5e12\n", "        tokens: 1.5\n", "count.tokens"),
        ("    configuration: config.json\n", "", "count.configuration"),
        (
            "{method: short_form}",
            "{method: stated, convention: as printed}",
            "count.nothing_stated",
        ),
        (
            "{method: short_form}",
            "{method: chip_time, device: H100 SXM, devices: 8, hours: 0}",
            "chip_time.amount",
        ),
        ("        counts:\n", "        use: stated\n        counts:\n", "count.use"),
    ],
)
def test_a_part_that_cannot_be_counted_so(folder: Path, before: str, after: str, code: str) -> None:
    change(folder, before, after)
    found = findings(folder)
    assert code in {item.code for item in found}
    assert all(item.where.line for item in found)


def timed(folder: Path, more: str) -> Facts:
    change(folder, "{method: short_form}", f"{{method: chip_time, hours: 1.0, devices: 8, {more}}}")
    return load_register(folder)


def test_chip_time_is_calibrated_on_finished_runs(folder: Path) -> None:
    segment = timed(folder, "device: H100 SXM").ledger.segments[1]
    assert "calibrated on R" in segment.formula
    # calibrated on the only run, it gives that run's own figure back
    assert segment.model_operations is not None
    closed = load_register(folder).ledger.segments[0].model_operations
    assert closed is not None
    assert segment.model_operations.best == closed.best


def test_chip_time_without_finished_runs_spans_published_ones(folder: Path) -> None:
    change(folder, "status: completed", "status: in_progress")
    segment = timed(folder, "device: H100 SXM").ledger.segments[1]
    assert "29 published runs" in segment.formula
    assert segment.model_operations is not None
    assert segment.model_operations.best == 8 * 3600 * 9894 * 10**11 * 32 / 100


def test_an_unknown_device_has_no_upper_bound_and_says_so(folder: Path) -> None:
    facts = timed(folder, "device: P100")
    segment = facts.ledger.segments[1]
    assert segment.model_operations is not None
    assert segment.model_operations.high is None
    assert "count.device" in {item.code for item in facts.findings}


def test_what_cannot_be_true_is_found(folder: Path) -> None:
    assert plausibility_of(load_register(folder), date(2026, 6, 1)) == ()
    change(folder, "tokens: 1.5e12", "tokens: 1.5e18")
    codes = {item.code for item in plausibility_of(load_register(folder), date(2026, 6, 1))}
    assert "plausibility.run_exceeds_cluster" in codes


def test_declared_machines_are_their_own_evidence(folder: Path) -> None:
    change(
        folder,
        "        inventory: [machines.csv]\n",
        "        declared: {machines: 3, device: GB200, devices_per_machine: 4,"
        " links: {count: 4, rate: 400 Gbit/s}, fabric: f}\n",
    )
    (observation,) = load_register(folder).cluster("c").groups[0].observations
    assert len(observation.machines) == 3
    assert observation.links.active.tolist() == [400 * 10**9] * 3
    assert observation.path.endswith("register.yaml")


def test_a_register_that_is_not_there(tmp_path: Path) -> None:
    assert findings(tmp_path)[0].code == "yaml.missing"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("    end: 2026-01-31", "    end: 2025-12-31", "yaml.value"),
        ("  - {id: m, name: M}", "  - {id: m, name: M, trained_from: m}", "register.circle"),
        (
            "      - id: g\n",
            "      - {id: g, status: in_service, inventory: [machines.csv]}\n      - id: g\n",
            "register.duplicate_id",
        ),
        ("[log.txt]", "[loop]", "evidence.unreadable"),
        ("[log.txt]", f"[{'x' * 5000}]", "evidence.unreadable"),
        ("tokens: 1.5e12", f"tokens: {'9' * 5000}", "yaml.value"),
    ],
)
def test_what_an_adversary_writes_is_refused(
    folder: Path, before: str, after: str, code: str
) -> None:
    (folder / "loop").symlink_to(folder / "loop")
    change(folder, before, after)
    assert code in {item.code for item in findings(folder)}
