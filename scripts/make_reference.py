"""Write docs/reference from the product itself: commands, the register's schema, reader formats.

Usage: python scripts/make_reference.py [FOLDER]; `make docs` does it.
"""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
from pathlib import Path

DEFAULT = Path(__file__).resolve().parents[1] / "docs" / "reference"


def main(folder: Path = DEFAULT) -> None:
    """Write every page of the reference into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "command-line.md", command_line())
    write(folder / "register.schema.json", register_schema())
    write(folder / "cluster-formats.md", cluster_formats())
    write(folder / "regimes.md", regimes())


def write(file: Path, text: str) -> None:
    """Write a page with exactly one line end at its end."""
    file.write_text(text.rstrip() + "\n", encoding="utf-8", newline="\n")


def command_line() -> str:
    """Return the help of every command, as Typer documents it."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "typer", "declarant.cli.app", "utils", "docs"),
            *("--name", "declarant", "--title", "Command line"),
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "100"},
    )
    return "\n".join(line.rstrip() for line in html.unescape(done.stdout).splitlines())


def register_schema() -> str:
    """Return the JSON Schema of `register.yaml`."""
    from declarant.register.schema import RegisterFile

    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **RegisterFile.model_json_schema(by_alias=True),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False)


def cluster_formats() -> str:
    """Return the list of formats that `declarant cluster` reads."""
    from declarant.clusters.readers.registry import readers

    rows = "\n".join(
        f"| `{reader.name}` | {reader.shows.replace('|', ' or ')} |"
        for reader in readers().values()
    )
    return (
        "# Formats of cluster evidence\n\n"
        "The format is found from the content; `--format NAME` names it.\n\n"
        f"| name | what it is |\n| --- | --- |\n{rows}"
    )


def regimes() -> str:
    """Return the regimes and the dimensions of reading of each."""
    from declarant.law import load_regime, regime_ids

    pages = ["# Regimes and readings\n\nThe first option is the cautious default."]
    for regime_id in regime_ids():
        regime = load_regime(regime_id)
        rows = "\n".join(
            f"| `{item.id}` | {item.applies_to.replace('_', ' ')} | {item.question.en} | "
            + ", ".join(f"`{option.id}`" for option in item.options)
            + " |"
            for item in regime.readings
        )
        table = "| dimension | about | question | options |\n| --- | --- | --- | --- |\n" + rows
        pages.append(
            f"## {regime_id}\n\n{regime.title.en}\n\n{regime.status[-1].text.en}\n\n{table}"
        )
    return "\n\n".join(pages)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
