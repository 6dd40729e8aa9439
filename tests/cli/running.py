"""Running a command in this process, as a person would type it."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner, Result

from declarant.cli.app import app


def run(*words: object) -> Result:
    result = CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "100"})
    crashed = result.exception is not None and not isinstance(result.exception, SystemExit)
    assert not crashed, f"{words}: {result.exception!r}"
    return result


def run_json(*words: object, status: int = 0) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)


def refused(*words: object) -> dict[str, str]:
    """Return the first finding of a command that must refuse its input."""
    findings = run_json(*words, status=2)["findings"]
    assert all(finding["what"] and finding["mend"] for finding in findings)
    return dict(findings[0])
