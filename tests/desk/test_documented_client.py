"""The client of the how-to page, run as it is written, against a desk that answers."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "use-the-api.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.django_db(transaction=True)
@pytest.mark.once
def test_the_page_runs_as_it_is_written(live_server, cedar_ridge, people, worker, capsys):
    from declarant.desk.api.tokens import make_token

    scopes = ["register:read", "register:write", "ledger:write", "evidence:write"]
    _row, token = make_token(people("preparer"), name="client", scopes=scopes, days=1)
    worker()  # the assessment
    worker(periodic=True)  # the clocks that follow from it
    ledger = next((ROOT / "docs" / "how-to" / "files" / "runs").rglob("*.ledger.jsonl"))
    names = {"URL": live_server.url, "TOKEN": token, "LEDGER": str(ledger)}
    for block in BLOCKS:
        exec(block, names)
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("evidence/willow-pretraining/ledger/rank-00000.ledger.jsonl")
    assert re.match(r"\d{4}-\d\d-\d\d ", said[1])
    assert said[-1].startswith("422: ")
    assert "nowhere" in said[-1]
