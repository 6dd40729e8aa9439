"""Host lists: expanded as Slurm means them, refused before they can grow."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.clusters.readers.registry import ReadContext
from declarant.host_lists import MOST_HOSTS, HostLists
from declarant.problems import BadInput

CONTEXT = ReadContext("topology.conf", "0" * 64, "slurm-topology")


def expanded(text: str) -> tuple[str, ...]:
    return HostLists(CONTEXT).expand(text, 7)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("login1", ("login1",)),
        ("a,b,a", ("a", "b")),
        ("n[1-3]", ("n1", "n2", "n3")),
        ("n[009-011]", ("n009", "n010", "n011")),
        ("n[9-11]", ("n9", "n10", "n11")),
        ("n[1-2,7],login1", ("n1", "n2", "n7", "login1")),
        ("r[1-2]c[3-4]", ("r1c3", "r1c4", "r2c3", "r2c4")),
        ("10.0.0.1,10.0.0.2", ("10.0.0.1", "10.0.0.2")),
    ],
)
def test_it_expands(text: str, names: tuple[str, ...]) -> None:
    assert expanded(text) == names


def test_it_reads_a_range_that_outgrows_its_padding_as_slurm_does() -> None:
    assert expanded("n[08-11]") == ("n08", "n09", "n10", "n11")
    assert expanded("n[01-100]") == tuple(f"n{number:02d}" for number in range(1, 101))


@pytest.mark.parametrize(
    "text",
    ["n[1-999999999]", "n[1-2000][1-2000]", f"n[1-{MOST_HOSTS + 1}]", "n[1-999999999999999999]"],
)
def test_it_refuses_to_grow_without_bound(text: str) -> None:
    began = time.monotonic()
    with pytest.raises(BadInput) as refused:
        expanded(text)
    assert time.monotonic() - began < 0.5
    finding = refused.value.findings[0]
    assert finding.code == "slurm-topology.too_many_hosts"
    assert str(finding.where) == "topology.conf:7"
    assert finding.mend


def test_the_bound_holds_for_all_lists_of_a_file() -> None:
    lists = HostLists(CONTEXT, left=10)
    assert len(lists.expand("n[1-6]")) == 6
    with pytest.raises(BadInput, match="stands for 5 names"):
        lists.expand("m[1-5]")


@pytest.mark.parametrize(
    "text",
    ["n[1-", "n]", "n[]", "n[a-b]", "n[3-1]", "@all", "a!b", "n[1-2]&n1", "a b", "(null)", "*"],
)
def test_it_refuses_what_is_no_list(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        expanded(text)
    assert refused.value.findings[0].code == "slurm-topology.host_list"


@given(st.text(alphabet="n1290-[],.@!&^*/: \n", max_size=40))
def test_any_text_is_expanded_or_refused(text: str) -> None:
    try:
        names = HostLists(CONTEXT, left=1000).expand(text)
    except BadInput:
        return
    assert len(names) <= 1000
    assert all(name and "[" not in name and "," not in name for name in names)


@given(st.integers(0, 2000), st.integers(0, 50), st.integers(1, 5))
def test_a_range_holds_every_number_once(low: int, more: int, width: int) -> None:
    text = f"n[{low:0{width}d}-{low + more:0{width}d}]"
    assert expanded(text) == tuple(f"n{low + step:0{width}d}" for step in range(more + 1))
