"""SONiC switches: config_db.json and minigraph XML."""

import json
from pathlib import Path
from typing import Any

import pytest

from declarant.clusters.observation import UNKNOWN_RATE, NodeKind, Observation
from declarant.clusters.readers import read_file
from declarant.problems import BadInput

FIXTURES = Path(__file__).parent / "fixtures"
GBIT = 10**9


def links(seen: Observation) -> list[tuple[str, str, int, int]]:
    key = seen.nodes.key
    return [
        (key[a], key[b], active, supported)
        for a, b, active, supported in zip(
            seen.links.a.tolist(),
            seen.links.b.tolist(),
            seen.links.active.tolist(),
            seen.links.supported.tolist(),
            strict=True,
        )
    ]


def kinds(seen: Observation) -> dict[str, NodeKind]:
    return {key: NodeKind(kind) for key, kind in zip(seen.nodes.key, seen.nodes.kind, strict=True)}


def config(**tables: Any) -> str:
    whole = json.loads((FIXTURES / "leaf1-config_db.json").read_text())
    return json.dumps(whole | tables)


def read(folder: Path, text: str, name: str = "config_db.json") -> Observation:
    (folder / name).write_text(text)
    return read_file(folder / name)


def test_each_breakout_port_is_a_link_of_its_own_speed() -> None:
    seen = read_file(FIXTURES / "leaf1-config_db.json")
    assert seen.format == "sonic-config-db"
    assert links(seen) == [
        ("leaf1", "gpu001", 400 * GBIT, 400 * GBIT),
        ("leaf1", "gpu002", 400 * GBIT, 400 * GBIT),  # named by its alias
        ("leaf1", "spine1", 800 * GBIT, 800 * GBIT),
        ("leaf1", "spine1", 0, 800 * GBIT),  # shut down
        ("leaf1", "mystery", UNKNOWN_RATE, UNKNOWN_RATE),
    ]
    assert seen.speeds_known
    assert not seen.links.one_ended.any()  # a switch's own file is whole, not cut off


def test_neighbours_are_machines_switches_or_unknown() -> None:
    seen = read_file(FIXTURES / "leaf1-config_db.json")
    assert kinds(seen) == {
        "leaf1": NodeKind.SWITCH,
        "gpu001": NodeKind.MACHINE,
        "gpu002": NodeKind.MACHINE,
        "spine1": NodeKind.SWITCH,
        "mystery": NodeKind.UNKNOWN,
    }
    assert seen.nodes.host[seen.nodes.key.index("gpu001")] == "gpu001"
    assert seen.nodes.host[seen.nodes.key.index("spine1")] == ""


def test_it_says_what_is_missing() -> None:
    found = {f.code: f for f in read_file(FIXTURES / "leaf1-config_db.json").findings}
    assert set(found) == {
        "sonic-config-db.no_neighbour",
        "sonic-config-db.no_speed",
        "sonic-config-db.neighbour_type",
    }
    assert found["sonic-config-db.no_speed"].where.field == "PORT.Ethernet24.speed"
    assert found["sonic-config-db.no_neighbour"].effect == "links may be missing"


def test_a_switch_without_a_name_is_named_after_the_file(tmp_path: Path) -> None:
    seen = read(tmp_path, config(DEVICE_METADATA={}), "leaf7.json")
    assert seen.nodes.key[0] == "leaf7"
    assert "sonic-config-db.switch_name" in {f.code for f in seen.findings}


def test_the_parts_of_a_chassis_are_read_one_by_one(tmp_path: Path) -> None:
    asic0 = json.loads(config(DEVICE_METADATA={"localhost": {"hostname": "asic0"}}))
    asic1 = json.loads(config(DEVICE_METADATA={"localhost": {"hostname": "asic1"}}))
    seen = read(tmp_path, json.dumps({"asic0": asic0, "asic1": asic1}))
    assert len(seen.links) == 10
    assert {"asic0", "asic1"} <= set(seen.nodes.key)


@pytest.mark.parametrize("speed", ["0", "-1", "400G", "", None, 4.5, True, "9" * 40, [400]])
def test_a_speed_that_is_none_is_unknown(tmp_path: Path, speed: object) -> None:
    seen = read(tmp_path, config(PORT={"Ethernet0": {"speed": speed}}))
    assert links(seen)[0][2:4] == (UNKNOWN_RATE, UNKNOWN_RATE)


def test_a_speed_may_be_a_number(tmp_path: Path) -> None:
    seen = read(tmp_path, config(PORT={"Ethernet0": {"speed": 400000}}))
    assert links(seen)[0][2] == 400 * GBIT


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"DEVICE_NEIGHBOR": {"Ethernet0": {}}}, "sonic-config-db.neighbour_name"),
        ({"DEVICE_NEIGHBOR": {"Ethernet0": "gpu001"}}, "sonic-config-db.neighbour_name"),
        ({"DEVICE_NEIGHBOR": []}, "sonic-config-db.no_neighbour"),
        ({"DEVICE_NEIGHBOR_METADATA": 7}, "sonic-config-db.neighbour_type"),
    ],
)
def test_tables_of_another_shape_are_told(
    tmp_path: Path, tables: dict[str, Any], expected: str
) -> None:
    assert expected in {f.code for f in read(tmp_path, config(**tables)).findings}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"DEVICE_NEIGHBOR": 1}', "sonic-config-db.no_tables"),
        ('{"DEVICE_NEIGHBOR": {', "sonic-config-db.json"),
        ('{"DEVICE_NEIGHBOR": {}} {}', "sonic-config-db.json"),
        ('{"DEVICE_NEIGHBOR": ' + "[" * 100_000, "sonic-config-db.json"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, text)
    finding = refused.value.findings[0]
    assert finding.code == code
    assert finding.mend


def test_a_minigraph_holds_each_pair_of_ports_once() -> None:
    seen = read_file(FIXTURES / "leaf1-minigraph.xml")
    assert seen.format == "sonic-minigraph"
    assert links(seen) == [
        ("gpu001", "leaf1", 400 * GBIT, 400 * GBIT),
        ("leaf1", "spine1", 800 * GBIT, 800 * GBIT),  # from the port's speed
        ("leaf1", "spine2", UNKNOWN_RATE, UNKNOWN_RATE),
    ]
    assert kinds(seen) == {
        "gpu001": NodeKind.MACHINE,
        "leaf1": NodeKind.SWITCH,
        "spine1": NodeKind.SWITCH,
        "spine2": NodeKind.UNKNOWN,
    }
    assert {f.code for f in seen.findings} == {
        "sonic-minigraph.link_end",
        "sonic-minigraph.no_speed",
        "sonic-minigraph.neighbour_type",
    }


def test_serial_lines_are_no_links() -> None:
    assert "console1" not in read_file(FIXTURES / "leaf1-minigraph.xml").nodes.key


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<DeviceMiniGraph></DeviceMiniGraph>", "sonic-minigraph.no_links"),
        ("<DeviceMiniGraph><PngDec>", "sonic-minigraph.xml"),
    ],
)
def test_a_broken_minigraph_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, text, "minigraph.xml")
    assert refused.value.findings[0].code == code
