"""A small regime written to a temporary folder, as somebody who adds a law would write it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from declarant.law.counting import PURPOSES

TEXT = "{en: Some words, zh-Hant: 若干文字}"
CITED = "{source: gazette, at: art. 1}"


def _files() -> dict[str, str]:
    counting = "".join(
        f"  - {{purpose: {purpose}, treatment: in, note: {TEXT}, citation: {CITED}}}\n"
        for purpose in PURPOSES
    )
    return {
        "regime.yaml": f"""\
id: xx-test
title: {TEXT}
short_title: {TEXT}
jurisdiction: {TEXT}
agency: {TEXT}
summary: {TEXT}
citation: {CITED}
zone:
  name: Asia/Taipei
  place: {{en: Taipei, zh-Hant: 臺北}}
""",
        "sources.yaml": """\
sources:
  - {id: gazette, title: The Gazette, short: Gazette 1, url: "https://example.org/gazette"}
""",
        "status.yaml": f"""\
status:
  - {{date: 2024-01-01, state: adopted, text: {TEXT}, citation: {CITED}}}
  - {{date: 2024-07-01, state: in_force, text: {TEXT}, citation: {CITED}}}
  - {{date: 2027-01-01, state: repealed, text: {TEXT}, citation: {CITED}}}
""",
        "activities.yaml": f"""\
activities:
  - id: training
    kind: training_run
    title: {TEXT}
    text: {TEXT}
    citation: {CITED}
    look_ahead_months:
      - {{from: 2024-01-01, until: 2025-12-31, value: 3}}
      - {{from: 2026-01-01, value: 6}}
    limits:
      operations:
        - {{from: 2024-01-01, until: 2025-12-31, more_than: 1e24, citation: {CITED}}}
        - {{from: 2026-01-01, more_than: 2.5e24, citation: {CITED}}}
""",
        "counting.yaml": f"""\
counting:
{counting}recomputation: {{treatment: out, note: {TEXT}, citation: {CITED}}}
stages_add_up: {{treatment: in, note: {TEXT}, citation: {CITED}}}
""",
        "clocks.yaml": f"""\
clocks:
  - id: report
    title: {TEXT}
    text: {TEXT}
    event: {TEXT}
    period:
      - {{from: 2024-01-01, until: 2025-12-31, days: 10}}
      - {{from: 2026-01-01, hours: 36}}
    citation: {CITED}
""",
    }


WriteRegime = Callable[..., Path]


@pytest.fixture
def write_regime(tmp_path: Path) -> WriteRegime:
    """Writes the regime; keyword `changes` maps a file to its new text, or to None to leave it out,
    `replaced` maps a file to (old, new)."""

    def write(
        changes: dict[str, str | None] | None = None,
        replaced: dict[str, tuple[str, str]] | None = None,
        folder: str = "xx-test",
    ) -> Path:
        files: dict[str, str | None] = {**_files(), **(changes or {})}
        for name, (old, new) in (replaced or {}).items():
            text = files[name]
            assert text is not None
            assert old in text
            files[name] = text.replace(old, new, 1)
        place = tmp_path / folder
        place.mkdir()
        for name, text in files.items():
            if text is not None:
                (place / name).write_text(text, encoding="utf-8")
        return place

    return write
