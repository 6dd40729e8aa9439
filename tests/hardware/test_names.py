from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarant.hardware import device, devices, match_device
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
        ("mi300x", "slurm", "mi300x"),
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


def test_an_ambiguous_name_gives_every_device_it_may_be() -> None:
    match = match_device("h100", "slurm")
    assert {item.id for item in match.devices} == {"h100-sxm", "h100-pcie", "h100-nvl"}
    amount = match.peak(FormatClass.BITS_16)
    assert (amount.low, amount.high) == (756 * 10**12, 9894 * 10**11)
    assert device("h100") is None


def test_an_ambiguous_name_whose_devices_agree_has_one_peak() -> None:
    assert match_device("a100", "slurm").peak(FormatClass.BITS_16).is_exact


@pytest.mark.parametrize(
    ("name", "naming", "per_name"),
    [
        ("mi250x", "slurm", Fraction(1, 2)),
        ("AMD_Instinct_MI250X", "kubernetes", Fraction(1, 2)),
        ("MI250X", "", Fraction(1)),  # written by a person: the package
        ("TPU7x", "jax", Fraction(1, 2)),
        ("GB200 superchip", "", Fraction(2)),
        ("H100 NVL pair", "", Fraction(2)),
    ],
)
def test_dies_and_packages_are_told_apart(name: str, naming: str, per_name: Fraction) -> None:
    match = match_device(name, naming)
    assert match.per_name == per_name
    one = match.devices[0].peak(FormatClass.BITS_16)
    assert one is not None
    assert match.peak(FormatClass.BITS_16).low == one.low * per_name


@given(
    st.sampled_from([item.name for item in devices()]),
    st.sampled_from([" ", "-", "_", "  "]),
    st.booleans(),
)
def test_case_and_separators_do_not_matter(name: str, separator: str, upper: bool) -> None:
    changed = name.replace(" ", separator)
    changed = changed.upper() if upper else changed.lower()
    found, again = match_device(name).devices, match_device(changed).devices
    assert len(found) == 1
    assert again == found


@given(st.text(max_size=40), st.sampled_from(["", "slurm", "kubernetes", "nvidia-smi"]))
def test_any_text_is_answered(name: str, naming: str) -> None:
    match = match_device(name, naming)
    assert match.why
    assert match.peak(HIGHEST).low >= 0
