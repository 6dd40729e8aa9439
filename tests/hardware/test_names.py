import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.hardware import device, match_device
from declarant.hardware.catalogue import listed
from declarant.quantities import HIGHEST, FormatClass


@pytest.mark.parametrize(
    ("name", "naming", "expected"),
    [
        ("NVIDIA H100 80GB HBM3", "nvidia-smi", "h100-sxm"),
        ("NVIDIA H100 PCIe", "nvidia-smi", "h100-pcie"),
        ("NVIDIA H100 NVL", "nvidia-smi", "h100-nvl"),
        ("NVIDIA H200", "nvidia-smi", "h200-sxm"),
        ("NVIDIA H20", "nvidia-smi", "h20"),
        ("NVIDIA GB200", "nvidia-smi", "gb200"),
        ("NVIDIA B200", "nvidia-smi", "b200"),
        ("NVIDIA L4", "nvidia-smi", "l4"),
        ("NVIDIA L40S", "nvidia-smi", "l40s"),
        ("NVIDIA GH200 480GB", "nvidia-smi", "gh200"),
        ("Tesla V100-SXM2-32GB", "nvidia-smi", "v100-sxm2"),
        ("NVIDIA-H100-80GB-HBM3", "kubernetes", "h100-sxm"),
        ("NVIDIA-A100-SXM4-80GB-MIG-1g.10gb", "kubernetes", "a100-sxm"),
        ("NVIDIA-A100-SXM4-80GB-SHARED", "kubernetes", "a100-sxm"),
        ("nvidia_h100_80gb_hbm3", "slurm", "h100-sxm"),
        ("nvidia_h200", "slurm", "h200-sxm"),  # as AutoDetect=nvml makes it of "NVIDIA H200"
        ("tesla_v100-sxm2-32gb", "slurm", "v100-sxm2"),
        ("mi300x", "slurm", "mi300x"),
        ("nvidia-h100-80gb", "kubernetes", "h100-sxm"),
        ("nvidia-h100-80gb", "cloud", "h100-sxm"),
        ("nvidia-tesla-a100", "gke", "a100-sxm"),
        ("AMD_Instinct_MI300X_OAM", "kubernetes", "mi300x"),
        ("AMD Instinct(TM) MI325X", "rocm-smi", "mi325x"),
        ("TPU v5", "jax", "tpu-v5p"),  # JAX calls the v5e "TPU v5 lite"
        ("TPU-v5p", "mlperf", "tpu-v5p"),
        ("tpu-v6e-slice", "kubernetes", "tpu-v6e"),
        ("Tesla V100-SXM3-32GB-H", "nvidia-smi", "v100-sxm3"),
        ("nvidia-h100-mega-80gb", "kubernetes", "h100-sxm"),
        ("tpu-v5p-slice", "kubernetes", "tpu-v5p"),
        ("NVIDIA H100-SXM5-80GB", "", "h100-sxm"),
        ("H100 SXM", "", "h100-sxm"),
        ("h100-sxm", "", "h100-sxm"),
        ("GB200", "", "gb200"),
        ("Trainium2", "", "trainium2"),
    ],
)
def test_what_tools_print_is_understood(name: str, naming: str, expected: str) -> None:
    match = match_device(name, naming)
    assert [item.id for item in match.devices] == [expected]
    assert match.per_name == 1


@pytest.mark.parametrize(
    "name",
    ["P100", "G2", "NVIDIA GeForce RTX 3080", "H200X", "GB20", "H2", "L40", "B20", "XH100 SXM", ""],
)
def test_what_is_not_in_the_catalogue_is_unknown_and_never_the_nearest(name: str) -> None:
    match = match_device(name)
    assert match.devices == ()
    amount = match.peak(HIGHEST)
    assert (amount.low, amount.best, amount.high) == (0, None, None)
    assert match.why
    assert device(name) is None


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("H200", {"h20"}),
        ("GB200", {"b200", "gh200"}),
        ("L40S", {"l4"}),
        ("GB300", {"b300"}),
        ("V100S", {"v100-sxm2", "v100-sxm3", "v100-pcie"}),
        ("MI300A", {"mi300x"}),
        ("H100 NVL", {"h100-sxm", "h100-pcie", "h200-nvl"}),
    ],
)
def test_a_name_that_contains_another_is_not_it(name: str, others: set[str]) -> None:
    found = {item.id for item in match_device(name).devices}
    assert found
    assert not found & others


@pytest.mark.parametrize(
    "name", ["AMD H100", "NVIDIA MI300X", "Intel H100 SXM", "H100 SXM AMD", "NVIDIA", "nvidia-amd"]
)
def test_another_maker_s_name_is_not_overlooked(name: str) -> None:
    assert match_device(name).devices == ()


@pytest.mark.parametrize(
    "name",
    ["NVIDIA A100-SXM-64GB", "NVIDIA H100 64GB HBM2", "910B4", "GB200 NVL72", "DGX H100", "L40"],
)
def test_special_parts_and_whole_systems_are_not_taken_for_the_part(name: str) -> None:
    assert match_device(name).devices == ()


def test_near_names_are_told_and_none_is_chosen() -> None:
    match = match_device("H100 SXN")
    assert match.devices == ()
    assert "NVIDIA H100 SXM" in match.why


@pytest.mark.parametrize(
    ("name", "naming", "device_id"),
    [
        ("NVIDIA-A100-SXM4-80GB-MIG-1g.10gb", "kubernetes", "a100-sxm"),
        ("NVIDIA-A100-SXM4-40GB-MIG-1g.5gb-SHARED", "kubernetes", "a100-sxm"),
        ("NVIDIA-H100-80GB-HBM3-SHARED", "kubernetes", "h100-sxm"),
        ("nvidia_h100_80gb_hbm3_3g.40gb", "slurm", "h100-sxm"),
        ("NVIDIA-H100-80GB-HBM3-MIG-1g.10gb.me", "kubernetes", "h100-sxm"),
    ],
)
def test_a_slice_is_of_its_device_and_never_all_of_it(
    name: str, naming: str, device_id: str
) -> None:
    match = match_device(name, naming)
    assert [item.id for item in match.devices] == [device_id]
    whole = match.devices[0].peak(FormatClass.BITS_16)
    amount = match.peak(FormatClass.BITS_16)
    assert whole is not None
    assert (amount.low, amount.best, amount.high) == (0, None, whole.high)
    assert match.is_part
    assert device(name) is None


def test_an_ambiguous_name_gives_every_device_it_may_be() -> None:
    match = match_device("h100", "slurm")
    assert {item.id for item in match.devices} == {"h100-sxm", "h100-pcie", "h100-nvl"}
    amount = match.peak(FormatClass.BITS_16)
    assert (amount.low, amount.high) == (756 * 10**12, 9894 * 10**11)
    assert device("h100") is None


def test_an_ambiguous_name_whose_devices_agree_has_one_peak() -> None:
    assert match_device("a100", "slurm").peak(FormatClass.BITS_16).is_exact


@pytest.mark.parametrize(
    ("name", "naming", "ids"),
    [
        ("h200", "slurm", {"h200-sxm", "h200-nvl"}),
        ("h100_80gb", "slurm", {"h100-sxm", "h100-pcie"}),
        ("a100_80g", "slurm", {"a100-sxm", "a100-pcie"}),
        ("v100", "slurm", {"v100-sxm2", "v100-sxm3", "v100-pcie"}),
        ("NVIDIA H100", "", {"h100-sxm", "h100-pcie", "h100-nvl"}),
        ("TPU v5", "", {"tpu-v5e", "tpu-v5p"}),
        ("mi300", "slurm", {"mi300x", "mi300a"}),
        ("AMD Instinct MI250X / MI250", "rocm-smi", {"mi250x", "mi250"}),
    ],
)
def test_names_that_several_devices_share(name: str, naming: str, ids: set[str]) -> None:
    assert {item.id for item in match_device(name, naming).devices} == ids


@pytest.mark.parametrize(
    ("name", "naming", "per_name"),
    [
        ("mi250x", "slurm", Fraction(1, 2)),
        ("AMD_Instinct_MI250X", "kubernetes", Fraction(1, 2)),
        ("AMD Instinct MI250X", "rocm", Fraction(1, 2)),
        ("AMD Instinct MI250X / MI250", "rocm-smi", Fraction(1, 2)),
        ("mi250", "slurm", Fraction(1, 2)),
        ("MI250X", "", Fraction(1)),  # written by a person: the package
        ("TPU7x", "jax", Fraction(1, 2)),
        ("tpu7x", "kubernetes", Fraction(1)),  # google.com/tpu counts packages
        ("NVIDIA GB200", "nvidia-smi", Fraction(1)),
        ("GB200 superchip", "", Fraction(2)),
        ("H100 NVL pair", "", Fraction(2)),
    ],
)
def test_dies_and_packages_are_told_apart(name: str, naming: str, per_name: Fraction) -> None:
    match = match_device(name, naming)
    assert match.per_name == per_name
    peaks = [item.peak(FormatClass.BITS_16) for item in match.devices]
    least = min(peak.low for peak in peaks if peak is not None)
    assert match.peak(FormatClass.BITS_16).low == least * per_name


CATALOGUED = [
    (item.entry.id, kind, name)
    for item in listed().values()
    for kind, names in item.entry.names.items()
    for name in names
]


@pytest.mark.parametrize(("device_id", "kind", "name"), CATALOGUED)
def test_only_names_declared_ambiguous_mean_several_devices(
    device_id: str, kind: str, name: str
) -> None:
    naming = "" if kind in ("any", "ambiguous") else kind
    found = [item.id for item in match_device(name, naming).devices]
    if kind == "ambiguous":
        sharing = {owner for owner, _, other in CATALOGUED if other.lower() == name.lower()}
        assert len(found) > 1
        assert set(found) == sharing
    else:
        assert found == [device_id]


def test_devices_that_share_a_name_are_counted_alike() -> None:
    # else one Fraction per name could not say how many devices a unit is
    for _, kind, name in CATALOGUED:
        if kind == "ambiguous":
            entries = [listed()[item.id].entry for item in match_device(name).devices]
            assert len({entry.dies for entry in entries}) == 1
            assert name not in {package.name for entry in entries for package in entry.packages}


@given(st.sampled_from(CATALOGUED), st.sampled_from([" ", "-", "_", "  ", " - "]), st.booleans())
def test_case_and_separators_do_not_matter(
    catalogued: tuple[str, str, str], separator: str, upper: bool
) -> None:
    _, kind, name = catalogued
    changed = re.sub("[ _-]+", separator, name)
    changed = changed.upper() if upper else changed.lower()
    for naming in ("", kind, "slurm", "kubernetes"):
        found = match_device(name, naming)
        again = match_device(changed, naming)
        assert found.devices
        assert (again.devices, again.per_name) == (found.devices, found.per_name)


@given(st.text(max_size=40), st.sampled_from(["", "slurm", "kubernetes", "nvidia-smi"]))
def test_any_text_is_answered(name: str, naming: str) -> None:
    match = match_device(name, naming)
    assert match.why
    assert match.peak(HIGHEST).low >= 0


def test_a_name_of_any_length_is_answered() -> None:
    for name in ("x" * 1_000_000, "-1g.1gb" * 100_000, "-" * 1_000_000, "H100\x00SXM"):
        match = match_device(name, "slurm")
        assert match.devices == ()
        assert len(match.why) < 300
