import pytest

from declarant.hardware import instance_type, instance_types


@pytest.mark.parametrize(
    ("name", "device", "devices", "links", "gbit"),
    [
        ("p5.48xlarge", "h100-sxm", 8, 32, 100),
        ("p5en.48xlarge", "h200-sxm", 8, 16, 200),
        ("p6-b200.48xlarge", "b200", 8, 8, 400),
        ("trn2.48xlarge", "trainium2", 16, 16, 200),
        ("a3-megagpu-8g", "h100-sxm", 8, 8, 200),
        ("trn1.32xlarge", "trainium1", 16, 8, 100),
        ("trn1n.32xlarge", "trainium1", 16, 16, 100),
        ("p4d.24xlarge", "a100-sxm", 8, 4, 100),
        ("a3-highgpu-8g", "h100-sxm", 8, 4, 200),
        ("a4x-highgpu-4g", "gb200", 4, 4, 400),
        ("standard_nd96isr_h100_v5", "h100-sxm", 8, 8, 400),
        ("ND96isr_H200_v5", "h200-sxm", 8, 8, 400),
        ("Standard_ND128isr_NDR_GB200_v6", "gb200", 4, 4, 400),
    ],
)
def test_instance_types(name: str, device: str, devices: int, links: int, gbit: int) -> None:
    found = instance_type(name)
    assert found is not None
    assert (found.device.id, found.devices, found.links) == (device, devices, links)
    assert found.bits_per_second == gbit * 10**9


def test_unknown_types_stay_unknown_and_known_ones_are_sourced() -> None:
    for name in ("p5.4", "p5", "p5.48xlarge2", "", "standard_", "p6-b300.48xlarge"):
        assert instance_type(name) is None
    assert all(item.source.url for item in instance_types())
