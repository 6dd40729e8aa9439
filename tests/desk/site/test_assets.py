"""What browsers load is what was built, is small, and comes from nowhere else."""

import hashlib
import re
import subprocess
from pathlib import Path

import pytest
from tests.desk.servers.left_out import leave_out

from declarant.desk import site

ROOT = Path(__file__).resolve().parents[3]
DESK = Path(site.__file__).parent.parent
SHIPPED = DESK / "site" / "static" / "desk"
INSTALLED = ROOT / "build" / "assets" / "node_modules"
TEMPLATES = sorted(DESK.rglob("templates/**/*.html"))


def sums() -> dict[str, str]:
    lines = (SHIPPED / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def test_every_file_is_the_one_that_was_built() -> None:
    found = {
        path.relative_to(SHIPPED).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in SHIPPED.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert found == sums()


def test_all_of_it_is_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) < 1_500_000


def test_the_style_sheet_loads_only_what_lies_beside_it() -> None:
    css = (SHIPPED / "desk.css").read_text()
    loaded = {url.strip("\"'") for url in re.findall(r"url\(((?!data:)[^)]*)\)", css)} - {""}
    loaded = {url for url in loaded if not url.startswith(("data:", "#"))}
    assert loaded
    assert all((SHIPPED / url).is_file() for url in loaded)
    assert "@import" not in css


def test_every_work_inside_has_its_licence() -> None:
    text = (SHIPPED / "LICENSES.txt").read_text()
    for name in (
        "@uswds/uswds 3.14.0",
        "htmx.org 2.",
        "vega 6.",
        "vega-interpreter 2.",
        "d3-array",
    ):
        assert f"\n{name}" in text
    assert "SIL OPEN FONT LICENSE" in text


def test_every_class_and_every_icon_that_templates_name_exists() -> None:
    css, icons = (SHIPPED / "desk.css").read_text(), (SHIPPED / "icons.svg").read_text()
    known = set(re.findall(r"\.(desk-[\w-]+)", css))
    missing = []
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for classes in re.findall(r'class="([^"{]*)', text):
            named = {each for each in classes.split() if each.startswith("desk-")}
            missing += [f"{path.name}: class {each}" for each in named - known]
        drawn = re.findall(r'{% (?:icon|status \S+ \S+) "(\w+)" %}', text)
        missing += [f"{path.name}: icon {each}" for each in drawn if f'id="{each}"' not in icons]
    assert not missing


def test_no_template_asks_for_what_the_policy_refuses() -> None:
    wrong = []
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for name, pattern in (
            ("inline style", r"\sstyle=|<style"),
            ("inline script", r"<script(?![^>]*\bsrc=)"),
            ("inline handler", r"\son[a-z]+=|hx-on"),
            ("evaluated trigger", r'hx-trigger="[^"]*\['),
            ("other host", r'(src|srcset)="(https?:)?//'),
        ):
            if re.search(pattern, text):
                wrong.append(f"{path.relative_to(DESK)}: {name}")
    assert not wrong


@pytest.mark.slow
def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    if not INSTALLED.is_dir():
        leave_out("the packages of assets/package-lock.json: run scripts/build-assets --packages")
    built = tmp_path / "built"
    subprocess.run([ROOT / "scripts" / "build-assets", built], check=True)
    assert (built / "SHA256SUMS").read_text() == (SHIPPED / "SHA256SUMS").read_text()
