from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.running import refused, run, run_json

AS_OF = ("--as-of", "2026-12-15")


@pytest.fixture
def star(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    """Write machines that hang on one switch, and their links."""

    def made(
        machines: int, device: str, each: object, *, links: int = 1, gbit: object = 400
    ) -> tuple[Path, Path]:
        inventory, cables = tmp_path / "machines.csv", tmp_path / "links.csv"
        inventory.write_text(
            "name,device,count\n" + "".join(f"n{i},{device},{each}\n" for i in range(machines))
        )
        cables.write_text(
            "a,b,gbit_s,count\n" + "".join(f"n{i},leaf,{gbit},{links}\n" for i in range(machines))
        )
        return cables, inventory

    return made


def assess(files: tuple[Path, Path], *more: object) -> Any:
    return run_json("cluster", files[0], "--machines", files[1], *AS_OF, *more)


def reading(found: Any, number_format: str, link: str = "machine") -> Any:
    return next(
        item
        for item in found["readings"]
        if (item["number_format"], item["link"], item["scale_up"])
        == (number_format, link, "counts")
    )


def test_the_keys_that_others_build_on(star: Callable[..., tuple[Path, Path]]) -> None:
    files = star(10, "NVIDIA H100 80GB HBM3", 8, links=8)
    found = assess(files)
    assert {"verdict", "default_reading", "readings", "flips", "unattributed", "inputs"} <= set(
        found
    )
    assert found["default_reading"] in {item["id"] for item in found["readings"]}
    assert {item["link"] for item in found["readings"]} == {"single", "pair", "machine"}
    assert {item["number_format"] for item in found["readings"]} >= {"highest", "16-bit", "8-bit"}
    for item in found["readings"]:
        assert set(item["peak"]) == {"low", "best", "high"}
        assert str(int(item["peak"]["low"])) == item["peak"]["low"]
        assert item["verdict"] == "not_reportable"
    cables, inventory = found["inputs"]
    assert cables["links"] == 80
    assert len(cables["sha256"]) == 64
    assert (inventory["path"], inventory["format"]) == (str(files[1]), "csv-machines")


def test_a_hundred_thousand_h100_flip_on_the_format(
    star: Callable[..., tuple[Path, Path]],
) -> None:
    found = assess(star(12_500, "NVIDIA H100 80GB HBM3", 8, links=8))
    assert reading(found, "16-bit")["peak"]["best"] == "98940000000000000000"
    assert reading(found, "8-bit")["peak"]["best"] == "197890000000000000000"
    assert reading(found, "16-bit")["verdict"] == "not_reportable"
    assert reading(found, "8-bit")["verdict"] == found["verdict"] == "reportable"
    assert any("16-bit" in flip["what"] for flip in found["flips"])


@pytest.mark.parametrize(
    ("machines", "verdict"), [(10_000, "not_reportable"), (10_001, "reportable")]
)
def test_forty_thousand_gb200_are_not_above(
    star: Callable[..., tuple[Path, Path]], machines: int, verdict: str
) -> None:
    found = assess(star(machines, "NVIDIA GB200", 4, links=4))
    assert reading(found, "16-bit")["verdict"] == verdict


def test_sixteen_links_of_200_flip_on_the_link_reading(
    star: Callable[..., tuple[Path, Path]],
) -> None:
    found = assess(star(7_000, "NVIDIA H200", 8, links=16, gbit=200))
    assert reading(found, "highest", "machine")["verdict"] == "reportable"
    assert reading(found, "highest", "pair")["verdict"] == "reportable"
    assert reading(found, "highest", "single")["machines"] == 1
    assert any("single" in flip["what"] for flip in found["flips"])


@pytest.mark.parametrize(("gbit", "machines"), [(300, 1), ("300.000000001", 100)])
def test_a_link_of_300_is_not_greater_than_300(
    star: Callable[..., tuple[Path, Path]], gbit: object, machines: int
) -> None:
    found = assess(star(100, "NVIDIA B200", 8, gbit=gbit))
    assert reading(found, "highest", "single")["machines"] == machines


def test_links_of_unknown_speed_leave_the_verdict_open(
    star: Callable[..., tuple[Path, Path]],
) -> None:
    found = assess(star(12_500, "NVIDIA H100 80GB HBM3", 8, links=8, gbit="???"))
    assert found["verdict"] == "undetermined"
    assert any("unknown" in item["code"] for item in found["findings"])


def test_an_unknown_gpu_leaves_no_upper_bound(star: Callable[..., tuple[Path, Path]]) -> None:
    found = assess(star(10, "NVIDIA Mystery X", 8, links=8))
    assert found["verdict"] == "undetermined"
    assert found["readings"][0]["peak"]["high"] is None
    assert "cluster.unknown_device" in {item["code"] for item in found["findings"]}


def test_people_read_the_verdict_first(star: Callable[..., tuple[Path, Path]]) -> None:
    files = star(12_500, "NVIDIA H100 80GB HBM3", 8, links=8)
    shown = run("cluster", files[0], "--machines", files[1], *AS_OF).stdout
    assert shown.startswith("REPORTABLE")
    assert "What would change the verdict" in shown
    assert "never made final" in shown


@pytest.mark.parametrize(
    ("device", "each", "gbit", "words"),
    [
        ("NVIDIA H100 80GB HBM3", 8, 400, "10 machines (80 devices) are transitively connected by"),
        ("NVIDIA Mystery X", "", 400, "10 machines (devices not known) are transitively"),
        ("NVIDIA H100 80GB HBM3", 8, 10, "No link above 300 Gbit/s is known"),
    ],
)
def test_people_read_the_words_of_the_rule(
    star: Callable[..., tuple[Path, Path]], device: str, each: object, gbit: int, words: str
) -> None:
    files = star(10, device, each, gbit=gbit)
    shown = run("cluster", files[0], "--machines", files[1], *AS_OF).stdout
    assert words in " ".join(shown.split())
    assert "hang together" not in shown
    assert "standing" not in shown


@pytest.mark.samples
def test_a_real_fabric_dump(samples: Path) -> None:
    dump = samples / "ibnetdiscover" / "ndr-dgx.txt"
    found = run_json("cluster", dump, "--devices-per-machine", "8", "--device", "H100 SXM", *AS_OF)
    (summary,) = found["inputs"]
    assert (summary["switches"], summary["adapters"], summary["links"]) == (40, 582, 1114)
    assert (summary["aggregation_nodes"], summary["adapters_without_host"]) == (40, 69)
    single = reading(found, "highest", "single")
    assert single["switches"] == 40  # one connected set
    assert found["unattributed"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--device", "H100 SXM"], "cluster.assumption"),
        (["--regime", "us-ca-sb53"], "cluster.no_such_activity"),
        (["--format", "magic"], "file.format_unknown"),
        (["--machines", "nowhere.csv"], "file.missing"),
    ],
)
def test_wrong_options_are_explained(
    star: Callable[..., tuple[Path, Path]], words: list[str], code: str
) -> None:
    assert refused("cluster", star(2, "B200", 8)[0], *words)["code"] == code


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x00", b"hello\n", b'Switch\t65 "S-2c5e', b"{" * 9999]
)
def test_hostile_files_are_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "dump.txt"
    file.write_bytes(content)
    result = run("cluster", file)
    assert result.exit_code in (0, 2)
    if result.exit_code == 0:  # read for what it holds, and said to be cut off
        assert "warning" in result.stdout or "error" in result.stdout
