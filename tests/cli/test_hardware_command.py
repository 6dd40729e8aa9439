from __future__ import annotations

from tests.cli.running import refused, run, run_json


def test_list_gives_each_device_exactly_and_what_it_rests_on() -> None:
    page = run("hardware", "list").output
    line = next(line for line in page.splitlines() if "h100-sxm" in line)
    assert "989.4" in line
    assert "1978.9" in line
    assert "datasheet" in line
    listed = run_json("hardware", "list")["devices"]
    h100 = next(item for item in listed if item["id"] == "h100-sxm")
    assert h100["peaks"]["fp16"]["low"] == "989400000000000"


def test_show_gives_each_rate_with_its_source() -> None:
    page = run("hardware", "show", "b300").output
    assert "unknown, at most 4500" in page
    assert "12600 to 15000" in page
    assert "https://www.nvidia.com/en-us/data-center/hgx/" in page
    int8 = run_json("hardware", "show", "b300")["peaks"]["int8"]
    assert (int8["rate_is_known"], int8["low"], int8["high"]) == (False, "0", "4500000000000000")


def test_show_knows_instance_types() -> None:
    assert "32 x 100 Gbit/s" in run("hardware", "show", "p5.48xlarge").output
    held = run_json("hardware", "show", "p5.48xlarge")
    assert held["id"] == "h100-sxm"
    assert held["instance_type"]["links"] == 32
    assert held["instance_type"]["bits_per_second"] == "100000000000"


def test_show_wants_one_device() -> None:
    for name in ("h100", "P100", ""):
        assert refused("hardware", "show", name)["code"] == "hardware.unknown_device"


def test_match_says_how_a_name_is_understood() -> None:
    found = run_json("hardware", "match", "mi250x", "--naming", "slurm")
    assert (found["devices"], found["per_name"]) == (["mi250x"], "1/2")
    assert "H100 PCIe" in run("hardware", "match", "h100").output


def test_an_instance_type_is_matched_to_what_it_holds() -> None:
    found = run_json("hardware", "match", "p5.48xlarge")
    assert (found["devices"], found["per_name"]) == (["h100-sxm"], "8")
