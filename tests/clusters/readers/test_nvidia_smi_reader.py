"""nvidia-smi -q -x: physical GPUs, whatever slices they are cut into."""

from pathlib import Path

import pytest

from declarant.clusters.observation import Observation
from declarant.clusters.readers import read_file
from declarant.problems import BadInput

FIXTURES = Path(__file__).parent / "fixtures"
SMALL = (FIXTURES / "gpu-node-7.xml").read_text()


def rows(seen: Observation) -> list[tuple[str, str, int, str]]:
    held = seen.machines
    return list(zip(held.name, held.device, held.count.tolist(), held.clique, strict=True))


def read(folder: Path, text: str, name: str = "node.xml") -> Observation:
    (folder / name).write_text(text)
    return read_file(folder / name)


def test_it_counts_physical_devices() -> None:
    seen = read_file(FIXTURES / "gpu-node-7.xml")
    assert seen.format == seen.machines.naming == "nvidia-smi"
    clique = "5e797fc6-0f46-421a-8724-0e102c0f723c.32766"
    assert rows(seen) == [
        ("gpu-node-7", "NVIDIA GB200", 2, clique),
        ("gpu-node-7", "NVIDIA T400 4GB", 1, ""),
    ]
    assert set(seen.machines.status) == {"in_service"}


def test_the_machine_is_named_after_the_file_and_that_is_told(tmp_path: Path) -> None:
    seen = read(tmp_path, SMALL, "gpu1.example.org.xml")
    assert set(seen.machines.name) == {"gpu1.example.org"}
    assert seen.findings[0].code == "nvidia-smi.machine_name"
    assert "$(hostname)" in seen.findings[0].mend


def test_a_gpu_that_stands_twice_counts_once(tmp_path: Path) -> None:
    seen = read(tmp_path, SMALL.replace("444444444402", "444444444401"))
    assert rows(seen)[0][2] == 1
    told = next(f for f in seen.findings if f.code == "nvidia-smi.duplicate")
    assert told.where.field == "gpu[1]"


def test_gpus_without_a_uuid_are_different_gpus(tmp_path: Path) -> None:
    text = SMALL.replace("GPU-00000000-1111-2222-3333-444444444401", "N/A")
    text = text.replace("GPU-00000000-1111-2222-3333-444444444402", "N/A")
    assert rows(read(tmp_path, text))[0][2] == 2


def test_gpus_that_are_attached_but_not_described_have_no_name(tmp_path: Path) -> None:
    seen = read(tmp_path, SMALL.replace("<attached_gpus>3", "<attached_gpus>8"))
    assert rows(seen)[-1] == ("node", "", 5, "")
    assert any(f.code == "nvidia-smi.attached" and f.effect for f in seen.findings)


def test_fewer_attached_than_described_is_told(tmp_path: Path) -> None:
    seen = read(tmp_path, SMALL.replace("<attached_gpus>3", "<attached_gpus>2"))
    assert sum(row[2] for row in rows(seen)) == 3
    assert any(f.code == "nvidia-smi.attached" for f in seen.findings)


def test_a_gpu_without_a_product_name_is_unknown(tmp_path: Path) -> None:
    seen = read(tmp_path, SMALL.replace("NVIDIA T400 4GB", "N/A"))
    assert rows(seen)[1] == ("node", "", 1, "")
    told = next(f for f in seen.findings if f.code == "nvidia-smi.no_product")
    assert told.where.field == "gpu[2].product_name"


def test_an_empty_fabric_is_no_clique(tmp_path: Path) -> None:
    zeros = "00000000-0000-0000-0000-000000000000"
    seen = read(tmp_path, SMALL.replace("5e797fc6-0f46-421a-8724-0e102c0f723c", zeros))
    assert {row[3] for row in rows(seen)} == {""}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SMALL[: len(SMALL) // 2], "nvidia-smi.xml"),
        ("<nvidia_smi_log></nvidia_smi_log>", "nvidia-smi.no_gpus"),
        ("<other><nvidia_smi_log/></other>", "nvidia-smi.root"),
        (
            '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'
            "<nvidia_smi_log>&c;</nvidia_smi_log>",
            "nvidia-smi.xml_unsafe",
        ),
        (
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            "<nvidia_smi_log>&a;</nvidia_smi_log>",
            "nvidia-smi.xml_unsafe",
        ),
        ("<nvidia_smi_log>&nothing;</nvidia_smi_log>", "nvidia-smi.xml"),
    ],
)
def test_it_refuses(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, text)
    finding = refused.value.findings[0]
    assert finding.code == code
    assert finding.mend


def test_a_cut_file_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, SMALL[: SMALL.index("<mig_devices>")])
    assert (
        refused.value.findings[0].where.line
        == SMALL[: SMALL.index("<mig_devices>")].count("\n") + 1
    )


def test_what_a_windows_shell_writes(tmp_path: Path) -> None:
    text = SMALL.replace('version="1.0"', 'version="1.0" encoding="UTF-16"')
    (tmp_path / "node.xml").write_bytes(text.encode("utf-16"))
    assert len(read_file(tmp_path / "node.xml").machines) == 2
