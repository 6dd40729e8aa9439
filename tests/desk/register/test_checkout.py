"""The register as a folder and as facts: those that the command line finds in the example."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.desk.register.registers import EXAMPLES

from declarant.clusters.observation import Links, Nodes, Observation
from declarant.desk.filer.register.checkout import checked_out, fingerprint, load
from declarant.desk.filer.register.evidence import add_evidence
from declarant.desk.filer.register.models import EvidenceFile
from declarant.desk.vault import path_of, store_bytes
from declarant.problems import BadInput, Place
from declarant.register import Facts, load_register

pytestmark = pytest.mark.django_db


def substance(facts: Facts, root: Path) -> Any:
    """All that facts say, without where the register itself lies and which bytes it has."""
    own = {item.sha256 for item in facts.evidence[:1]}

    def plain(value: Any) -> Any:
        if isinstance(value, Observation):  # a reader numbers nodes as it likes
            names = list(value.nodes.key)
            ends = [names[number] for number in (*value.links.a, *value.links.b)]
            half = len(ends) // 2
            links = zip(
                ends[:half], ends[half:], value.links.active, value.links.count, strict=True
            )
            bare = replace(value, nodes=Nodes(), links=Links())
            return [plain_object(bare), sorted(names), sorted(map(str, links))]
        if isinstance(value, Place) and str(value.file).endswith("register.yaml"):
            return value.field  # comments and blank lines move the lines
        if isinstance(value, np.ndarray):
            return value.tolist()
        if isinstance(value, str):
            return "own" if value in own else value.removeprefix(f"{root}/")
        if isinstance(value, tuple | list):
            return [plain(item) for item in value]
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return plain_object(value) if hasattr(value, "__dataclass_fields__") else value

    def plain_object(value: Any) -> Any:
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}

    return plain(replace(facts, places=()))


@pytest.mark.parametrize("name", ["cedar-ridge", "juniper", "halcyon"])
def test_facts_are_those_of_the_imported_folder(example: Any, name: str) -> None:
    example(name)
    facts, root = load()
    folder = EXAMPLES / name
    assert substance(facts, root) == substance(load_register(folder), folder)
    assert not root.exists()
    assert "checkouts" not in str(substance(facts, Path("-")))


def test_stored_files_are_linked_read_only_and_the_folder_goes_away(example: Any) -> None:
    example("cedar-ridge")
    with checked_out() as folder:
        for path, sha256 in EvidenceFile.objects.values_list("path", "file__sha256"):
            linked = folder / path
            assert linked.stat().st_ino == path_of(sha256).stat().st_ino
            assert not linked.is_symlink()
            assert linked.stat().st_mode & 0o222 == 0
        first = folder
    assert not first.exists()


def test_another_disk_gets_copies(example: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    example("cedar-ridge")

    def refuse(*_args: Any, **_options: Any) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    facts, _ = load()
    assert len(facts.ledger.segments) == 8


def test_progress_is_told(example: Any) -> None:
    example("cedar-ridge")
    told: list[tuple[int, int]] = []
    load(lambda done, total: told.append((done, total)))
    assert told


def test_nobody_reports_yet(db: None) -> None:
    assert fingerprint() == ""
    with pytest.raises(BadInput, match="who reports"), checked_out():
        pass


def test_what_is_wrong_with_evidence_is_named_by_its_own_path(example: Any) -> None:
    engineer = example("cedar-ridge")
    path = "evidence/phoenix/machines.csv"
    add_evidence(engineer, path, store_bytes(b"machine,device\nn1,H100,x,y\n", name="x"))
    with pytest.raises(BadInput) as error:
        load()
    assert path in str(error.value)
    assert "checkouts" not in str(error.value)


def test_the_fingerprint_is_of_what_stands_there_now(small: Any, record: Any) -> None:
    from declarant.desk.filer.register.recording import save_record

    seen = [fingerprint()]
    row = record("model", "m-1")
    save_record(small, "model", {"id": "m-1", "name": "other"}, record=row)
    seen.append(fingerprint())
    file = add_evidence(small, "evidence/a.txt", store_bytes(b"a", name="a"))
    seen.append(fingerprint())
    add_evidence(small, file.path, store_bytes(b"b", name="a"))
    seen.append(fingerprint())
    assert len(set(seen)) == 4
    add_evidence(small, file.path, store_bytes(b"a", name="a"))
    save_record(small, "model", {"id": "m-1", "name": "Model one"}, record=record("model", "m-1"))
    with_file = seen[2]
    assert fingerprint() not in seen
    save_record(small, "model", {"id": "m-1", "name": "other"}, record=record("model", "m-1"))
    assert fingerprint() == with_file


def test_what_a_killed_process_left_is_removed_a_day_later(example: Any, home: Path) -> None:
    example("cedar-ridge")
    with checked_out() as folder:
        kept, old = folder.parent / "kept", folder.parent / "old"
    for left in (kept, old):
        left.mkdir()
        (left / "register.yaml").write_text("x")
    os.utime(old, (0, 0))
    with checked_out():
        assert kept.is_dir()
        assert not old.exists()
