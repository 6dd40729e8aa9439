"""Whatever a file holds, a reader answers with an observation or with `BadInput`, and soon."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from declarant.clusters.observation import Observation
from declarant.clusters.readers import ReadContext, readers
from declarant.problems import BadInput

FIXTURES = Path(__file__).parent / "fixtures"
FILES = {
    "slurm-tree.conf": "slurm-topology",
    "slurm-topology.yaml": "slurm-topology-yaml",
    "slurm-nodes.txt": "slurm-nodes",
    "slurm-nodes.json": "slurm-nodes-json",
    "kubernetes-nodes.json": "kubernetes-nodes",
    "kubernetes-stream.yaml": "kubernetes-nodes",
    "gpu-node-7.xml": "nvidia-smi",
    "leaf1-config_db.json": "sonic-config-db",
    "leaf1-minigraph.xml": "sonic-minigraph",
}
CONTENT = {name: (FIXTURES / name).read_bytes() for name in FILES}


def outcome(content: bytes, format: str) -> Observation | BadInput:
    """Read; check that what comes back is whole, and that a refusal tells how to mend it."""
    began = time.monotonic()
    try:
        seen = readers()[format].read(content, ReadContext("file", "0" * 64, format))
    except BadInput as refused:
        return _mendable(refused)
    finally:
        assert time.monotonic() - began < 5
    held, links = seen.machines, seen.links
    assert len(held.name) == len(held.device) == len(held.count) == len(held.status)
    assert len(held.site) == len(held.clique) == len(held.owner) == len(held.name)
    assert (held.count >= -1).all()
    assert len(seen.nodes.key) == len(set(seen.nodes.key)) == len(seen.nodes.kind)
    assert ((links.a >= 0) & (links.a < max(1, len(seen.nodes)))).all()
    assert ((links.b >= 0) & (links.b < max(1, len(seen.nodes)))).all()
    assert (links.active >= -1).all()
    return seen


def _mendable(refused: BadInput) -> BadInput:
    assert refused.findings
    assert all(finding.what and finding.mend for finding in refused.findings)
    assert {finding.where.file for finding in refused.findings} == {"file"}
    return refused


@st.composite
def damaged(draw: st.DrawFn) -> tuple[bytes, str]:
    """A small true file with some of its bytes cut out, doubled, swapped or overwritten."""
    name = draw(st.sampled_from(sorted(FILES)))
    content = CONTENT[name]
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(content)))
        end = min(len(content), begin + draw(st.sampled_from([0, 1, 2, 7, 60, 10**6])))
        put = draw(
            st.one_of(
                st.just(b""),
                st.just(content[begin:end] * 2),
                st.binary(max_size=8),
                st.sampled_from(
                    [b"null", b"-1", b"9" * 4400, b"[1-999999999]", b"{", b"[", b"<", b"\n", b"*a"]
                ),
            )
        )
        content = content[:begin] + put + content[end:]
    return content, FILES[name]


@given(damaged())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_is_read_or_refused(case: tuple[bytes, str]) -> None:
    outcome(*case)


@given(st.binary(min_size=1, max_size=300), st.sampled_from(sorted(set(FILES.values()))))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes, format: str) -> None:
    outcome(content, format)


JSON_VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    *("items", "kind", "metadata", "name", "labels", "status", "capacity"),
                    *("conditions", "type", "nvidia.com/gpu", "nvidia.com/gpu.count", "nodes"),
                    *("gres", "state", "PORT", "DEVICE_NEIGHBOR", "Ethernet0", "speed"),
                    *("DEVICE_NEIGHBOR_METADATA", "DEVICE_METADATA", "localhost", "hostname"),
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


@given(JSON_VALUE, st.sampled_from(["slurm-nodes-json", "kubernetes-nodes", "sonic-config-db"]))
@settings(max_examples=300, deadline=None)
def test_json_of_any_shape_is_read_or_refused(value: object, format: str) -> None:
    import json

    outcome(json.dumps(value).encode(), format)


@pytest.mark.parametrize("format", ["slurm-nodes-json", "kubernetes-nodes", "sonic-config-db"])
@pytest.mark.parametrize("opening", [b"[", b'{"nodes":', b'{"items":[', b'{"PORT":'])
def test_deep_json_is_refused(format: str, opening: bytes) -> None:
    assert isinstance(outcome(opening * 200_000, format), BadInput)


@pytest.mark.parametrize("format", ["kubernetes-nodes", "slurm-topology-yaml"])
@pytest.mark.parametrize("opening", [b"[", b"- ", b"? ", b"a: ["])
def test_deep_yaml_is_refused(format: str, opening: bytes) -> None:
    assert isinstance(outcome(opening * 50_000, format), BadInput)


@pytest.mark.parametrize("format", ["kubernetes-nodes", "slurm-topology-yaml"])
def test_yaml_aliases_are_refused(format: str) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{after}: &{after} [{', '.join(['*' + before] * 9)}]\n"
    refused = outcome(bomb.encode(), format)
    assert isinstance(refused, BadInput)
    assert refused.findings[0].code == f"{format}.yaml_alias"


@pytest.mark.parametrize(("format", "root"), [("nvidia-smi", "nvidia_smi_log")])
def test_deep_and_growing_xml_is_refused(format: str, root: str) -> None:
    deep = f"<{root}>" + "<gpu>" * 200_000
    assert isinstance(outcome(deep.encode(), format), BadInput)
    whole = f"<{root}>" + "<gpu>" * 100_000 + "</gpu>" * 100_000 + f"</{root}>"
    assert isinstance(outcome(whole.encode(), format), Observation)
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY a{n} "{"&a;" * 10 if n == 0 else f"&a{n - 1};" * 10}">' for n in range(10)
    )
    assert isinstance(outcome(f"{laughs}]><{root}>&a9;</{root}>".encode(), format), BadInput)


def test_every_reader_here_refuses_every_other_file() -> None:
    for name, content in CONTENT.items():
        for format in set(FILES.values()) - {FILES[name]}:
            outcome(content, format)
