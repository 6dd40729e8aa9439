from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declarant.clusters.observation import UNKNOWN_RATE, LinkKind, Observation
from declarant.clusters.readers import read_file
from declarant.problems import BadInput

LINKS = "a,b,gbit_s,count,status\n"
MACHINES = "name,device,count,site,status,owner,date\n"


@pytest.fixture
def read(tmp_path: Path):
    def reading(content: str | bytes, name: str = "x.csv") -> Observation:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_file(file)

    return reading


def codes(found: Observation) -> dict[str, int | None]:
    assert all(finding.what and finding.mend for finding in found.findings)
    return {finding.code: finding.where.line for finding in found.findings}


def test_links(read) -> None:
    found = read(
        LINKS + "n1,leaf1,400,8,connected\nleaf1,spine1,800 Gbit/s,,\nn2,leaf1,25.78125,1,\n"
    )
    assert found.format == "csv-links"
    assert [found.nodes.key[row] for row in found.links.a] == ["n1", "leaf1", "n2"]
    assert found.links.active.tolist() == [400 * 10**9, 800 * 10**9, 25_781_250_000]
    assert found.links.count.tolist() == [8, 1, 1]
    assert codes(found) == {}


def test_machines(read) -> None:
    found = read(
        MACHINES
        + "n1,NVIDIA H100 80GB HBM3,8,Austin,in_service,,\nn2,GB200,4,,ordered,Acme,2027-04-12\n"
    )
    assert found.format == "csv-machines"
    assert found.machines.count.tolist() == [8, 4]
    assert list(found.machines.status) == ["in_service", "on_order"]
    assert list(found.machines.date) == ["", "2027-04-12"]
    assert codes(found) == {}


@pytest.mark.parametrize(
    "header",
    ["Source;Target;Speed", "from\tto\tgbps", '"a","b","rate"', "# made by hand\na,b,bandwidth"],
)
def test_other_names_and_separators_are_understood(read, header: str) -> None:
    separator = next(mark for mark in ";\t," if mark in header)
    found = read(f"{header}\nn1{separator}leaf1{separator}400\n")
    assert found.links.active.tolist() == [400 * 10**9]


def test_windows_line_ends_and_a_byte_order_mark(read) -> None:
    found = read(b"\xef\xbb\xbfa,b,gbit_s\r\nn1,leaf1,400\r\n")
    assert found.links.active.tolist() == [400 * 10**9]
    assert sorted(found.nodes.key) == ["leaf1", "n1"]


@pytest.mark.parametrize("rate", ["", "???", "unknown", "N/A"])
def test_a_rate_nobody_knows_is_unknown_and_said(read, rate: str) -> None:
    found = read(LINKS + f"n1,leaf1,400,1,\nn2,leaf1,{rate},1,\n")
    assert found.links.active.tolist() == [400 * 10**9, UNKNOWN_RATE]
    assert codes(found) == {"csv-links.rate_unknown": 3}


@pytest.mark.parametrize("rate", ["fast", "-400", "0", "50 GB/s", "nan", "1e400"])
def test_a_rate_that_is_none_is_named_with_its_line(read, rate: str) -> None:
    found = read(LINKS + f"n1,leaf1,400,1,\nn2,leaf1,{rate},1,\n")
    assert found.links.active.tolist() == [400 * 10**9, UNKNOWN_RATE]
    assert codes(found) == {"csv-links.rate": 3}


@pytest.mark.parametrize(
    ("row", "code", "links"),
    [
        ("n1,n1,400,1,", "csv-links.loop", 1),
        ("n2,,400,1,", "csv-links.end", 1),
        ("n2,leaf1,400,1,decommissioned", "csv-links.gone", 1),
        ("n2,leaf1,400,1,somehow", "csv-links.status", 2),
        ("n2,leaf1,400,many,", "csv-links.count", 2),
        ("n2,leaf1,400,0,", "csv-links.count", 2),
    ],
)
def test_links_that_are_left_out_or_doubtful(read, row: str, code: str, links: int) -> None:
    found = read(LINKS + f"n1,leaf1,400,1,\n{row}\n")
    assert codes(found) == {code: 3}
    assert len(found.links) == links


def test_scale_up_links_are_told_apart(read) -> None:
    found = read("a,b,gbit_s,kind\nn1,n2,3600,NVLink\nn1,leaf1,400,ethernet\nn2,leaf1,400,magic\n")
    assert found.links.kind.tolist() == [LinkKind.SCALE_UP, LinkKind.SCALE_OUT, LinkKind.SCALE_OUT]
    assert codes(found) == {"csv-links.kind": 4}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("n2,GB200,four,,,,", "csv-machines.count"),
        ("n2,GB200,-4,,,,", "csv-machines.count"),
        ("n2,GB200,99999999999999999999,,,,", "csv-machines.count"),
        ("n2,GB200,4,,broken,,", "csv-machines.status"),
        ("n2,GB200,4,,,,soon", "csv-machines.date"),
        ("n2,GB200,4,,,,2027-02-30", "csv-machines.date"),
        (",GB200,4,,,,", "csv-machines.no_name"),
    ],
)
def test_doubtful_machines_are_named_with_their_line(read, row: str, code: str) -> None:
    assert codes(read(MACHINES + f"n1,GB200,4,,,,\n{row}\n")) == {code: 3}


def test_a_count_left_out_is_unknown(read) -> None:
    assert read(MACHINES + "n1,GB200,,,,,\n").machines.count.tolist() == [-1]


def test_columns_that_are_not_read_are_said(read) -> None:
    found = read("a,b,gbit_s,colour\nn1,leaf1,400,red\n")
    assert codes(found) == {"csv-links.columns_ignored": 1}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("a,b,gbit_s\n", "csv-links.no_links"),
        ("a,b,gbit_s\nn1\n", "csv-links.rows"),
        ("a,b,gbit_s\nn1,leaf1,400,8\n", "csv-links.rows"),
        ("", "file.empty"),
    ],
)
def test_what_is_no_list_of_links_is_refused(read, content: str, code: str) -> None:
    with pytest.raises(BadInput) as error:
        read(content)
    assert error.value.findings[0].code == code
    assert error.value.findings[0].mend


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([LINKS, MACHINES]), st.text(max_size=80))
def test_any_rows_are_read_or_refused(tmp_path_factory, header: str, rows: str) -> None:
    file = tmp_path_factory.mktemp("csv") / "x.csv"
    file.write_bytes((header + rows).encode("utf-8", "surrogatepass"))
    with contextlib.suppress(BadInput):
        read_file(file)
